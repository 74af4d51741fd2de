"""`extract`: the article of a file or an address; a pure stream, no Django, no rows."""

from __future__ import annotations

import dataclasses
import json
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text as Line

from crawler.article import Article, Block, Clues, NotAnArticle
from crawler.errors import CrawlerError
from crawler.extract import Extractor
from crawler.extractor_model import SHIPPED

LARGEST = 10_000_000
SECONDS = 30


class CannotRead(CrawlerError):
    """A file or an address that gives nothing to look at."""


@click.command()
@click.argument("where")
@click.option("--text", "as_text", is_flag=True, help="The input is a text-only dump, not HTML.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole Article as JSON.")
@click.option("--show-dropped", is_flag=True, help="Print kept and dropped blocks with their scores.")
@click.option(
    "--model", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=SHIPPED, help="Another model."
)
def extract(where: str, as_text: bool, as_json: bool, show_dropped: bool, model: Path) -> None:
    """Show the article of a FILE, an address, or standard input (-). Exit code 1, with the reason, where there is none."""
    content, url, headers = _read(where)
    extractor = Extractor.load(model)
    as_text = as_text or where.endswith(".txt")
    clues = Clues(fetched=datetime.now(UTC), headers=headers)
    if show_dropped:
        _show_blocks(extractor, content, url, clues, as_text)
        return
    try:
        article = (
            extractor.text(content.decode("utf-8", "replace"), url) if as_text else extractor.page(content, url, clues)
        )
    except NotAnArticle as refusal:
        if as_json and refusal.article is not None:
            _say_json(refusal.article, refusal.reason.value)
        raise
    _say_json(article) if as_json else _say(article)


def _read(where: str) -> tuple[bytes, str, tuple[tuple[str, str], ...]]:
    if where == "-":
        return sys.stdin.buffer.read(LARGEST), "", ()
    if not where.startswith(("http://", "https://")):
        try:
            return Path(where).read_bytes(), "", ()
        except OSError as error:
            raise CannotRead("cannot read", where, error.strerror or "") from error
    request = urllib.request.Request(where, headers={"User-Agent": "Glabella (a person's own request)"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return answer.read(LARGEST), answer.geturl(), tuple(answer.headers.items())
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise CannotRead("cannot fetch", where, str(error), retry=True) from error


def _show_blocks(extractor: Extractor, content: bytes, url: str, clues: Clues, as_text: bool) -> None:
    """Each block with its score; raises the refusal afterwards, so that its one line stands last."""
    if as_text:
        text = content.decode("utf-8", "replace")
        _print_blocks(extractor.lines(text))
        extractor.text(text, url)
        return
    read = extractor.read(content, url, clues)
    _print_blocks(read.body.blocks)
    read.accepted()


def _print_blocks(blocks: tuple[Block, ...]) -> None:
    console = Console(highlight=False)
    for block in blocks:
        line = Line(f"{'kept   ' if block.kept else 'dropped'} {block.score:.2f} {block.tag:8} ")
        line.append(block.text, style="green" if block.kept else "dim red")
        if not block.kept and block.why not in ("", "score"):
            line.append(f" ({block.why})")
        console.print(line)


def _say(article: Article) -> None:
    date = f"{article.published} (from {article.published_from})" if article.published else "undated"
    click.echo(f"{article.title}\n{article.author or 'no author'}; {date}\n\n{article.text}")


def _say_json(article: Article, refused: str = "") -> None:
    data: dict[str, Any] = dataclasses.asdict(article)
    data["evidence"]["sure"] = sorted(data["evidence"]["sure"])
    if refused:
        data["refused"] = refused
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


COMMANDS = {"extract": extract}
