"""What is printed: others' words reach a terminal as words, never as what it would obey. Loads no Django."""

from __future__ import annotations

import json
import re
from typing import Any

import click

# Control characters, line and paragraph separators, lone surrogates; and what turns the order of the letters behind
# it, so that a line may read as another (UAX 9; CVE-2021-42574).
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def plain(text: str, keep: str = "") -> str:
    r"""The text as a terminal only shows it: `\n`, `\x1b` and their like stand escaped, but for those to `keep`."""
    return OBEYED.sub(lambda found: found[0] if found[0] in keep else _escaped(found[0]), text)


def say(line: str, *, err: bool = False) -> None:
    """Print one line."""
    click.echo(plain(line), err=err)


def say_text(text: str) -> None:
    """Print a text of several lines."""
    click.echo(plain(text, keep="\n\t"))


def say_json(value: Any) -> None:
    """Print JSON. Its own escapes know only the controls of ASCII."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    click.echo(OBEYED.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text))


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: `1 story`, `2 stories`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()
