"""How a command ends: exit codes, and one line on stderr for what is expected to go wrong."""

from __future__ import annotations

import errno
import os
import sys

import click

from crawler.errors import CrawlerError
from desk.errors import DeskError

REFUSED, USAGE, LATER, INTERRUPTED = 1, 2, 75, 130


def ending(command: click.Command) -> int:
    """Run the command and turn whatever it raises into an exit code."""
    try:
        command.main(standalone_mode=False)
        return 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (CrawlerError, DeskError) as error:
        return _say(str(error), LATER if error.retry else REFUSED)
    except (KeyboardInterrupt, click.Abort):
        return _say("interrupted; nothing is lost, the next run continues", INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(_disk(error), LATER)
    except Exception as error:
        words = _database(error)
        if words is None:
            raise
        return _say(words, LATER)


def _say(words: str, code: int) -> int:
    click.echo(f"glabella: {words}", err=True)
    return code


def _disk(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room, the next run continues"
    return f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")


def _database(error: Exception) -> str | None:
    """Words for a database that is locked, full or away; None for anything else, which is a fault of ours."""
    if type(error).__name__ not in ("OperationalError", "InterfaceError"):
        return None
    said = str(error).strip().splitlines()[0]
    if "locked" in said:
        return "the database is locked by another process; try again in a moment"
    if "full" in said:
        return "the disk is full; make room, the next run continues"
    return f"the database does not answer: {said}"
