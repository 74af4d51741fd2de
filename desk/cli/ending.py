"""How a command ends: exit codes, and one line on stderr for what is expected to go wrong."""

from __future__ import annotations

import os
import sys

import click

from crawler.errors import CrawlerError
from desk import troubles
from desk.cli import INTERRUPTED
from desk.errors import DeskError

REFUSED, LATER = 1, 75


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
        return _say(troubles.disk(error), LATER)
    except Exception as error:
        words = troubles.database(error)
        if words is None:
            raise
        return _say(words, REFUSED if troubles.damaged(error) else LATER)


def _say(words: str, code: int) -> int:
    click.echo(f"glabella: {words}", err=True)
    return code
