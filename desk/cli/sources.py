"""`source`, `crawl`, `import`: what comes in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import click
from click.core import ParameterSource
from django.conf import settings
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crawler.archive import Record
from crawler.crawling import CrawlCount, crawl
from crawler.importing import import_paths
from crawler.models import Source
from crawler.reading import Outcome
from crawler.reprocessing import reprocess
from crawler.ruletext import read_rules, rules_data, written
from crawler.ruling import rules_at, set_rules, site_named, trial_of
from crawler.sources import KINDS, add_source, failed_since, pause_source, resume_source, source_address, source_named
from crawler.tending import tend_source
from crawler.try_rules import RuleTrial
from crawler.trying import Trial, try_source
from crawler.urls import host_of, is_private
from desk.cli.options import Named, Range
from desk.cli.printing import counted, plain, say, say_json, say_text
from desk.cli.session import JSON, clock, console, me, show, step, working
from desk.errors import DeskError
from desk.running import crawl_plan

KINDS_OF = click.Choice([str(kind) for kind in KINDS])
KIND = click.option("--kind", type=KINDS_OF, default="feed", show_default=True, help="What stands there.")

# More than any rules that would be taken.
LARGEST_TEXT = 1_000_000
COLUMNS = ("id", "title", "kind", "state", "last outcome", "url")


@click.group()
def source() -> None:
    """The addresses that name articles: feeds, sitemaps, listing pages."""


@source.command("add")
@click.argument("url")
@KIND
@click.option("--title", default="", help="Its name for readers; else what the feed calls itself.")
@click.option("--tag", "tags", multiple=True, help="Publications choose sources by tag; may be repeated.")
@click.option("--trust", type=Range(0, 1), default=0.5, show_default=True, help="How far you rely on it.")
@click.pass_context
@step
def source_add(context: click.Context, url: str, kind: str, title: str, tags: tuple[str, ...], trust: float) -> None:
    """Add a source. `glabella source check URL` tries one out first."""
    row, made = add_source(url, kind, by=me(), now=clock(), title=title, tags=tags, trust=trust)
    say(f"{'added' if made else 'known already'}: {row.kind} {row.url}")
    if not made:
        given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
        _say_kept(row, {"kind": kind, "title": title, "tags": sorted(set(tags)), "trust": trust}, given)
    host = host_of(row.url)
    if is_private(host) and not settings.ALLOW_PRIVATE:
        say(f"note: {host} is a private address: not asked unless GLABELLA_ALLOW_PRIVATE is 1", err=True)


def _say_kept(row: Source, asked: dict[str, object], given: set[str]) -> None:
    """A known source keeps what it has; which of the values given differ, and how to change them."""
    differ = {name: value for name, value in asked.items() if name in given and value != getattr(row, name)}
    if not differ:
        return
    kept = ", ".join(f"{name} {_said(getattr(row, name))}, not {_said(value)}" for name, value in differ.items())
    say(f"note: it keeps {kept}; `glabella source edit {row.pk}` changes that", err=True)


def _said(value: object) -> str:
    return " ".join(map(str, value)) or "none" if isinstance(value, list) else str(value) or "none"


@source.command("edit")
@click.argument("name")
@click.option("--kind", type=KINDS_OF, help="It is then asked for whole, and at once.")
@click.option("--title", help="Its name for readers.")
@click.option("--tag", "tags", multiple=True, help="In place of the tags it has; may be repeated.")
@click.option("--no-tags", is_flag=True, help="Take all tags away.")
@click.option("--every", type=click.IntRange(10, 43_200), help="Ask every so many minutes.")
@click.option("--trust", type=Range(0, 1), help="Of several copies, the one of the most trusted source leads.")
@click.option("--excerpts", type=click.Choice(Source.Excerpts.values), help="What may be shown.")
@step
def source_edit(
    name: str, kind: str | None, title: str | None, tags: tuple[str, ...], no_tags: bool, every: int | None,
    trust: float | None, excerpts: str | None,
) -> None:  # fmt: skip
    """Change what is said here of a source, and leave the rest. NAME: its id, or a part of its address or title."""
    if tags and no_tags:
        raise click.UsageError("--tag and --no-tags exclude each other")
    row = source_named(name)
    row = tend_source(
        row,
        kind=kind or "",
        title=row.title if title is None else title,
        tags=tags if tags or no_tags else row.tags,
        rhythm_minutes=every or row.rhythm_minutes,
        trust=row.trust if trust is None else trust,
        excerpts=excerpts or row.excerpts,
        by=me(),
        now=clock(),
    )
    words = f"every {row.rhythm_minutes} minutes, tags {_said(row.tags)}, trust {row.trust}, excerpts {row.excerpts}"
    say(f"{row.kind} {row.url}: {row.title or 'no title'}, {words}")


@source.command("list")
@JSON
@step
def source_list(as_json: bool) -> None:
    """All sources and how they fare. JSON says more: tags, trust, rhythm and the next visit."""
    found = list(Source.objects.exclude(kind=Source.Kind.IMPORT).order_by("pk"))
    rows = [
        (one.pk, one.title or one.site_id, one.kind, "paused" if one.paused else one.health, one.outcome, one.url)
        for one in found
    ]
    if as_json:
        say_json([dict(zip(COLUMNS, row, strict=True)) | _more(one) for row, one in zip(rows, found, strict=True)])
        return
    show("Sources", COLUMNS, rows)


@source.command("check")
@click.argument("url")
@KIND
@click.option("--links", type=click.IntRange(0), default=3, show_default=True, help="How many of its pages to fetch.")
@JSON
@step
def source_check(url: str, kind: str, links: int, as_json: bool) -> None:
    """Fetch a source and a few of its pages; nothing is kept."""
    with working("asking"):
        trial = try_source(source_address(url), kind, crawl_plan(), clock(), links)
    _show_trial(trial, as_json)
    if trial.reading.outcome is Outcome.FAILED:
        raise DeskError(
            f"not usable as a {kind}; see above" if as_json else f"not usable as a {kind}: {trial.reading.why}"
        )


@source.command("pause")
@click.argument("name")
@step
def source_pause(name: str) -> None:
    """Ask a source no more. NAME: its id, or a part of its address or title."""
    row = source_named(name)
    pause_source(row, by=me(), now=clock())
    say(f"paused: {row.url}")


@source.command("resume")
@click.argument("name")
@step
def source_resume(name: str) -> None:
    """Ask a paused source again."""
    row = source_named(name)
    resume_source(row, by=me(), now=clock())
    say(f"resumed: {row.url}")


@source.command("rules")
@click.argument("host")
@click.option(
    "--set", "file", type=click.File("r", encoding="utf-8"), help="A file of rules, one a line, or - for stdin."
)
@JSON
@step
def source_rules(host: str, file: TextIO | None, as_json: bool) -> None:
    """Show or set the rules of a site, and what they do to its newest stored page.

    \b
    One rule a line, a CSS selector after the colon:
      drop: .newsletter-box      leave this out (may be repeated)
      keep: article .text        this is the body (may be repeated)
      title: h1.headline         here stands the title; so author: and date:
    An empty file takes all rules away. `glabella reprocess --site HOST` lets new rules reach stored pages.
    """
    site = site_named(host) if file is None else set_rules(host, read_rules(_text(file)), by=me(), now=clock())
    trial = trial_of(site, settings.ARCHIVE)
    if as_json:
        say_json({"site": site.host, "rules": rules_data(rules_at(site)), "trial": asdict(trial) if trial else None})
        return
    say_text(written(rules_at(site)) or "no rules")
    if trial is None:
        say("no page of this site is kept on which they could be tried")
        return
    _show_rule_trial(trial)


@click.command()
@click.option("--source", "names", multiple=True, help="Only these (id, or part of address or title), due or not.")
@JSON
@step
def crawl_verb(names: tuple[str, ...], as_json: bool) -> None:
    """Fetch all sources that are due, and file their articles. Nobody is asked faster than their robots.txt allows.

    A source that cannot be read is a line on stderr; exit code 1 only where none could be.
    """
    rows, began = [source_named(name) for name in names] or None, clock()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.completed} answers"),
        TimeElapsedColumn(),
    )
    out = console()
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("crawling", total=None)

        def watch(record: Record, outcome: str) -> None:
            progress.update(task, advance=1, description=plain(f"{outcome}: {record.answer.asked[:70]}"))

        count = crawl(crawl_plan(), clock=clock, sources=rows, watch=watch)
    _show_count(count, as_json)
    failed = failed_since(began)
    for one in failed:
        say(f"note: {one.url}: {one.outcome}", err=True)
    if failed and len(failed) == count.sources:
        raise DeskError("no source could be read; each says why above")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=Named())
@JSON
@step
def import_verb(paths: tuple[Path, ...], as_json: bool) -> None:
    """Take in files: pages (.html), text-only dumps (.txt), archives (.warc.gz), or folders of them."""
    with working("importing"):
        done = list(import_paths(paths, by=me(), now=clock()))
    rows = [(one.story or "-", one.title, one.why or "new", one.where) for one in done]
    show("Imported", ("story", "title", "outcome", "file"), rows, as_json=as_json)
    refused = sum(bool(one.why) and one.why != "known already" for one in done)
    if refused:
        raise DeskError(f"{refused} of {len(done)} could not be taken in")


@click.command()
@click.option("--site", "host", default="", help="Only pages of this host.")
@JSON
@step
def reprocess_verb(host: str, as_json: bool) -> None:
    """Judge all archived pages again, after rules or the extractor have changed. Nothing is fetched."""
    host = site_named(host).host if host else ""
    with working("judging"):
        outcomes = reprocess(settings.ARCHIVE, now=clock(), host=host)
    show("Judged again", ("outcome", "pages"), outcomes.most_common(), as_json=as_json)


def _more(one: Source) -> dict[str, object]:
    """What a table has no room for; no next visit means that it is due at once."""
    return {"tags": one.tags, "trust": one.trust, "rhythm minutes": one.rhythm_minutes, "next visit": one.next_at}


def _show_trial(trial: Trial, as_json: bool) -> None:
    reading, columns = trial.reading, ("title", "author", "date", "words", "url")
    rows = [
        (one.article.title, one.article.author, one.article.published or "undated", one.article.word_count, one.url)
        if one.article
        else ("-", "", "", one.why, one.url)
        for one in trial.links
    ]
    if as_json:
        pages = [dict(zip(columns, row, strict=True)) for row in rows]
        say_json({"outcome": reading.outcome, "why": reading.why, "entries": len(reading.items), "pages": pages})
        return
    if reading.outcome is not Outcome.FAILED:
        say(f"{reading.outcome}: {reading.why or counted(len(reading.items), 'entry', 'entries')}")
    if rows:
        show("First pages", columns, rows)
    for feed in reading.feeds:
        say(f"the page announces a feed: {feed}")


def _text(file: TextIO) -> str:
    try:
        return file.read(LARGEST_TEXT)
    except UnicodeDecodeError as error:
        raise DeskError("the rules are no text in UTF-8") from error


def _show_rule_trial(trial: RuleTrial) -> None:
    looks = asdict(trial.without), asdict(trial.ruled)
    show(trial.url, ("", "without", "with rules"), [(name, *(look[name] for look in looks)) for name in looks[0]])
    for selector in trial.unmatched:
        say(f"matches nothing there: {selector}")


def _show_count(count: CrawlCount, as_json: bool) -> None:
    if as_json:
        said = {"sites": count.sites, "sources": count.sources, "resumed": count.resumed}
        say_json({**said, "outcomes": dict(count.outcomes.most_common())})
        return
    if not count.sites and not count.resumed:
        say("nothing is due")
        return
    if count.resumed:
        say(f"{counted(count.resumed, 'answer')} of an interrupted crawl taken in")
    rows = count.outcomes.most_common()
    show(f"Crawled {counted(count.sources, 'source')} on {counted(count.sites, 'site')}", ("outcome", "answers"), rows)


COMMANDS = {"source": source, "crawl": crawl_verb, "import": import_verb, "reprocess": reprocess_verb}
