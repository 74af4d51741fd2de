"""Text without markup, line by line: WET files and other dumps with menus twice over, trending lists and teasers.

A line is judged by its own shape, its neighbours and its repetition.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crawler.cues import cue_columns
from crawler.lexicon import words_of
from crawler.rolling import distance_ahead, distance_back, last_index, shift, window
from crawler.textshape import shapes
from crawler.wordweights import WordWeights

Floats = npt.NDArray[np.float64]
Columns = dict[str, Floats]

BULLET = re.compile(r"^[•·▪◦‣∙●○*–—-]\s+|^\d{1,3}[.)]\s+")
ELLIPSIS = ("…", "...")
PROSE_WORDS = 12
# A teaser repeats at least this much of the line it was cut from.
TEASER_CHARACTERS = 25


@dataclass(frozen=True)
class Line:
    """A line that is not blank: its text without bullet, indent in characters, and the blank lines around it."""

    text: str
    number: int
    indent: int
    bullet: bool
    gap_before: int
    gap_after: int


def cut_lines(text: str) -> list[Line]:
    """The lines of a dump; `number` counts from 1 and counts blank lines too."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(re.split(r"\r\n|[\n\r\v\f\u2028\u2029]", text), start=1):
        if line.strip():
            found.append((number, line))
    lines = []
    for place, (number, line) in enumerate(found):
        stripped = line.strip()
        before = number - found[place - 1][0] - 1 if place else 0
        after = found[place + 1][0] - number - 1 if place + 1 < len(found) else 0
        bullet = BULLET.match(stripped)
        bare = " ".join(stripped[bullet.end() :].split() if bullet else stripped.split())
        indent = len(line) - len(line.lstrip())
        lines.append(Line(bare or stripped, number, indent, bullet is not None, min(before, 5), min(after, 5)))
    return lines


def line_features(lines: list[Line], words: WordWeights) -> tuple[Floats, tuple[str, ...]]:
    """A matrix (lines, features) and the features' names. There must be at least one line."""
    shape = shapes([line.text for line in lines])
    score = words.sums([words_of(line.text) for line in lines])
    bullet = np.array([float(line.bullet) for line in lines])
    gap = np.array([float(line.gap_before) for line in lines])
    gap_after = np.array([float(line.gap_after) for line in lines])
    indent = np.array([float(line.indent) for line in lines])
    copies, teased = _repetition(lines)
    prose = (shape["words"] >= PROSE_WORDS) & (shape["stopped"] > 0)
    columns: Columns = {f"own_{name}": values for name, values in shape.items()}
    columns |= {
        "score": score,
        "score_mean": score / np.sqrt(shape["words"] + 1),
        "bullet": bullet,
        "gap_before": gap,
        "gap_after": gap_after,
        "indent": indent,
        "copies": copies,
        "teased": teased,
        "ellipsis": np.array([float(line.text.endswith(ELLIPSIS)) for line in lines]),
    }
    columns |= _around(shape, score, bullet, gap, copies, prose)
    columns |= cue_columns([line.text for line in lines], indent)
    columns |= _standing(shape["words"], prose, bullet, gap, gap_after, score)
    return np.column_stack(list(columns.values())), tuple(columns)


def _repetition(lines: list[Line]) -> tuple[Floats, Floats]:
    """How often each line stands there, and whether it is the beginning of another line, cut short."""
    counts = Counter(line.text for line in lines)
    starts = Counter(text[:TEASER_CHARACTERS] for text in counts)
    copies = np.array([float(counts[line.text]) for line in lines])
    long = [len(line.text) > TEASER_CHARACTERS for line in lines]
    teased = [
        float(starts[line.text[:TEASER_CHARACTERS]]) if is_long else 0.0
        for line, is_long in zip(lines, long, strict=True)
    ]
    return copies, np.array(teased)


def _around(
    shape: Columns, score: Floats, bullet: Floats, gap: Floats, copies: Floats, prose: npt.NDArray[np.bool_]
) -> Columns:
    columns: Columns = {}
    told = {
        "words": shape["words"], "stopped": shape["stopped"], "score": score, "bullet": bullet, "gap": gap,
        "copies": copies, "capitalised": shape["capitalised"],
    }  # fmt: skip
    for by in (-3, -2, -1, 1, 2, 3):
        columns |= {f"next{by}_{name}": shift(values, by) for name, values in told.items()}
    for reach in (2, 5, 12):
        columns |= {
            f"window{reach}_words": window(shape["words"], reach),
            f"window{reach}_prose": window(np.where(prose, shape["words"], 0.0), reach),
            f"window{reach}_score": window(score, reach),
            f"window{reach}_bullet": window(bullet, reach),
            f"window{reach}_stopped": window(shape["stopped"], reach),
            f"window{reach}_gap": window(np.minimum(gap, 1.0), reach),
        }
    columns["prose_ago"] = distance_back(prose)
    columns["prose_ahead"] = distance_ahead(prose)
    return columns


def _standing(
    words: Floats, prose: npt.NDArray[np.bool_], bullet: Floats, gap: Floats, gap_after: Floats, score: Floats
) -> Columns:
    """Where on the page the line stands, and in what group: lines without a blank line between, bullets in a row."""
    order = np.arange(len(words))
    total = max(float(words.sum()), 1.0)
    prose_words = np.where(prose, words, 0.0)
    before = np.concatenate(([0.0], np.cumsum(prose_words)[:-1]))
    group = np.cumsum(gap > 0)
    size = np.bincount(group).astype(np.float64)
    group_words = np.bincount(group, weights=words)
    group_prose = np.bincount(group, weights=prose_words)
    run = np.cumsum(np.concatenate(([0], np.diff(bullet) != 0)))
    run_size = np.bincount(run).astype(np.float64)
    run_words = np.bincount(run, weights=words)
    heading = (words <= 14) & (bullet == 0) & (gap > 0) & ~prose
    above = last_index(np.concatenate(([False], heading[:-1])))
    return {
        "place": order / len(words),
        "place_prose": before / max(float(prose_words.sum()), 1.0),
        "prose_before": before,
        "prose_after": prose_words.sum() - before - prose_words,
        "group_size": size[group],
        "group_words": group_words[group] / size[group],
        "group_prose": group_prose[group],
        "run_size": run_size[run],
        "run_words": run_words[run] / run_size[run],
        "heading_ago": np.where(above >= 0, order - above, np.nan),
        "heading_score": np.where(above >= 0, score[above], np.nan),
        "page_lines": np.full(len(words), float(len(words))),
        "page_words": np.full(len(words), total),
        "page_prose": np.full(len(words), float(prose_words.sum()) / total),
        "page_bullets": np.full(len(words), float(bullet.mean())),
        "page_gaps": np.full(len(words), float(np.minimum(gap_after, 1.0).mean())),
    }
