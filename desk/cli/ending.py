"""How a command ends: exit codes, and one line on stderr for what is expected to go wrong."""

from __future__ import annotations

import errno
import os
import sys

import click

from crawler.errors import CrawlerError
from desk import troubles
from desk.cli import INTERRUPTED
from desk.cli.printing import say
from desk.errors import DeskError

REFUSED, LATER = 1, 75
# What may be otherwise in an hour with nobody's doing: room, memory, open files, a server.
PASSING = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
)


def ending(command: click.Command) -> int:
    """Run the command and turn whatever it raises into an exit code."""
    try:
        command.main(standalone_mode=False)
        return 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _say(_usage(error), error.exit_code)
    except (CrawlerError, DeskError) as error:
        return _say(str(error), LATER if error.retry else REFUSED)
    except (KeyboardInterrupt, click.Abort):
        return _say("interrupted; nothing is lost, the next run continues", INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(troubles.disk(error), LATER if heals(error) else REFUSED)
    except Exception as error:
        words = troubles.database(error)
        if words is None:
            raise
        return _say(words, REFUSED if troubles.damaged(error) else LATER)


def heals(error: OSError) -> bool:
    """Whether the same may work later, though nobody mends anything."""
    return error.errno in PASSING or isinstance(error, TimeoutError | ConnectionError)


def _usage(error: click.ClickException) -> str:
    """What was wrong, and where the right way is told."""
    verb = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    return f"{error.format_message().rstrip('.')}; see `{verb} --help`" if verb else error.format_message()


def _say(words: str, code: int) -> int:
    say(f"glabella: {words}", err=True)
    return code
