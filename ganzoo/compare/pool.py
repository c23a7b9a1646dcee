"""The workers of a comparison: processes that are watched, fed and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue

import msgspec

from ganzoo.compare.messages import Died, Job, Message, Ready

__all__ = ["Events", "Pool"]

Events = SimpleQueue[tuple[int, Message]]
"""What the workers say, each with the number of its worker; a signal handler may put to it."""

_PATIENCE = 5.0


class Pool:
    """Up to ``count`` workers, numbered from 0, each started when it first gets a job.

    Everything they say comes out of ``events``, their death as well. What they print goes
    to ``logs/worker-<number>.log``.
    """

    command = (sys.executable, "-m", "ganzoo.compare.worker")
    """What starts a worker."""

    def __init__(self, count: int, logs: Path) -> None:
        self.count, self.logs = count, logs
        self.events: Events = SimpleQueue()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    @classmethod
    @contextmanager
    def of(cls, count: int, logs: Path) -> Iterator[Pool]:
        """A pool whose workers have ended when the context has."""
        logs.mkdir(parents=True, exist_ok=True)
        for old in logs.glob("worker-*.log"):
            old.unlink()
        pool = cls(count, logs)
        try:
            yield pool
        finally:
            pool.end()

    def give(self, number: int, job: Job) -> None:
        """Let a worker run a job; one that is not there is started."""
        if number not in self._processes:
            self._processes[number] = self._start(number)
        channel = self._processes[number].stdin
        assert channel is not None
        # A worker that is just dying says so through its events.
        with suppress(BrokenPipeError):
            channel.write(msgspec.json.encode(job) + b"\n")
            channel.flush()

    def bury(self, number: int) -> None:
        """Forget a worker that has died: its next job starts another."""
        del self._processes[number]

    def end(self) -> None:
        """End all workers, whatever they do; when this returns they are gone."""
        processes, self._processes = self._processes, {}
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        # One thread each, set before torch is loaded: the workers share the cores.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        with self._log(number).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
            )
        watch = threading.Thread(target=self._watch, args=(number, process), daemon=True)
        watch.start()
        return process

    def _watch(self, number: int, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        decoder, heard = msgspec.json.Decoder(Message), False
        for line in process.stdout:
            # The last line of a killed worker may be half of one.
            with suppress(msgspec.DecodeError):
                message = decoder.decode(line)
                heard = heard or isinstance(message, Ready)
                self.events.put((number, message))
        code = process.wait()
        self.events.put((number, Died(self._reason(number, code), started=heard)))

    def _reason(self, number: int, code: int) -> str:
        if code < 0:
            with suppress(ValueError):
                name = signal.Signals(-code).name
                hint = " (out of memory?)" if name == "SIGKILL" else ""
                return f"the worker was ended by {name}{hint}"
        lines = self._log(number).read_text("utf-8", "replace").splitlines()
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"the worker ended with exit code {code}" + (f": {last}" if last else "")

    def _log(self, number: int) -> Path:
        return self.logs / f"worker-{number}.log"
