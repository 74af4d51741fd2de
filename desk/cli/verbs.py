"""The command line. `glabella` alone teaches; each verb prints the value of the step it wraps.

Verbs of two kinds: pure streams (extract, classify) load no Django; steps over rows do.
"""

from __future__ import annotations

import importlib
from typing import Any

import click

from desk.cli.examples import teach
from desk.cli.session import set_up
from desk.variables import check

# verb -> (module of this package, what it does); modules are loaded only when called, so that help and streams start fast.
VERBS = {
    "demo": ("demo", "Show the whole way on a small newsroom of its own."),
    "run": ("operating", "Do all that is due and needs no person; with --forever, go on."),
    "serve": ("operating", "Start the web pages and, beside them, run --forever."),
    "doctor": ("operating", "Say what is set up, what is not, and what to do."),
    "prune": ("operating", "Let go archived pages that are past keeping."),
    "migrate": ("operating", "Bring the tables up to date."),
    "adduser": ("operating", "Add an editor or operator."),
    "source": ("sources", "Add, list, check, pause and resume sources; rules of sites."),
    "crawl": ("sources", "Fetch what is due and file its articles."),
    "import": ("sources", "Take in pages, text dumps and WARC files."),
    "reprocess": ("sources", "Judge archived pages again."),
    "topics": ("topics", "Load and list topics."),
    "label": ("topics", "Say what each story is about."),
    "train": ("learning", "Fit a new topic model; a gate decides whether it takes over."),
    "models": ("learning", "List the models."),
    "promote": ("learning", "Make a model champion."),
    "rollback": ("learning", "Go back to the champion before."),
    "publication": ("editing", "Add and list publications."),
    "story": ("editing", "List and show stories."),
    "draft": ("editing", "Suggest a publication's next edition."),
    "pick": ("editing", "Take stories by hand."),
    "dismiss": ("editing", "Put stories aside."),
    "preview": ("editing", "Write a draft as the mail it would be."),
    "approve": ("editing", "Freeze a draft and open its ledger."),
    "skip": ("editing", "Send nothing this week, or month."),
    "send": ("sending", "Mail the editions whose time has come."),
    "subscriber": ("sending", "Add, list and explain subscribers."),
    "extract": ("extracting", "Show the article of a file or address."),
    "classify": ("classifying", "Label texts, JSON lines in and out."),
    "evaluate": ("evaluating", "Measure a topic model and write a report."),
    "train-extractor": ("training", "Fit the extractor from a folder of pages with truth."),
}
STREAMS = ("extracting", "classifying", "evaluating", "training")


class LazyGroup(click.Group):
    """Knows its verbs by name and imports the module of the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        check()
        module = VERBS[name][0]
        if module not in STREAMS:
            set_up()
        command: click.Command = importlib.import_module(f"desk.cli.{module}").COMMANDS[name]
        teach(command, name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            # Click would print an empty line for it, before our own.
            raise click.Abort from stop

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, words) for verb, (_, words) in VERBS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="glabella")
def glabella() -> None:
    """Collect plastic-surgery and Botox news, and mail a weekly digest of it.

    \b
    The way of the data, a verb each:
      source add   name a feed, a sitemap or a listing page
      crawl        fetch what is due, extract the articles, file copies together
      label        say what each story is about
      draft        suggest this week's edition; pick and dismiss change it
      approve      freeze it
      send         mail it
    `run` does all that needs no person; `demo` shows the whole way on a small newsroom.

    Exit codes: 0 done, 1 refused (one line on stderr says why), 2 wrong usage, 75 try again later, 130 interrupted.
    """
