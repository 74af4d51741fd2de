"""(title, text, reasons) -> spans of text that say which topics they spoke for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from classifier.judgement import SEPARATOR

MOST_REASONS = 2_000


@dataclass(frozen=True)
class Span:
    """A piece of text and the keys of the topics it spoke for, none for most."""

    text: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marked:
    """Title and paragraphs as spans."""

    title: tuple[Span, ...]
    paragraphs: tuple[tuple[Span, ...], ...]


def highlight(title: str, text: str, why: Mapping[str, Sequence[Sequence[Any]]]) -> Marked:
    """`why` is topic -> (term, start, end, weight); offsets count title, line break, text."""
    whole = title + SEPARATOR + text
    cuts = [0, *_edges(why, len(whole)), len(whole)]
    ranges = _ranges(why, len(whole))
    spans, at = [], 0
    open_: list[tuple[int, int, str]] = []
    waiting = iter(ranges)
    coming = next(waiting, None)
    for start, end in pairwise(cuts):
        while coming is not None and coming[0] <= start:
            open_.append(coming)
            coming = next(waiting, None)
        open_ = [one for one in open_ if one[1] > start]
        spans.append((start, end, tuple(dict.fromkeys(one[2] for one in open_))))
        at = end
    return _parted(whole, spans, len(title)) if at else Marked((), ())


def _parted(whole: str, spans: list[tuple[int, int, tuple[str, ...]]], title: int) -> Marked:
    """Cut the spans at the title's end and at line breaks; empty paragraphs go."""
    head: list[Span] = []
    paragraphs: list[list[Span]] = [[]]
    for start, end, topics in spans:
        if start < title:
            head.append(Span(whole[start : min(end, title)], topics))
        pieces = whole[max(start, title + 1) : end].split("\n") if end > title + 1 else []
        for number, piece in enumerate(pieces):
            if number:
                paragraphs.append([])
            if piece:
                paragraphs[-1].append(Span(piece, topics))
    kept = (tuple(paragraph) for paragraph in paragraphs if any(span.text.strip() for span in paragraph))
    return Marked(tuple(span for span in head if span.text), tuple(kept))


def _ranges(why: Mapping[str, Sequence[Sequence[Any]]], length: int) -> list[tuple[int, int, str]]:
    found = [
        (int(start), int(end), topic)
        for topic, reasons in why.items()
        for _, start, end, weight in reasons
        if weight > 0 and 0 <= start < end <= length
    ]
    return sorted(found[:MOST_REASONS])


def _edges(why: Mapping[str, Sequence[Sequence[Any]]], length: int) -> list[int]:
    edges = {edge for start, end, _ in _ranges(why, length) for edge in (start, end)}
    return sorted(edges - {0, length})
