"""What the parent and the crawling child tell each other: the order, the child's questions and their answers, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class SourceOrder:
    """A source that is due, with the validators of its last answer."""

    id: int
    url: str
    kind: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class LinkKnown:
    """What is known of a link: its state, when it may be asked for again (None: never), its validators."""

    state: str
    next_at: datetime | None = None
    fetched_at: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    url: str = ""


@dataclass(frozen=True)
class SiteOrder:
    """One host's share of the work: its robots.txt where that is fresh, due sources, due links by key."""

    host: str
    robots: str | None = None
    robots_status: int | None = None
    sources: tuple[SourceOrder, ...] = ()
    links: Mapping[str, LinkKnown] = field(default_factory=dict)


@dataclass(frozen=True)
class CrawlOrder:
    """What a crawling process begins with; `delay` between requests to one host and `timeout` in seconds.

    A `trial` has no rows behind it: it asks nobody whose a host is.
    """

    run: str
    archive: str
    now: datetime
    agent: str
    delay: float
    allow_private: bool
    sites: tuple[SiteOrder, ...]
    seconds: int = 1500
    per_site: int = 200
    timeout: float = 30.0
    trial: bool = False

    def to_json(self) -> str:
        """One line of JSON; instants as ISO 8601."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> CrawlOrder:
        """The order that `to_json` wrote. KeyError or ValueError on anything else."""
        data = json.loads(text)
        data["now"] = datetime.fromisoformat(data["now"])
        data["sites"] = tuple(_site(site) for site in data["sites"])
        return cls(**data)


@dataclass(frozen=True)
class Question:
    """What the child asks: for hosts that are not in its order, and what is known of links, by key."""

    hosts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str | bytes) -> Question | None:
        """The question of a line that the child wrote; None where the line announces a record."""
        data = json.loads(line)
        return cls(tuple(data["hosts"]), tuple(data["keys"])) if "hosts" in data else None


@dataclass(frozen=True)
class Answer:
    """The hosts that are ours now, seconds to wait for the others, and what is known of the links that were asked before."""

    sites: tuple[SiteOrder, ...] = ()
    waits: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, LinkKnown] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON; instants as ISO 8601."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Answer:
        """The answer that `to_json` wrote. KeyError or ValueError on anything else."""
        data = json.loads(text)
        links = {key: _known(link) for key, link in data["links"].items()}
        return cls(tuple(_site(site) for site in data["sites"]), data["waits"], links)


def _site(data: dict[str, Any]) -> SiteOrder:
    sources = tuple(SourceOrder(**source) for source in data["sources"])
    links = {key: _known(link) for key, link in data["links"].items()}
    return SiteOrder(**{**data, "sources": sources, "links": links})


def _known(data: dict[str, Any]) -> LinkKnown:
    times = {name: _instant(data[name]) for name in ("next_at", "fetched_at")}
    return LinkKnown(**{**data, **times})


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
