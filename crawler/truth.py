"""Pages with their true body beside them: reading the folder, labelling blocks by it, and folding pages by domain."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crawler.errors import CrawlerError
from crawler.urls import registrable_domain

Floats = npt.NDArray[np.float64]
Gram = tuple[str, ...]

WORD = re.compile(r"\w+")
FOLDS = 5
HEADING_WORDS = 15
CLOSED = re.compile(r"[.!?:;,\"”’…)]$")


class NoExamples(CrawlerError):
    """The folder holds no pages to learn from."""


@dataclass(frozen=True)
class Example:
    """One page: its key, address, kind (article, forum, listing ...), true body, and the file of its HTML."""

    key: str
    url: str
    kind: str
    body: str
    path: Path

    def html(self) -> str:
        """The page; bytes that are no UTF-8 are replaced, as in the benchmark's own reader."""
        raw = self.path.read_bytes()
        return (gzip.decompress(raw) if self.path.suffix == ".gz" else raw).decode("utf-8", "replace")

    @property
    def domain(self) -> str:
        """Pages of one domain are never on both sides of a split."""
        return registrable_domain(self.url) or self.key


def read_examples(folder: Path) -> list[Example]:
    """All pages of a folder with `ground-truth/*.json` and `html/*.html[.gz]`, by key. Raises NoExamples."""
    examples = list(_read(folder))
    if not examples:
        raise NoExamples("no pages to learn from", str(folder), "ground-truth/*.json and html/ are expected in it")
    return examples


def _read(folder: Path) -> Iterator[Example]:
    for file in sorted((folder / "ground-truth").glob("*.json")):
        data = json.loads(file.read_text(encoding="utf-8"))
        path = folder / "html" / f"{file.stem}.html.gz"
        if not path.exists():
            path = path.with_suffix("")
        if not path.exists():
            continue
        kind = str(data.get("_internal", {}).get("page_type", {}).get("primary") or "article")
        truth = data.get("ground_truth", {})
        yield Example(
            file.stem,
            str(data.get("url") or ""),
            "collection" if kind == "category" else kind,
            str(truth.get("main_content") or ""),
            path,
        )


def digest_of(examples: Sequence[Example]) -> str:
    """SHA-256 over keys, true bodies and page bytes: scores belong to the data they were measured on."""
    total = hashlib.sha256()
    for example in examples:
        total.update(f"{example.key}\0{example.kind}\0{example.body}\0".encode())
        total.update(hashlib.sha256(example.path.read_bytes()).digest())
    return total.hexdigest()


def folds_of(examples: Sequence[Example], folds: int = FOLDS) -> npt.NDArray[np.intp]:
    """The fold of each page: domains, largest first and then by hash, each into the emptiest fold."""
    sizes = Counter(example.domain for example in examples)
    loads = [0] * folds
    fold_of: dict[str, int] = {}
    for domain in sorted(sizes, key=lambda name: (-sizes[name], hashlib.sha256(name.encode()).hexdigest())):
        fold = min(range(folds), key=lambda number: (loads[number], number))
        fold_of[domain] = fold
        loads[fold] += sizes[domain]
    return np.array([fold_of[example.domain] for example in examples], dtype=np.intp)


def words_of(text: str) -> list[str]:
    """Lower-case words as the benchmark counts them."""
    return WORD.findall(text.lower())


def word_f1(found: Counter[str], true: Counter[str]) -> float:
    """WCXB's measure: F1 over bags of words. Of two empty texts it is 1."""
    if not found or not true:
        return float(not found and not true)
    hits = sum((found & true).values())
    return 2 * hits / (sum(found.values()) + sum(true.values()))


def label(texts: Sequence[str], body: str) -> tuple[Floats, Floats]:
    """For each text of a page the share of it that the true body holds, in 0..1, and its number of words.

    Counted by word triples. A heading counts half unless it stands in the body as it is; texts of one or two words
    count fully as a line of the body, else as their neighbours do. Of a text that stands there more often than in
    the body, the copies in the likeliest places count.
    """
    rows = [words_of(text) for text in texts]
    sizes = np.array([len(row) for row in rows], dtype=np.float64)
    true = _Grams(body)
    shares = np.array([true.share(row, text) for row, text in zip(rows, texts, strict=True)])
    for at in np.nonzero((sizes > 0) & (sizes < 3) & (shares == _Grams.UNSURE))[0].tolist():
        shares[at] = _around(shares, sizes, at, 3, sizes >= 3)
    copies: dict[Gram, list[int]] = {}
    for place, row in enumerate(rows):
        if row and shares[place] > 0.5:
            copies.setdefault(tuple(row), []).append(place)
    for gram, places in copies.items():
        allowed = true.copies(gram) if len(places) > 1 else 1
        if len(places) > allowed:
            others = np.array([tuple(row) != gram for row in rows])
            likely = sorted(places, key=lambda at: -_around(shares, sizes, at, 5, others))
            shares[likely[allowed:]] = 0.0
    return shares, sizes


class _Grams:
    """The word triples, pairs, words and lines of a true body, counted."""

    UNSURE = 0.5

    def __init__(self, body: str) -> None:
        words = words_of(body)
        self.counts: Counter[Gram] = Counter()
        for size in (1, 2, 3):
            self.counts.update(zip(*(words[start:] for start in range(size)), strict=False))
        self.whole = " ".join(words)
        self.lines = {tuple(words_of(line)) for line in body.splitlines()}

    def share(self, row: list[str], text: str) -> float:
        """The share of a text's triples in the body; for shorter texts 1, unsure or 0."""
        if len(row) >= 3:
            grams = list(zip(row, row[1:], row[2:], strict=False))
            share = sum(gram in self.counts for gram in grams) / len(grams)
            # A title's words also stand scattered in the text it is the title of.
            by_chance = len(row) <= HEADING_WORDS and not CLOSED.search(text) and " ".join(row) not in self.whole
            return share / 2 if by_chance else share
        if not row:
            return 0.0
        if tuple(row) in self.lines:
            return 1.0
        return self.UNSURE if tuple(row) in self.counts else 0.0

    def copies(self, gram: Gram) -> int:
        """How often the body holds a text, at least once."""
        if len(gram) <= 3:
            return max(self.counts[gram], 1)
        return max(min(self.counts[part] for part in zip(gram, gram[1:], gram[2:], strict=False)), 1)


def _around(shares: Floats, sizes: Floats, at: int, reach: int, counted: npt.NDArray[np.bool_]) -> float:
    """The mean share of the texts around one, long texts counting as 20 words at most."""
    near = slice(max(at - reach, 0), at + reach + 1)
    weights = np.where(counted[near], np.minimum(sizes[near], 20.0), 0.0)
    weights[at - near.start] = 0.0
    total = float(weights.sum())
    return float((shares[near] * weights).sum()) / total if total else 0.0
