"""Which story an article belongs to: (article, candidates, pairs kept apart) -> decision with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crawler.fingerprint import Fingerprint, containment, resemblance

# Half of the shorter text. Measured (make bench-stories): articles under two headlines share 0.52 and more, releases that
# only share an "about us" passage 0.48 and less, one of 129 apart.
CONTAINED = 0.5
# Where the page itself names the other as its original, a quarter shows that it speaks of this text and not of its site.
NAMED = 0.25
# Two short notices share their formulas; they are copies only when nearly all is the same.
SHORT_WORDS = 40
SHORT_ALIKE = 0.85
COPY = 0.9


@dataclass(frozen=True)
class Candidate:
    """An article already filed, with the story it stands in; `named` is its host where the page names it as its original."""

    article: int
    story: int
    print: Fingerprint
    named: str = ""


@dataclass(frozen=True)
class Decision:
    """The story to join (None: a new one), the relation, and why, in words for the editor."""

    story: int | None
    relation: str
    why: str
    article: int | None = None


def decide(print_: Fingerprint, candidates: Iterable[Candidate], apart: Collection[int] = ()) -> Decision:
    """The best candidate that is alike enough; stories that hold an article of `apart` are left out."""
    candidates = list(candidates)
    closed = {candidate.story for candidate in candidates if candidate.article in apart}
    judged = [
        (share, resemblance(print_, candidate.print), candidate)
        for candidate in candidates
        if candidate.story not in closed and (share := alike(print_, candidate.print, named=bool(candidate.named)))
    ]
    if not judged:
        return Decision(None, "new", "no copy is known")
    share, whole, best = max(judged, key=lambda one: one[:2])
    relation = "copy" if whole >= COPY else "reprint"
    if best.named:
        return Decision(
            best.story,
            relation,
            f"names {best.named} as its original, shares {share:.0%} of the shorter text",
            best.article,
        )
    return Decision(best.story, relation, f"shares {share:.0%} of the shorter text", best.article)


def shares_text(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether half of the shorter text or more is shared, however short it is."""
    return containment(one, other) >= CONTAINED


def alike(one: Fingerprint, other: Fingerprint, *, named: bool = False) -> float:
    """How much of the shorter text is shared, or 0 where that is too little to be the same article.

    `named`: the one page names the other as its original, so less will do.
    """
    if named:
        share = containment(one, other)
        return share if share >= NAMED else 0.0
    if min(one.words, other.words) < SHORT_WORDS:
        share = resemblance(one, other)
        return share if share >= SHORT_ALIKE else 0.0
    share = containment(one, other)
    return share if share >= CONTAINED else 0.0
