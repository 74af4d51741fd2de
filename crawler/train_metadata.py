"""Fits the rankers of crawler/ranking.py on pages with known title, author and date.

    python -m crawler.train_metadata FOLDER [TABLE]

FOLDER holds `ground-truth/<id>.json` and `html/<id>.html.gz` as the WCXB benchmark has them. Printed are the scores
of five folds grouped by domain: no page is judged by trees that saw its site.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from selectolax.lexbor import LexborHTMLParser
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from crawler import ranking, said_authors, said_dates, said_titles
from crawler.article import Clues
from crawler.mentions import Candidate, Source
from crawler.metadata import Metadata, anchor_of, read_metadata, read_source
from crawler.ranking import Ranker
from crawler.urls import registrable_domain

FOLDS = 5
# Probabilities of cross-validation at which the best candidate is given, and at which two places make it sure.
GIVEN = {"title": 0.0, "author": 0.33, "date": 0.34}
SURE = {"title": 0.72, "author": 0.86, "date": 0.5}
# Measured by cross-validation: the weighted sum helps where few pages carry a feature (authors, dates), trees on a
# third of the features likewise; for titles plain trees are best.
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "title": {"max_iter": 60, "max_leaf_nodes": 8, "min_samples_leaf": 30},
    "author": {"max_iter": 80, "max_leaf_nodes": 8, "min_samples_leaf": 20, "max_features": 0.3},
    "date": {"max_iter": 80, "max_leaf_nodes": 8, "min_samples_leaf": 20, "max_features": 0.3},
}
LINEAR_SHARE = {"title": 0.0, "author": 0.5, "date": 0.5}
LINEAR_STRENGTH = {"title": 0.1, "author": 0.02, "date": 0.05}
# A page's weight goes with its candidates to the power of 1 minus this.
PAGE_POWER = {"title": 0.5, "author": 1.0, "date": 0.5}
_CREDENTIALS = re.compile(r",? *(M\.?D\.?|Ph\.?D\.?|FACS|RN|MBBS)\b\.?")
_TITLE_SEPARATORS = (" | ", " - ", " – ", " — ", " :: ", " » ")


@dataclass(frozen=True)
class Labelled:
    """A page with what is true of it; an empty fact is one that the page does not state."""

    key: str
    url: str
    html: str
    kind: str
    title: str
    author: str
    date: str


@dataclass
class Examples:
    """The candidates of one fact: one row each, the page it is of, and whether it is right."""

    names: list[str]
    rows: np.ndarray[Any, Any]
    page: np.ndarray[Any, Any]
    right: np.ndarray[Any, Any]


def read_pages(folder: Path, kinds: frozenset[str] = frozenset({"article"})) -> list[Labelled]:
    """The pages of these kinds, in the order of their ids."""
    return [page for path in sorted((folder / "ground-truth").glob("*.json")) for page in _read(folder, path, kinds)]


def _read(folder: Path, path: Path, kinds: frozenset[str]) -> Iterator[Labelled]:
    record = json.loads(path.read_text(encoding="utf-8"))
    kind = record["_internal"]["page_type"]["primary"]
    if kind not in kinds:
        return
    html = gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes()).decode("utf-8", "replace")
    truth = record["ground_truth"]
    title, author, date = (truth.get(fact) or "" for fact in ("title", "author", "publish_date"))
    yield Labelled(path.stem, record.get("url") or "", html, kind, title, author, date)


def title_right(said: str, truth: str) -> bool:
    """Equal words; a part behind a separator is forgiven on either side."""
    one, other = _words(said), _words(truth)
    cut = (text.rsplit(mark, 1)[0] for text, mark in _cuts(said))
    cut_truth = (text.rsplit(mark, 1)[0] for text, mark in _cuts(truth))
    return one == other or any(_words(text) == other for text in cut) or any(_words(text) == one for text in cut_truth)


def author_right(said: str, truth: str) -> bool:
    """The sets of last names overlap by half or more (Jaccard)."""
    one, other = _last_names(said), _last_names(truth)
    return bool(one and other) and len(one & other) / len(one | other) >= 0.5


def date_right(said: str, truth: str) -> bool:
    """The same day, or the same month where the truth has no day."""
    return bool(said) and said[: len(truth[:10])] == truth[:10]


RIGHT = {"title": title_right, "author": author_right, "date": date_right}


def fit(pages: Sequence[Labelled]) -> dict[str, Ranker]:
    """The rankers of all three facts. Authors and dates are sought around the headline the first one finds."""
    sources = [source_of(page) for page in pages]
    titles = [said_titles.candidates(source) for source in sources]
    title = fit_fact("title", titles, pages)
    chosen = [best and said_titles.as_shown(best, found) for found in titles for best in [title.best(found)[0]]]
    around = [(source, anchor_of(source, best), best) for source, best in zip(sources, chosen, strict=True)]
    found_authors = [said_authors.candidates(source, at, best.value if best else "") for source, at, best in around]
    found_dates = [[day.candidate for day in said_dates.candidates(source, at)] for source, at, _ in around]
    author, date = fit_fact("author", found_authors, pages), fit_fact("date", found_dates, pages)
    return {"title": title, "author": author, "date": date}


def source_of(page: Labelled) -> Source:
    """The page as read_metadata reads it."""
    return read_source(LexborHTMLParser(page.html), page.url, Clues(), {})


def fit_fact(fact: str, found: Sequence[Sequence[Candidate]], pages: Sequence[Labelled]) -> Ranker:
    """One ranker from the candidates of each page."""
    examples = _examples(fact, found, pages)
    weights = np.bincount(examples.page)[examples.page] ** -PAGE_POWER[fact]
    weights = weights / weights.mean()
    model = HistGradientBoostingClassifier(
        learning_rate=0.1, l2_regularization=1.0, early_stopping=False, random_state=0, **SETTINGS[fact]
    )
    model.fit(examples.rows, examples.right, sample_weight=weights)
    share = LINEAR_SHARE[fact]
    intercept, linear = _linear(examples, weights, LINEAR_STRENGTH[fact])
    return Ranker(
        features=tuple(examples.names),
        base=round(share * intercept + (1 - share) * float(model._baseline_prediction[0, 0]), 6),
        linear=tuple(round(share * number, 6) for number in linear) if share else (),
        trees=tuple(_tree(stage[0].nodes, 1 - share) for stage in model._predictors),
        given=GIVEN[fact],
        sure=SURE[fact],
    )


def _linear(examples: Examples, weights: np.ndarray[Any, Any], strength: float) -> tuple[float, list[float]]:
    """Logistic regression on standardised features, told back in the features' own units."""
    middle, width = examples.rows.mean(axis=0), examples.rows.std(axis=0)
    width[width == 0] = 1.0
    model = LogisticRegression(C=strength, max_iter=3000)
    model.fit((examples.rows - middle) / width, examples.right, sample_weight=weights)
    linear = model.coef_[0] / width
    return float(model.intercept_[0] - (linear * middle).sum()), linear.tolist()


def _examples(fact: str, found: Sequence[Sequence[Candidate]], pages: Sequence[Labelled]) -> Examples:
    flat = [candidate for candidates in found for candidate in candidates]
    names = sorted({name for candidate in flat for name in candidate.features})
    column = {name: index for index, name in enumerate(names)}
    rows = np.zeros((len(flat), len(names)))
    for row, candidate in zip(rows, flat, strict=True):
        for name, number in candidate.features.items():
            row[column[name]] = number
    right = [
        bool(getattr(page, fact)) and RIGHT[fact](candidate.value, getattr(page, fact))
        for page, candidates in zip(pages, found, strict=True)
        for candidate in candidates
    ]
    page_of = np.repeat(np.arange(len(pages)), [len(candidates) for candidates in found])
    return Examples(names, rows, page_of, np.array(right, dtype=float))


def _tree(nodes: Any, share: float) -> tuple[ranking.Node, ...]:
    return tuple(
        (-1, 0.0, 0, 0, round(share * float(node["value"]), 5))
        if node["is_leaf"]
        else (int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"]), 0.0)
        for node in nodes
    )


def folds(pages: Sequence[Labelled]) -> Iterator[tuple[list[int], list[int]]]:
    """Pages to learn from and pages to judge; no domain is on both sides."""
    domains = [registrable_domain(page.url) or page.key for page in pages]
    splitter = GroupKFold(n_splits=FOLDS, shuffle=True, random_state=0)
    for learn, judge in splitter.split(np.zeros(len(pages)), groups=domains):
        yield learn.tolist(), judge.tolist()


def read_unseen(pages: Sequence[Labelled]) -> list[Metadata]:
    """Each page read by rankers that saw no page of its site."""
    out: dict[int, Metadata] = {}
    for learn, judge in folds(pages):
        rankers = fit([pages[index] for index in learn])
        for index in judge:
            page = pages[index]
            tree = LexborHTMLParser(page.html)
            out[index] = read_metadata(tree, page.html, page.url, Clues(), rankers=rankers)
    return [out[index] for index in range(len(pages))]


def scores(pages: Sequence[Labelled], read: Sequence[Metadata]) -> dict[str, float]:
    """`<fact>` right, `<fact> false` (given where none is stated), `<fact> sure` right, `<fact> sure on` of pages."""
    out: dict[str, float] = {}
    for fact in RIGHT:
        pairs = [
            (answer_of(item, fact), str(getattr(page, fact)), item) for page, item in zip(pages, read, strict=True)
        ]
        stated = [RIGHT[fact](said, truth) for said, truth, _ in pairs if truth]
        unstated = [bool(said) for said, truth, _ in pairs if not truth]
        sure = [bool(truth) and RIGHT[fact](said, truth) for said, truth, item in pairs if fact in item.evidence.sure]
        out[fact] = _mean(stated)
        out[f"{fact} false"] = _mean(unstated)
        out[f"{fact} sure"] = _mean(sure)
        out[f"{fact} sure on"] = len(sure) / max(1, len(pairs))
    return out


def answer_of(metadata: Metadata, fact: str) -> str:
    """A fact as text; a date as `2025-09-04`."""
    if fact == "date":
        return metadata.published.strftime("%Y-%m-%d") if metadata.published else ""
    return metadata.title if fact == "title" else metadata.author


def as_table(rankers: Mapping[str, Ranker], card: Mapping[str, Any]) -> str:
    """What crawler/models/metadata.json holds."""
    facts = {
        fact: {
            "features": ranker.features,
            "base": ranker.base,
            "linear": ranker.linear,
            "given": ranker.given,
            "sure": ranker.sure,
            "trees": ranker.trees,
        }
        for fact, ranker in rankers.items()
    }
    return json.dumps({"card": card, "facts": facts}, separators=(",", ":")) + "\n"


def digest_of(pages: Sequence[Labelled]) -> str:
    """SHA-256 over ids, pages and truths."""
    total = hashlib.sha256()
    for page in pages:
        for part in (page.key, page.url, page.html, page.title, page.author, page.date):
            total.update(part.encode("utf-8", "replace") + b"\0")
    return total.hexdigest()


def main(arguments: Sequence[str]) -> None:
    """Prints the scores of cross-validation, then writes the table fitted on all pages."""
    pages = read_pages(Path(arguments[0]))
    measured = {name: round(value, 4) for name, value in scores(pages, read_unseen(pages)).items()}
    for name, value in measured.items():
        print(f"{name:16s} {value:.3f}")
    card = {"data": "WCXB dev, articles", "pages": len(pages), "digest": digest_of(pages), "scores": measured}
    table = Path(arguments[1]) if len(arguments) > 1 else ranking.SHIPPED
    table.write_text(as_table(fit(pages), card), encoding="utf-8")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    return ((text, mark) for mark in _TITLE_SEPARATORS if mark in text)


def _last_names(text: str) -> set[str]:
    parts = re.split(r";|,| and | & ", _CREDENTIALS.sub("", text))
    return {words[-1] for part in parts if (words := _words(part))}


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
