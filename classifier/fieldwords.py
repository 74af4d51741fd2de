"""The words of a field that signals need beside the general ones: who sells there, how one books, whom studies count."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classifier.errors import PackError
from classifier.taxonomy import phrases

FILE = "signals.toml"


@dataclass(frozen=True)
class FieldWords:
    """`sellers` are words in the name of a business, `booking` ways to be asked in, `subjects` what a study counts."""

    sellers: tuple[str, ...] = ()
    booking: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


NO_WORDS = FieldWords()


@cache
def load_words(folder: Path) -> FieldWords:
    """The words of a pack; none where it brings no file of them. PackError for a file that cannot be read."""
    path = folder / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return FieldWords(*(phrases(raw.get(name, "")) for name in ("sellers", "booking", "subjects")))
    except FileNotFoundError:
        return NO_WORDS
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, AttributeError) as error:
        raise PackError("cannot read the words of signals", str(path), f"{type(error).__name__}: {error}") from error
