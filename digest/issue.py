"""Issue: an edition frozen for rendering, as values and as the JSON of its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from digest.blurb import shortened

# What a mail program shows beside a subject: so many characters of the introduction, or so many headlines.
BESIDE_CHARACTERS, BESIDE_HEADLINES = 140, 3


@dataclass(frozen=True)
class TopicName:
    """A topic as the digest names it, with its facet."""

    key: str
    facet: str
    name: str


@dataclass(frozen=True)
class Imprint:
    """What a publication prints of itself in every mail."""

    slug: str
    name: str
    tagline: str
    from_name: str
    from_address: str
    reply_to: str
    postal_address: str
    accent: str
    language: str
    zone: str
    archived: bool = True


@dataclass(frozen=True)
class IssueItem:
    """One place in the issue. `day` (ISO) and `author` are empty where they are not sure; `undated`: no copy states a day."""

    kind: str
    headline: str
    url: str = ""
    key: str = ""
    blurb: str = ""
    blurb_kind: str = ""
    source: str = ""
    author: str = ""
    day: str = ""
    undated: bool = False
    language: str = ""
    topics: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    copies: int = 1
    lead: bool = False
    safety: bool = False
    event_day: str = ""


@dataclass(frozen=True)
class IssueContent:
    """All that rendering needs. No change to a row alters a mail already begun."""

    imprint: Imprint
    number: int
    cadence: str
    subject: str
    intro: str
    opens: str
    closes: str
    items: tuple[IssueItem, ...]
    topics: tuple[TopicName, ...] = field(default=())
    revision: int = 1

    @property
    def beside(self) -> str:
        """The line beside the subject in a list of mails: of the issue, not of a reader, so that it tells nobody's choice."""
        if self.intro.strip():
            return shortened(self.intro, BESIDE_CHARACTERS, BESIDE_CHARACTERS)
        safety = [item.headline for item in self.items if item.safety]
        leads = [item.headline for item in self.items if item.lead and not item.safety]
        return " · ".join((safety + leads)[:BESIDE_HEADLINES])

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for the row."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> IssueContent:
        """The value that `to_json` gave."""
        items = tuple(
            IssueItem(**{**item, "topics": tuple(item["topics"]), "badges": tuple(item["badges"])})
            for item in data["items"]
        )
        topics = tuple(TopicName(**topic) for topic in data["topics"])
        return cls(**{**data, "imprint": Imprint(**data["imprint"]), "items": items, "topics": topics})
