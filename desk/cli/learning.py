"""`train`, `models`, `promote`, `rollback`: topics that learn, behind a gate."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.gate import Verdict
from classifier.models import Model
from classifier.pack import DEFAULT, load_pack
from classifier.registry import promote, rollback
from classifier.training import train_candidate
from desk.cli.options import PACK_FOLDER
from desk.cli.printing import counted, say
from desk.cli.session import JSON, clock, me, show, step, working

PACK = click.option("--pack", type=PACK_FOLDER, default=DEFAULT, help="Another pack.")


@click.command()
@PACK
@click.option("--keep-champion", is_flag=True, help="Only fit and compare.")
@step
def train(pack: Path, keep_champion: bool) -> None:
    """Fit a candidate from the examples and the editors' corrections; it takes over only where nothing gets worse."""
    with working("fitting"):
        done = train_candidate(load_pack(pack), by=me(), now=clock(), promote_it=not keep_champion)
    say(f"model {done.model}, {counted(done.corrections, 'correction')}")
    if done.verdict is not None:
        _show_verdict(done.verdict)
    say("it labels from now on" if done.promoted else "the champion stays")


@click.command()
@JSON
@step
def models(as_json: bool) -> None:
    """All models that were fitted here."""
    rows = [
        (one.pk, one.taxonomy, one.made_at, one.champion, len(one.data)) for one in Model.objects.order_by("-made_at")
    ]
    show("Models", ("id", "taxonomy", "made", "champion", "bytes"), rows, as_json=as_json)


@click.command("promote")
@click.argument("model")
@step
def promote_verb(model: str) -> None:
    """Make a model champion; `label` then judges all stories anew, but for what editors settled."""
    row = promote(model, by=me(), now=clock())
    say(f"champion of {row.taxonomy}: {row.pk}")


@click.command("rollback")
@click.option("--taxonomy", default="aesthetics", show_default=True, help="The topics of which field.")
@step
def rollback_verb(taxonomy: str) -> None:
    """Make the champion before this one champion again."""
    row = rollback(taxonomy, by=me(), now=clock())
    say(f"champion of {row.taxonomy}: {row.pk}")


def _show_verdict(verdict: Verdict) -> None:
    say(verdict.sentence())
    for loss in verdict.losses:
        say(f"  {loss.topic}: {loss.before:.2f} -> {loss.after:.2f} over {counted(loss.cases, 'case')}")
        for example in loss.examples:
            say(f"    {example}")


COMMANDS = {"train": train, "models": models, "promote": promote_verb, "rollback": rollback_verb}
