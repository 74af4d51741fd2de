"""`extract`: the article of a file or an address; a pure stream, no Django, no rows."""

from __future__ import annotations

import dataclasses
import socket
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text as Line

from crawler.article import Article, Block, Clues, NotAnArticle
from crawler.dumps import dump_text
from crawler.errors import CrawlerError
from crawler.extract import Extractor
from crawler.extractor_model import SHIPPED
from crawler.urls import host_of
from desk.cli.ending import heals
from desk.cli.options import MODEL_FILE
from desk.cli.printing import plain, say, say_json, say_text

LARGEST = 10_000_000
SECONDS = 30
# Answers of a server that has a bad day (RFC 9110 section 15).
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class CannotRead(CrawlerError):
    """A file or an address that gives nothing to look at."""


@click.command()
@click.argument("where")
@click.option("--text", "as_text", is_flag=True, help="The input is a text-only dump, not HTML.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole Article as JSON.")
@click.option("--show-dropped", is_flag=True, help="Print kept and dropped blocks with their scores.")
@click.option("--model", type=MODEL_FILE, default=SHIPPED, help="Another model.")
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
        article = extractor.text(dump_text(content, url), url) if as_text else extractor.page(content, url, clues)
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
            with Path(where).open("rb") as file:
                return file.read(LARGEST), "", ()
        except OSError as error:
            raise CannotRead("cannot read", where, error.strerror or "", retry=heals(error)) from error
    return _fetched(where)


def _fetched(where: str) -> tuple[bytes, str, tuple[tuple[str, str], ...]]:
    if not host_of(where):
        raise CannotRead("not an address of the web", where)
    request = urllib.request.Request(where, headers={"User-Agent": "Glabella (a person's own request)"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return answer.read(LARGEST), answer.geturl(), tuple(answer.headers.items())
    except (OSError, HTTPException, ValueError) as error:
        raise CannotRead("cannot fetch", where, str(error), retry=_may_pass(error)) from error


def _may_pass(error: Exception) -> bool:
    """Whether an address that gave nothing may give something later: a busy server, a network that is away."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code in BUSY
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        return _may_pass(error.reason)
    if isinstance(error, socket.gaierror):
        return error.errno == socket.EAI_AGAIN
    return isinstance(error, IncompleteRead) or (isinstance(error, OSError) and heals(error))


def _show_blocks(extractor: Extractor, content: bytes, url: str, clues: Clues, as_text: bool) -> None:
    """Each block with its score; raises the refusal afterwards, so that its one line stands last."""
    if as_text:
        text = dump_text(content, url)
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
        line.append(plain(block.text), style="green" if block.kept else "dim red")
        if not block.kept and block.why not in ("", "score"):
            line.append(f" ({block.why})")
        console.print(line)


def _say(article: Article) -> None:
    date = f"{article.published} (from {article.published_from})" if article.published else "undated"
    say(article.title)
    say(f"{article.author or 'no author'}; {date}")
    say_text(f"\n{article.text}")


def _say_json(article: Article, refused: str = "") -> None:
    data: dict[str, Any] = dataclasses.asdict(article)
    data["evidence"]["sure"] = sorted(data["evidence"]["sure"])
    if refused:
        data["refused"] = refused
    say_json(data)


COMMANDS = {"extract": extract}
