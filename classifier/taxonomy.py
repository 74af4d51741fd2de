"""What the topics are: facets, topics, their cue words, and what became of retired ones."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from classifier.errors import PackError

FILE = "taxonomy.toml"


@dataclass(frozen=True)
class Facet:
    """A way of looking at a story; topics of one facet are alternatives, of two facets conditions.

    `name` and `names` are the heading over its topics: for people, as in Topic, so they are not compared.
    """

    key: str
    name: str = field(compare=False)
    definition: str = ""
    of_the_field: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Topic:
    """One topic. `cues`, `hints` and brand names are phrases as a person writes them (see taxonomy.toml).

    `brands` are (brand, generic name). A topic with `successors` is retired: one successor is a merge, several a split.
    `names` are the name in other languages, by the language's code. They are for people: no model knows or compares them.
    """

    key: str
    facet: str
    name: str
    definition: str = ""
    cues: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    brands: tuple[tuple[str, str], ...] = ()
    mesh: tuple[str, ...] = ()
    needs: str = ""
    successors: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Lexicon:
    """Words with one meaning that are no topic."""

    key: str
    cues: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """Everything that a pack says about its field."""

    key: str
    name: str
    language: str
    common_words: frozenset[str]
    field: tuple[str, ...]
    acts: tuple[str, ...]
    lexicons: tuple[Lexicon, ...]
    facets: tuple[Facet, ...]
    topics: tuple[Topic, ...]

    @property
    def current(self) -> tuple[Topic, ...]:
        """The topics that may be given: all but the retired."""
        return tuple(topic for topic in self.topics if not topic.successors)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the current topics, in the pack's order."""
        return tuple(topic.key for topic in self.current)

    def facet(self, key: str) -> Facet:
        """The facet of a key that a topic names."""
        return next(facet for facet in self.facets if facet.key == key)

    @property
    def telling(self) -> Facet:
        """The facet whose topics say that a story is of the field at all."""
        return next((facet for facet in self.facets if facet.of_the_field), self.facets[0])

    @property
    def digest(self) -> str:
        """Twelve hex digits that change with anything said here but names in other languages."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()[:12]

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings, for a model's snapshot: all but the names in other languages."""
        said = asdict(self) | {"common_words": sorted(self.common_words)}
        for row in (*said["facets"], *said["topics"]):
            del row["names"]
        return said

    def follow(self, keys: Iterable[str]) -> frozenset[str]:
        """The current topics that stand for `keys`: retired ones give way to their successors, unknown ones go."""
        known = {topic.key: topic for topic in self.topics}
        found: set[str] = set()
        waiting, seen = list(keys), set()
        while waiting:
            key = waiting.pop()
            if key in seen or key not in known:
                continue
            seen.add(key)
            waiting.extend(known[key].successors)
            if not known[key].successors:
                found.add(key)
        return frozenset(found)


def load_taxonomy(folder: Path) -> Taxonomy:
    """Read `taxonomy.toml` of a pack; raises PackError that names the file and the fault."""
    path = folder / FILE
    try:
        return taxonomy_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise PackError("cannot read the taxonomy", str(path), f"{type(error).__name__}: {error}") from error


def taxonomy_of(raw: Mapping[str, Any]) -> Taxonomy:
    """A Taxonomy of what the TOML file says. Raises KeyError for a missing field, PackError for a broken reference."""
    pack = raw["pack"]
    taxonomy = Taxonomy(
        key=pack["key"],
        name=pack["name"],
        language=pack["language"],
        common_words=frozenset(pack["common_words"].split()),
        field=phrases(raw.get("field", {}).get("cues", "")),
        acts=phrases(raw.get("field", {}).get("acts", "")),
        lexicons=tuple(Lexicon(row["key"], phrases(row["cues"])) for row in raw.get("lexicon", ())),
        facets=tuple(
            Facet(row["key"], row["name"], row.get("definition", ""), bool(row.get("of_the_field")), _names(row))
            for row in raw["facet"]
        ),
        topics=tuple(_topic(row) for row in raw["topic"]),
    )
    return _checked(taxonomy)


def taxonomy_from_json(raw: Mapping[str, Any]) -> Taxonomy:
    """The inverse of `Taxonomy.to_json`."""
    return Taxonomy(
        key=raw["key"],
        name=raw["name"],
        language=raw["language"],
        common_words=frozenset(raw["common_words"]),
        field=tuple(raw["field"]),
        acts=tuple(raw["acts"]),
        lexicons=tuple(Lexicon(row["key"], tuple(row["cues"])) for row in raw["lexicons"]),
        facets=tuple(Facet(**row) for row in raw["facets"]),
        topics=tuple(_topic(row) for row in raw["topics"]),
    )


def phrases(written: str | Iterable[str]) -> tuple[str, ...]:
    """Phrases of a list, or of one string parted by semicolons and line ends."""
    if isinstance(written, str):
        written = written.replace("\n", ";").split(";")
    return tuple(dict.fromkeys(phrase.strip() for phrase in written if phrase.strip()))


def _topic(row: Mapping[str, Any]) -> Topic:
    brands = row.get("brands", ())
    return Topic(
        key=row["key"],
        facet=row["facet"],
        name=row["name"],
        definition=row.get("definition", ""),
        cues=phrases(row.get("cues", "")),
        hints=phrases(row.get("hints", "")),
        brands=tuple((b, g) for b, g in (brands.items() if isinstance(brands, Mapping) else brands)),
        mesh=tuple(row.get("mesh", ())),
        needs=row.get("needs", ""),
        successors=tuple(row.get("successors", ())),
        names=_names(row),
    )


def _names(row: Mapping[str, Any]) -> dict[str, str]:
    """PackError where the names are anything but one word or more for each language."""
    names = row.get("names", {})
    if not isinstance(names, Mapping) or not all(isinstance(name, str) and name.strip() for name in names.values()):
        raise PackError("names are one for each language", row["key"], repr(names))
    return dict(names)


def called(name: str, names: Mapping[str, str], language: str) -> str:
    """What a thing is called in a language (BCP 47): its name there or in the wider language, else `name`."""
    return names.get(language) or names.get(language.replace("_", "-").partition("-")[0]) or name


def _checked(taxonomy: Taxonomy) -> Taxonomy:
    facets = {facet.key for facet in taxonomy.facets}
    lexicons = {lexicon.key for lexicon in taxonomy.lexicons}
    keys = [topic.key for topic in taxonomy.topics]
    for topic in taxonomy.topics:
        if keys.count(topic.key) > 1:
            raise PackError("a topic stands twice", topic.key)
        if topic.facet not in facets:
            raise PackError("a topic names no facet", topic.key, topic.facet)
        if topic.needs and topic.needs not in lexicons:
            raise PackError("a topic needs a lexicon that is not there", topic.key, topic.needs)
        for successor in topic.successors:
            if successor not in keys:
                raise PackError("a successor is no topic", topic.key, successor)
    return taxonomy
