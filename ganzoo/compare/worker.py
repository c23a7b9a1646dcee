"""A worker: takes cells as lines of JSON on stdin, answers with lines of JSON on stdout.

Run as ``python -m ganzoo.compare.worker``. It imports torch once and serves many cells. The
two channels are its own: what a plugin prints goes to stderr, and what it reads is empty.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

__all__ = ["main"]


def main() -> None:
    """Serve until the parent closes stdin."""
    jobs, answers = _channels()
    # Ctrl-C in a terminal reaches the workers too; ending them is the parent's to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    waiting: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, waiting), daemon=True).start()
    # Imported late, so that whatever they print is already kept off the channel.
    import msgspec
    import torch

    from ganzoo.compare.messages import Apart, Done, Job, Message, Progress, Ready, Said
    from ganzoo.compare.running import run_cell
    from ganzoo.compare.together import run_together
    from ganzoo.compare.underway import Trail

    torch.set_num_threads(1)
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Job).decode

    def answer(message: Message) -> None:
        answers.write(encode(message) + b"\n")
        answers.flush()

    answer(Ready())
    while True:
        job = decode(waiting.get())
        trail = Trail(job.cells, Path(job.checkpoints), lambda text: answer(Said(text)))
        if len(job.cells) == 1:
            record = run_cell(
                job.cells[0],
                Path(job.samples),
                lambda step, steps, meters: answer(Progress(step, steps, meters)),
                trail,
            )
            answer(Done(record))
            continue
        reason = run_together(
            job.cells,
            Path(job.samples),
            lambda place, step, steps, meters: answer(Progress(step, steps, meters, place)),
            lambda place, record: answer(Done(record, place)),
            trail,
            forced=job.forced,
        )
        if reason:
            answer(Apart(reason))


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Stdin and stdout under numbers of their own; nothing and stderr take their places."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return jobs, answers


def _listen(jobs: BinaryIO, waiting: SimpleQueue[bytes]) -> None:
    for line in jobs:
        waiting.put(line)
    # The parent has closed the channel, or is gone: nobody waits for a result any more.
    os._exit(0)


if __name__ == "__main__":
    main()
