"""Issue + a reader's selection -> Message: subject, HTML, text and headers for one subscriber."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from digest.bylines import with_short_authors
from digest.contrast import NIGHT, PAPER, readable
from digest.issue import IssueContent
from digest.selection import Selection
from digest.words import Words, words_of

_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_CHARSET = '<meta charset="utf-8">'
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Links:
    """Addresses in one reader's mail. `leave` can only pause or leave; a forwarded mail reveals nothing."""

    leave: str
    archive: str
    choose: str


@dataclass(frozen=True)
class Message:
    """What is sent to one reader, without addresses."""

    subject: str
    html: str
    text: str


def render(content: IssueContent, selection: Selection, links: Links) -> Message:
    """The reader's mail. Every user-given word is escaped; an undefined name is an error."""
    words = words_of(content.imprint.language)
    return render_named("digest", content.imprint.language, _context(content, selection, links, words))


def render_named(folder: str, language: str, context: Mapping[str, Any]) -> Message:
    """The three templates of a folder (subject.txt, body.html, body.txt) in a language, styles put in place."""
    environment = _environment(language)
    html = environment.get_template(f"{folder}/body.html").render(context)
    text = environment.get_template(f"{folder}/body.txt").render(context)
    subject = " ".join(environment.get_template(f"{folder}/subject.txt").render(context).split())
    return Message(subject, _inlined(html), _BLANK_LINES.sub("\n\n", text).strip() + "\n")


def _inlined(html: str) -> str:
    """Styles put in place. Those for small and dark screens come to stand at the head's beginning, where the charset belongs:
    a reader looks for it in the first 1024 bytes (HTML 4.2.5.4)."""
    return _INLINER.inline(html).replace(_CHARSET, "", 1).replace("<head>", f"<head>{_CHARSET}", 1)


def _context(content: IssueContent, selection: Selection, links: Links, words: Words) -> dict[str, Any]:
    names = {topic.key: topic.name for topic in content.topics}
    return {
        "issue": content,
        "imprint": content.imprint,
        "monthly": content.cadence == "monthly",
        "selection": with_short_authors(selection),
        "links": links,
        "names": names,
        "accent": readable(content.imprint.accent, PAPER),
        "dark_accent": readable(lighter(content.imprint.accent), NIGHT),
        "day": words.day,
        "short_day": words.short_day,
        "first_day": words.since(content.opens, content.closes),
        "last_day": words.day(content.closes),
    }


@lru_cache(maxsize=32)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("digest", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(words_of(language).translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["wrap"] = wrapped
    return environment


def wrapped(text: str, indent: str = "", first: str | None = None, width: int = 72) -> str:
    """Text in lines of at most `width` characters, the first with an indent of its own; a long address stays whole."""
    opening = indent if first is None else first
    clean = " ".join(text.split())
    return textwrap.fill(
        clean, width, initial_indent=opening, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def lighter(colour: str) -> str:
    """A publication's accent as it is readable on a dark ground: mixed half with white. `#rrggbb` in and out."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return "#e8a0b8"
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{(channel + 255) // 2:02x}" for channel in channels)
