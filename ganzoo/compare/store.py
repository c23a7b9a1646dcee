"""The folder of a comparison: its records, its samples, and who may write them."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ganzoo.errors import GanzooError
from ganzoo.records.reading import Torn, current, read, refuse_later, scan
from ganzoo.records.record import Listed, Record

__all__ = ["Store", "write_whole"]


class Store:
    """A folder ``<directory>/<name>/`` with ``plan.toml``, ``runs.json`` (the keys and names
    of the plan's runs), ``records.jsonl``, ``samples/``, ``checkpoints/`` of runs under way,
    ``logs/`` and ``report.html``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan, self.records = folder / "plan.toml", folder / "records.jsonl"
        self.runs, self.logs = folder / "runs.json", folder / "logs"
        self.samples, self.report = folder / "samples", folder / "report.html"
        self.checkpoints = folder / "checkpoints"

    def plans(self, text: str, runs: list[Listed]) -> None:
        """Keep the plan, and which runs it has; clear away what a killed worker left."""
        for left in self.samples.glob(".*.tmp"):
            left.unlink()
        write_whole(self.plan, text.encode())
        write_whole(self.runs, msgspec.json.format(msgspec.json.encode(runs)) + b"\n")

    def read(self) -> dict[str, Record]:
        """The records by key, the last one where a run was repeated; none without a file.

        Raises:
            BadData: one is of a later format: a run that it holds would be made once more.
        """
        if not self.records.exists():
            return {}
        refuse_later(self.records, scan(self.records).later)
        return {record.key: record for record in read(self.records)}

    def current(self) -> list[Record]:
        """The records of the present plan's runs; none without a file."""
        return current(self.folder) if self.records.exists() else []

    def append(self, record: Record) -> None:
        """Add one line and fsync it, on a line of its own even where the last one was torn.

        Numbers that are not finite become null.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        line = msgspec.json.encode(record) + b"\n"
        with self.records.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def repair(self) -> list[str]:
        """Move damaged lines to ``records.torn-<n>``, and say so; whole lines stay as they
        are, byte by byte, and the file is replaced in one go.

        Raises:
            BadData: a record is of a later format, which is not for this version to touch.
        """
        if not self.records.exists():
            return []
        _, torn, later = scan(self.records)
        refuse_later(self.records, later)
        if not torn:
            return []
        aside = self._free("records.torn-{}")
        write_whole(aside, b"".join(line.text + b"\n" for line in torn))
        bad = {line.line for line in torn}
        lines = enumerate(self.records.read_bytes().split(b"\n"), start=1)
        kept = [line + b"\n" for number, line in lines if line and number not in bad]
        write_whole(self.records, b"".join(kept))
        return [_moved(self.records, line, aside) for line in torn]

    def start_afresh(self) -> Path | None:
        """Put the records aside, and forget the runs under way; gives where the records are
        now, None if there were none.
        """
        shutil.rmtree(self.checkpoints, ignore_errors=True)
        if not self.records.exists():
            return None
        return self.records.rename(self._free("records.old-{}.jsonl"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The right to write here, which ends with the process at the latest.

        Raises:
            GanzooError: another process has it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a+") as file:
            if not _lock(file.fileno()):
                file.seek(0)
                raise GanzooError(
                    f"another comparison is writing {self.folder} ({file.read().strip()}); "
                    f"wait until it ends, or choose another --name"
                )
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}")
            file.flush()
            yield

    def _free(self, pattern: str) -> Path:
        number = 1
        while (path := self.folder / pattern.format(number)).exists():
            number += 1
        return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that what stands at ``path`` is whole at every moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _moved(path: Path, torn: Torn, aside: Path) -> str:
    return f"{path}, line {torn.line}: not a whole record ({torn.why}); moved to {aside.name}"


def _lock(descriptor: int) -> bool:
    """Take the lock of an open file unless it is taken; the system frees it with the file."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
