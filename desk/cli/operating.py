"""`run`, `serve`, `doctor`, `prune`, `migrate`, `adduser`: keeping it going."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
from django.conf import settings
from django.core.management import call_command

from crawler.pruning import prune as prune_archive
from crawler.stopping import stopping
from desk.accounts import add_user
from desk.cli.options import PORT
from desk.cli.printing import counted, say, say_json
from desk.cli.session import JSON, clock, me, show, step, working
from desk.doctor import examine
from desk.errors import DeskError, NotAllDone
from desk.ready import fill
from desk.running import RunCount, beside_others, run_forever, run_once
from desk.serving import serve_until_stopped


@click.command()
@click.option("--forever", is_flag=True, help="Go on, round after round, until stopped.")
@step
def run(forever: bool) -> None:
    """Crawl, label, draft and send what is due. A second `run` beside the first shares the work.

    SIGTERM ends it after the mail or story at hand, with exit code 0; a second one at once.
    """
    with beside_others() as another, stopping() as stop:
        if another:
            say("another run is at work on this home; the two share what is due", err=True)
        if forever:
            run_forever(clock, _tell, stop)
        else:
            count = run_once(clock, stop)
            _tell(count)
        if stop():
            say("stopped, as was asked; the next run continues", err=True)
    if not forever and not stop() and count.left_undone():
        raise NotAllDone(f"not all could be done, see above ({count.left_undone()} of the steps)")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, help="The port to listen on.")
@click.option("--web-only", is_flag=True, help="Leave the work to workers elsewhere.")
@step
def serve(host: str, port: int, web_only: bool) -> None:
    """The web pages and, as a child, `run --forever`."""
    code = serve_until_stopped(host, port, work=not web_only)
    if code:
        raise DeskError(f"a child of serve ended with exit code {code}")


@click.command()
@JSON
def doctor(as_json: bool) -> None:
    """Say what is set up, what is not, and what to do about it. Exit code 1 where something must be mended."""
    findings = examine(clock())
    show("Doctor", ("what", "state", "said"), [(one.what, one.state, one.said) for one in findings], as_json=as_json)
    if any(one.state == "bad" for one in findings):
        raise DeskError("something must be mended; see above")


@click.command()
@click.option("--days", type=click.IntRange(1), help="Keep pages so long; else GLABELLA_ARCHIVE_DAYS.")
@JSON
@step
def prune(days: int | None, as_json: bool) -> None:
    """Let go the archived pages that are past keeping. `run` does it once a day by itself.

    Articles stay; only the pages they were read from go, and with them what needs them: judging again, and
    "what was dropped" at the desk.
    """
    with stopping() as stop, working("pruning"):
        count = prune_archive(settings.ARCHIVE, days or settings.ARCHIVE_DAYS, by=me(), now=clock(), stop=stop)
    if count.busy:
        raise NotAllDone("another prune is at work on this archive")
    if as_json:
        say_json({name: value for name, value in asdict(count).items() if name != "busy"})
        return
    say(
        f"{counted(count.files, 'file')} deleted, {count.thinned} thinned out, {count.freed / 1e6:.1f} MB freed; "
        f"{counted(count.links, 'page')} no longer kept"
    )


@click.command()
def migrate() -> None:
    """Bring the tables of the database up to date, and fill in topics and a first model."""
    call_command("migrate", verbosity=1)
    fill(clock())


@click.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice(["editor", "operator"]), default="editor", show_default=True, help="What they may do."
)
@click.option("--password", help="Asked for where it is not given. Other users of the machine may see it here.")
@click.option("--password-stdin", "piped", is_flag=True, help="Read it from the first line of standard input.")
@step
def adduser(name: str, role: str, password: str | None, piped: bool) -> None:
    """Add somebody who may work at the desk. NAME: what they sign in with."""
    add_user(name, _password(password, piped), role, by=me(), now=clock())
    say(f"added: {name}, {role}")


def _password(given: str | None, piped: bool) -> str:
    """As it was given, piped, or asked for. UsageError where nobody can be asked."""
    if given is not None and piped:
        raise click.UsageError("--password and --password-stdin are two ways to say one thing")
    if given is not None:
        return given
    if piped:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask for a password at; pipe it in and add --password-stdin")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _tell(count: RunCount) -> None:
    outcomes = ", ".join(f"{number} {word}" for word, number in sorted(count.crawl.outcomes.items())) or "nothing due"
    states = ", ".join(f"{number} {state}" for state, number in sorted(count.sent.states.items())) or "nothing due"
    say(
        f"{clock():%H:%M:%S} crawl: {outcomes}; labelled: {count.labelled}; drafted: {len(count.drafted)}; mail: {states}"
    )
    if count.judged_again:
        say(f"{counted(count.judged_again, 'stored page')} judged again")
    if count.pruned.links:
        say(f"{counted(count.pruned.links, 'page')} past the time in the archive and no longer kept")
    for note in [*count.unread, *count.sent.notes, *count.troubles]:
        say(f"note: {note}", err=True)


COMMANDS = {"run": run, "serve": serve, "doctor": doctor, "prune": prune, "migrate": migrate, "adduser": adduser}
