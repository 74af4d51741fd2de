"""The values between a text and its labels."""

from __future__ import annotations

from dataclasses import dataclass, field

SEPARATOR = "\n"


@dataclass(frozen=True)
class Text:
    """What is judged: a title and a text, either may be empty."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title, line break, text: what the offsets of a Reason count in."""
        return self.title + SEPARATOR + self.text


@dataclass(frozen=True)
class Reason:
    """A word or phrase that spoke for a topic: as written, characters start..end of `Text.whole`, weight in logits."""

    term: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Judgement:
    """What a model says of one text.

    `on_topic` and `probabilities` are calibrated, 0..1; `topics` are those given, in the taxonomy's order, none
    where `on_topic` is under 0.5. `language` is an ISO 639-1 code, "" where there is too little to tell.
    """

    on_topic: float
    doubtful: bool
    topics: tuple[str, ...] = ()
    probabilities: dict[str, float] = field(default_factory=dict)
    why: dict[str, tuple[Reason, ...]] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True)
class Example:
    """A text with the topics it was given by a person. No topics: it is off-topic. Folds never split a `group`."""

    text: Text
    topics: frozenset[str]
    group: str
    kind: str = ""
    english: str = ""
    near_miss: bool = False

    @property
    def on_topic(self) -> bool:
        """Whether the story is of the field: it carries at least one topic."""
        return bool(self.topics)


@dataclass(frozen=True)
class Correction:
    """An editor's change of a story's topics, as its Event tells it."""

    title: str
    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    group: str = ""
