"""`publication`, `story`, `draft`, `pick`, `dismiss`, `preview`, `approve`, `skip`: the editor's work without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from classifier.models import Labelling
from crawler.models import Story
from crawler.stories import living
from desk.cli.options import Named, Words, made
from desk.cli.printing import counted, say, say_json, say_text
from desk.cli.session import JSON, clock, me, show, step
from desk.errors import DeskError
from desk.previewing import preview_of
from digest import approving
from digest.candidates import topics_of
from digest.composing import add_story
from digest.drafting import current_draft, dismiss, draft, pick, publication_of
from digest.errors import DigestError
from digest.models import Cadence, Edition, Publication
from digest.publishing import add_publication
from digest.subscribing import check_topics

SLUG = click.argument("publication", required=False)
CADENCE = click.option(
    "--cadence", type=click.Choice(Cadence.values), default=str(Cadence.WEEKLY), show_default=True, help="Which rhythm."
)

# What a field of the row is called on the command line.
OPTION_OF = {
    "slug": "SLUG", "name": "--name", "from_address": "--from", "postal_address": "--postal", "tagline": "--tagline",
    "timezone": "--timezone", "language": "--language", "from_name": "--name",
}  # fmt: skip


@click.group()
def publication() -> None:
    """The newsletters of this installation."""


@publication.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="What readers call it.")
@click.option("--from", "from_address", required=True, help="The address it is sent from.")
@click.option("--postal", required=True, help="The postal address that every mail must show.")
@click.option("--tagline", default="", help="A line under its name.")
@click.option("--source-tag", "source_tags", multiple=True, help="Read only sources with this tag. May be repeated.")
@click.option("--timezone", default="Europe/London", show_default=True, help="By whose clock it goes out.")
@click.option("--language", default="en", show_default=True, help="Of its mails and pages.")
@step
def publication_add(
    slug: str, name: str, from_address: str, postal: str, tagline: str, source_tags: tuple[str, ...],
    timezone: str, language: str,
) -> None:  # fmt: skip
    """Add a newsletter. SLUG: its short name, which stands in its addresses."""
    try:
        row = add_publication(
            slug, name, from_address, postal, by=me(), now=clock(), tagline=tagline, source_tags=source_tags,
            timezone=timezone, language=language,
        )  # fmt: skip
    except DigestError as error:
        raise DigestError(error.what, OPTION_OF.get(error.which, error.which), error.why) from error
    say(f"added: {row.name} ({row.slug})")


@publication.command("list")
@JSON
@step
def publication_list(as_json: bool) -> None:
    """All newsletters."""
    rows = [
        (one.slug, one.name, one.from_address, ", ".join(one.source_tags) or "all") for one in Publication.objects.all()
    ]
    show("Publications", ("slug", "name", "from", "source tags"), rows, as_json=as_json)


@click.group()
def story() -> None:
    """The lines of the editor's queue."""


@story.command("list")
@click.option("--all", "everything", is_flag=True, help="Off-topic ones too.")
@click.option("--search", type=Words(), default="", help="Words in title or text.")
@JSON
@step
def story_list(everything: bool, search: str, as_json: bool) -> None:
    """Stories, newest first."""
    rows = Story.objects.filter(merged_into=None, lead__isnull=False).select_related("lead").order_by("-dated")
    if search:
        rows = rows.filter(Q(lead__title__icontains=search) | Q(lead__text__icontains=search))
    if not everything:
        rows = rows.filter(labellings__on_topic__gte=0.5)
    found = list(rows.distinct()[:200])
    labels = {one.story_id: one for one in Labelling.objects.filter(story__in=found)}
    topics = topics_of([one.pk for one in found], "aesthetics")
    cells = [
        (
            one.key,
            "undated" if one.undated else one.dated.date(),
            one.lead.title if one.lead else "",
            ", ".join(topics.get(one.pk, ())),
            f"{labels[one.pk].on_topic:.2f}" if one.pk in labels else "",
        )
        for one in found
    ]
    show("Stories", ("key", "date", "title", "topics", "on topic"), cells, as_json=as_json)


@story.command("show")
@click.argument("key")
@JSON
@step
def story_show(key: str, as_json: bool) -> None:
    """The lead's text, with where each fact was found."""
    row = living(key)
    if row.lead is None:
        raise DeskError(f"story {key} has no article")
    lead = row.lead
    if as_json:
        fields = (
            "title",
            "author",
            "published_day",
            "published_from",
            "language",
            "url",
            "text_from",
            "evidence",
            "text",
        )
        say_json({"key": row.key, **{name: getattr(lead, name) for name in fields}})
        return
    date = f"{lead.published_day} (from {lead.published_from})" if lead.published_day else "undated"
    say(lead.title)
    say(f"{lead.author or 'no author'}; {date}")
    say(lead.url)
    say_text(f"\n{lead.text}")


@click.command()
@SLUG
@CADENCE
@JSON
@step
def draft_verb(publication: str | None, cadence: str, as_json: bool) -> None:
    """Make or renew the draft of the next edition. What editors placed stays; the rest is suggested again.

    PUBLICATION may be left out where there is one.

    A weekly's comes from the queue, a monthly's from what its weeklies printed.
    """
    edition = draft(_publication(publication), by=me(), now=clock(), cadence=cadence)
    _show_edition(edition, as_json)


@click.command()
@click.argument("keys", nargs=-1, required=True)
@click.option("--publication", "slug", help="Which newsletter; may be left out where there is one.")
@CADENCE
@step
def pick_verb(keys: tuple[str, ...], slug: str | None, cadence: str) -> None:
    """Take stories into the next edition by hand, undated ones too. For a monthly its draft has to be there."""
    for one in _picked(keys, _publication(slug), cadence):
        say(f"picked: {one}")


@click.command()
@click.argument("keys", nargs=-1, required=True)
@click.option("--publication", "slug", help="Which newsletter; may be left out where there is one.")
@step
def dismiss_verb(keys: tuple[str, ...], slug: str | None) -> None:
    """Put stories aside for one publication."""
    for one in dismiss(keys, _publication(slug), by=me(), now=clock()):
        say(f"dismissed: {one}")


@click.command()
@SLUG
@click.option("--to", "folder", type=Named(), help="Folder for the two files; default: the home's preview.")
@click.option("--topic", "topics", multiple=True, help="As a reader of these topics.")
@CADENCE
@step
def preview(publication: str | None, folder: Path | None, topics: tuple[str, ...], cadence: str) -> None:
    """Write the draft as a reader would get it: HTML and text.

    PUBLICATION may be left out where there is one.
    """
    edition = _draft(_publication(publication), cadence)
    check_topics(edition.publication, topics)
    message = preview_of(edition, topics)
    folder = made(folder or settings.HOME / "preview")
    rhythm = "" if cadence == Cadence.WEEKLY else f"{cadence}-"
    name = f"{edition.publication.slug}-{rhythm}{edition.number}"
    (folder / f"{name}.html").write_text(message.html)
    (folder / f"{name}.txt").write_text(message.text)
    for line in (message.subject, folder / f"{name}.html", folder / f"{name}.txt"):
        say(str(line))


@click.command()
@SLUG
@click.option("--now", "at_once", is_flag=True, help="Send at once instead of at the publication's hour.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d %H:%M"]), help="Send at this time of the publication's zone.")
@CADENCE
@step
def approve(publication: str | None, at_once: bool, at: datetime | None, cadence: str) -> None:
    """Freeze the draft and write its ledger. After this only `send` touches it.

    PUBLICATION may be left out where there is one.
    """
    edition = _draft(_publication(publication), cadence)
    zone = ZoneInfo(edition.publication.timezone)
    send_at = clock() if at_once else (at.replace(tzinfo=zone) if at else None)
    issue = approving.approve(edition, by=me(), now=clock(), send_at=send_at)
    count = edition.deliveries.count()
    items = len(issue.content["items"])
    when = edition.send_at.astimezone(zone)
    say(
        f"approved: {edition}, {counted(items, 'item')} for {counted(count, 'reader')}, sent from {when:%A %d %B %Y %H:%M %Z}"
    )


@click.command()
@SLUG
@CADENCE
@step
def skip(publication: str | None, cadence: str) -> None:
    """Send nothing this week, or this month; the stories stay for the next edition.

    PUBLICATION may be left out where there is one.
    """
    edition = _draft(_publication(publication), cadence)
    approving.skip(edition, by=me(), now=clock())
    say(f"skipped: {edition}")


def _publication(slug: str | None) -> Publication:
    if slug:
        return publication_of(slug)
    rows = list(Publication.objects.order_by("slug")[:2])
    if not rows:
        raise DeskError("there is no publication yet; add one with `glabella publication add`")
    if len(rows) > 1:
        raise DeskError("there are several publications; name one")
    return rows[0]


def _draft(publication: Publication, cadence: str) -> Edition:
    edition = current_draft(publication, cadence)
    if edition is None:
        how = f"glabella draft {publication.slug}" + ("" if cadence == Cadence.WEEKLY else f" --cadence {cadence}")
        raise DeskError(f"{publication.name} has no draft; make one with `{how}`")
    return edition


def _picked(keys: Sequence[str], publication: Publication, cadence: str) -> Sequence[object]:
    if cadence == Cadence.WEEKLY:
        return pick(keys, publication, by=me(), now=clock())
    edition = _draft(publication, cadence)
    with transaction.atomic():
        return [add_story(edition, key, by=me(), now=clock()).story for key in keys]


def _show_edition(edition: Edition, as_json: bool) -> None:
    rows = [
        (number, place.story.key if place.story else "", "lead" if place.lead else "",
         str(place.story) if place.story else place.headline, place.why)
        for number, place in enumerate(edition.placements.select_related("story__lead"), 1)
    ]  # fmt: skip
    show(str(edition), ("place", "story", "mark", "title", "why"), rows, as_json=as_json)


COMMANDS = {
    "publication": publication,
    "story": story,
    "draft": draft_verb,
    "pick": pick_verb,
    "dismiss": dismiss_verb,
    "preview": preview,
    "approve": approve,
    "skip": skip,
}
