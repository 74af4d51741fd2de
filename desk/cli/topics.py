"""`topics` and `label`: what stories are about."""

from __future__ import annotations

from pathlib import Path

import click
from django.db.models import Count

from classifier.labelling import label_due
from classifier.models import Topic
from classifier.pack import DEFAULT, load_pack
from classifier.registry import install_shipped
from classifier.topics import load_topics, rename, retire
from desk.cli.options import PACK_FOLDER
from desk.cli.printing import counted, say, say_json
from desk.cli.session import JSON, clock, me, show, step, working

TAXONOMY = click.option("--taxonomy", default="aesthetics", show_default=True, help="The topics of which field.")


@click.group()
def topics() -> None:
    """The topics that readers choose from."""


@topics.command("load")
@click.argument("pack", type=PACK_FOLDER, default=DEFAULT, required=False)
@step
def topics_load(pack: Path) -> None:
    """Upsert the topics of a PACK folder by key, and say what differs."""
    loaded = load_pack(pack)
    found = load_topics(loaded.taxonomy, by=me(), now=clock())
    install_shipped(loaded, by=me(), now=clock())
    show("Differences", ("topic", "what"), [(one.key, one.what) for one in found])


@topics.command("list")
@JSON
@step
def topics_list(as_json: bool) -> None:
    """All topics, with how many stories carry each."""
    rows = Topic.objects.annotate(stories=Count("tags")).order_by("taxonomy", "position")
    columns = ("key", "facet", "name", "stories", "retired")
    show("Topics", columns, [(t.key, t.facet, t.name, t.stories, t.retired_at) for t in rows], as_json=as_json)


@topics.command("rename")
@click.argument("key")
@click.argument("name")
@TAXONOMY
@step
def topics_rename(key: str, name: str, taxonomy: str) -> None:
    """Give a topic another NAME for readers; the KEY stays."""
    rename(key, name, taxonomy, by=me(), now=clock())
    say(f"{key} is called {name}")


@topics.command("retire")
@click.argument("key")
@click.argument("successors", nargs=-1, required=True)
@TAXONOMY
@step
def topics_retire(key: str, successors: tuple[str, ...], taxonomy: str) -> None:
    """Retire a topic for one SUCCESSOR (a merge) or several (a split). Stories, corrections and gold follow."""
    retire(key, successors, taxonomy, by=me(), now=clock())
    say(f"{key} gives way to {', '.join(successors)}")


@click.command()
@TAXONOMY
@JSON
@step
def label(taxonomy: str, as_json: bool) -> None:
    """Label the stories that have no labels yet, or whose text or model has changed."""
    with working("labelling"):
        done = label_due(taxonomy, now=clock())
    say_json({"labelled": done}) if as_json else say(f"{counted(done, 'story', 'stories')} labelled")


COMMANDS = {"topics": topics, "label": label}
