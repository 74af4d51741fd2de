"""The one place where the child writes: a record to the archive, then a line on stdout that says where it lies.

What the child asks its parent is a line on stdout too.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from crawler.archive import ArchiveWriter, Failure
from crawler.page import Page

# The exit code of a child that cannot write its archive: fetching on would ask the sites for nothing.
UNWRITABLE = 3


class Recorder:
    """Writes each answer once, in the order of arrival."""

    def __init__(self, path: Path, out: TextIO) -> None:
        self._archive = ArchiveWriter(path)
        self._out = out

    def page(self, page: Page, whom: str) -> None:
        self._announce(lambda: self._archive.page(page, whom))

    def failure(self, failure: Failure, whom: str) -> None:
        self._announce(lambda: self._archive.failure(failure, whom))

    def say(self, line: str) -> None:
        """A line to the parent."""
        try:
            self._out.write(line + "\n")
            self._out.flush()
        except BrokenPipeError:
            # The parent is gone. What is archived is safe; fetching more for nobody would only cost the sites.
            os._exit(1)

    def close(self) -> None:
        self._archive.close()

    def _announce(self, append: Callable[[], tuple[int, int]]) -> None:
        try:
            offset, end = append()
        except OSError as error:
            print(f"the archive cannot be written: {error.strerror}", file=sys.stderr, flush=True)
            os._exit(UNWRITABLE)
        self.say(json.dumps({"offset": offset, "end": end}))
