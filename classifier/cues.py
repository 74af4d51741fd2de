"""Cue words: the groups of phrases of a taxonomy, and which of them begin at a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from classifier.taxonomy import Taxonomy
from classifier.tokens import plain, words

_SHORTEST_PLURAL = 4


class Role(StrEnum):
    """What a group of phrases is to the taxonomy."""

    TOPIC = "topic"
    BRAND = "brand"
    HINT = "hint"
    FIELD = "field"
    ACT = "act"
    LEXICON = "lexicon"


@dataclass(frozen=True)
class Group:
    """The phrases of one topic, brand list, hint list or lexicon."""

    key: str
    role: Role
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Cue:
    """A phrase as a pattern: each word must be met by the one pattern in its place; a star stands for any ending."""

    pattern: tuple[str, ...]
    group: int
    phrase: int


class CueIndex:
    """All cues of a taxonomy by their first word. A singular meets its plural; a plural only itself."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.groups = tuple(_groups(taxonomy))
        self._exact: dict[str, list[Cue]] = defaultdict(list)
        self._open: dict[str, list[Cue]] = defaultdict(list)
        self.phrases: list[str] = []
        self.lengths: list[int] = []
        for number, group in enumerate(self.groups):
            for phrase in group.phrases:
                self._add(phrase, number)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._open})

    def starting_with(self, word: str) -> tuple[Cue, ...]:
        """The cues that a plain word may begin."""
        found = [cue for form in singulars(word) for cue in self._exact.get(form, ())]
        for length in self._prefix_lengths:
            found.extend(self._open.get(word[:length], ()))
        return tuple(dict.fromkeys(found))

    def _add(self, phrase: str, group: int) -> None:
        pattern = _pattern(phrase)
        if not pattern:
            return
        cue = Cue(pattern, group, len(self.phrases))
        self.phrases.append(phrase)
        self.lengths.append(len(pattern))
        first = pattern[0]
        if first.endswith("*"):
            self._open[first[:-1]].append(cue)
        else:
            self._exact[first].append(cue)


def singulars(word: str) -> tuple[str, ...]:
    """The word and what it may be the plural of."""
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith("ss"):
        return (word,)
    if word.endswith("ies"):
        return (word, word[:-1], word[:-3] + "y")
    return (word, word[:-1], word[:-2]) if word.endswith("es") else (word, word[:-1])


def _pattern(phrase: str) -> tuple[str, ...]:
    # The star is no word character, so it is kept on the word before it.
    parts = phrase.replace("-", " ").split()
    found: list[str] = []
    for part in parts:
        stems = [plain(word) for word in words(part.rstrip("*"))]
        if stems and part.endswith("*"):
            stems[-1] += "*"
        found.extend(stems)
    return tuple(found)


def _groups(taxonomy: Taxonomy) -> Iterator[Group]:
    for topic in taxonomy.current:
        yield Group(topic.key, Role.TOPIC, topic.cues)
    for topic in taxonomy.current:
        yield Group(topic.key, Role.BRAND, tuple(brand for brand, _ in topic.brands))
    for topic in taxonomy.current:
        yield Group(topic.key, Role.HINT, topic.hints)
    yield Group("field", Role.FIELD, taxonomy.field)
    yield Group("acts", Role.ACT, taxonomy.acts)
    for lexicon in taxonomy.lexicons:
        yield Group(lexicon.key, Role.LEXICON, lexicon.cues)
