"""A pack: the folder that holds one field's taxonomy, words, examples, gold set, background numbers and shipped model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import PackError
from classifier.fieldwords import FieldWords, load_words
from classifier.judgement import Example, Text
from classifier.taxonomy import Taxonomy, load_taxonomy

PACKS = Path(__file__).parent / "packs"
DEFAULT = PACKS / "aesthetics"
EXAMPLES = "examples"
GOLD = "gold.jsonl"
BLIND = "blind.jsonl"
BACKGROUND = "background.npz"
MODEL = "model.npz"


@dataclass(frozen=True)
class Pack:
    """One field of knowledge as plain files. Texts are read when asked for: a worker needs the taxonomy alone."""

    path: Path
    taxonomy: Taxonomy

    def examples(self) -> tuple[Example, ...]:
        """All lines of `examples/*.jsonl`, files in order of name; retired topics give way to their successors."""
        files = sorted((self.path / EXAMPLES).glob("*.jsonl"))
        return tuple(example for file in files for example in self._read(file))

    def gold(self) -> tuple[Example, ...]:
        """The lines of `gold.jsonl`: never trained on."""
        return self._set(GOLD)

    def blind(self) -> tuple[Example, ...]:
        """The lines of `blind.jsonl`: never trained on, and nothing was chosen by them."""
        return self._set(BLIND)

    def _set(self, name: str) -> tuple[Example, ...]:
        file = self.path / name
        return tuple(self._read(file)) if file.exists() else ()

    def _read(self, file: Path) -> Iterator[Example]:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                yield _example(line, f"{file.name}:{number}", self.taxonomy)


def load_pack(path: Path = DEFAULT) -> Pack:
    """The pack in a folder; raises PackError where its taxonomy cannot be read."""
    return Pack(Path(path), load_taxonomy(Path(path)))


def shipped_pack(taxonomy: str) -> Pack:
    """The pack of a taxonomy that comes with this program; raises PackError where none does."""
    return load_pack(PACKS / taxonomy)


def words_of(taxonomy: str) -> FieldWords:
    """The words of signals of a shipped pack; none for a taxonomy that is not shipped."""
    return load_words(PACKS / taxonomy)


def shipped_model_bytes(pack: Pack) -> bytes:
    """The model that the pack ships; raises PackError where there is none."""
    try:
        return (pack.path / MODEL).read_bytes()
    except OSError as error:
        raise PackError("the pack ships no model", str(pack.path / MODEL), str(error)) from error


def _example(line: str, where: str, taxonomy: Taxonomy) -> Example:
    try:
        row = json.loads(line)
        text = Text(row["id"], row["title"], row["text"])
        unknown = set(row["topics"]) - {topic.key for topic in taxonomy.topics}
        topics = taxonomy.follow(row["topics"])
    except (ValueError, KeyError, TypeError) as error:
        raise PackError("an example cannot be read", where, f"{type(error).__name__}: {error}") from error
    if unknown:
        raise PackError("an example names an unknown topic", where, ", ".join(sorted(unknown)))
    return Example(
        text,
        topics,
        row.get("group", row["id"]),
        row.get("kind", ""),
        row.get("english", ""),
        bool(row.get("near_miss")),
    )
