"""What the sites saw: a log of requests -> how many came at once to a host, and how long it was left alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.replay import Asked


@dataclass(frozen=True)
class Politeness:
    """Over all hosts: requests, the most at once to one, the shortest time from one request's beginning to the next
    (seconds; None where no host was asked twice), and pages asked for more than once."""

    requests: int
    hosts: int
    at_once: int
    least_pause: float | None
    repeated: int


def judge(asked: Iterable[Asked]) -> Politeness:
    """Read the log of one crawl."""
    hosts: defaultdict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        hosts[one.address].append(one)
    gaps = [gap for held in hosts.values() for gap in _gaps(held)]
    times = Counter((one.address, one.target) for held in hosts.values() for one in held)
    return Politeness(
        requests=sum(map(len, hosts.values())),
        hosts=len(hosts),
        at_once=max(map(_at_once, hosts.values()), default=0),
        least_pause=min(gaps, default=None),
        repeated=sum(count > 1 for count in times.values()),
    )


def _gaps(asked: list[Asked]) -> list[float]:
    began = sorted(one.began for one in asked)
    return [later - earlier for earlier, later in pairwise(began)]


def _at_once(asked: list[Asked]) -> int:
    """The most open requests at any moment; one that ends where another begins is not open any more."""
    marks = sorted([(one.began, 1) for one in asked] + [(one.ended, -1) for one in asked])
    most = now = 0
    for _, step in marks:
        now += step
        most = max(most, now)
    return most
