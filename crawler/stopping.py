"""A wish that the work should end: a flag that it looks at between two records, two stories, two mails, two steps.

    with stopping() as stop:
        while not stop():
            ...

Whoever is given no wish works on (`never`): Celery ends its workers by itself, after the task at hand.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Stop = Callable[[], bool]
# A parent asks by this one: it may come beside a supervisor's SIGTERM to the whole group, of which a second would kill.
ASK = signal.SIGUSR1
LOOK_SECONDS = 0.3


class Flag:
    """Whether an end was asked for."""

    def __init__(self) -> None:
        self.up = False

    def __call__(self) -> bool:
        return self.up

    def raised(self, number: int, frame: FrameType | None) -> None:
        """The signals' handler. A second SIGTERM has its common meaning again: the end, at once."""
        self.up = True
        if number == signal.SIGTERM:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def never() -> bool:
    return False


@contextmanager
def stopping() -> Iterator[Stop]:
    """While the block runs, SIGTERM only raises the flag. For the main thread."""
    flag = Flag()
    before = {number: signal.signal(number, flag.raised) for number in (signal.SIGTERM, ASK)}
    try:
        yield flag
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def pause(seconds: float, stop: Stop) -> None:
    """Sleep, but not longer than until the flag is up: Python resumes a sleep that a signal has broken (PEP 475)."""
    end = time.monotonic() + seconds
    while not stop() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, LOOK_SECONDS))
