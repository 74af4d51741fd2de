"""The command line. Nothing is loaded here yet: whoever presses Ctrl-C while it loads gets a line too, and no traceback."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; expected errors are one line on stderr."""
    try:
        from desk.cli.ending import ending
        from desk.cli.verbs import glabella
    except KeyboardInterrupt:
        sys.stderr.write("glabella: interrupted before it began\n")
        sys.exit(INTERRUPTED)
    sys.exit(ending(glabella))
