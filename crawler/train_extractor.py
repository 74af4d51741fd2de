"""Train the extractor from pages with their true bodies, and measure it by cross-validation over domains.

For each fold a whole model is fitted without it and run over its pages: no score is from a page a model has seen.
Weights of names and words enter the trees as features, so for the trees' own training pages they are fitted
without those pages' fold as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from crawler import pagekind, truth
from crawler.blockmodel import Trees, of_boosting
from crawler.blocks import Cut, cut
from crawler.extract import Extractor, parse
from crawler.extractor_model import ExtractorModel
from crawler.features import block_features
from crawler.fit_lexicon import TokenCounter, TokenRows, count_names
from crawler.flattening import WAYS
from crawler.lexicon import Lexicon, words_of
from crawler.lines import Line, cut_lines, line_features
from crawler.measure_extractor import Unseen, measure
from crawler.truth import Example
from crawler.wordweights import WordWeights, word_tokens

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Matrix = npt.NDArray[np.float32]

# (least domains, C) of the logistic regressions, by held-out AUC of single folds.
NEAR, FAR, WORDS = (15, 3.6), (15, 0.36), (12, 4.8)
BLOCK_TREES = {"max_iter": 100, "learning_rate": 0.12, "max_leaf_nodes": 31, "min_samples_leaf": 40}
# Each split of a page tree sees a tenth of the numbers: with 216 index pages to learn from that refuses 4 in 100 more.
PAGE_TREES = {
    "max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 16, "min_samples_leaf": 10, "max_features": 0.1,
    "l2_regularization": 1.0,
}  # fmt: skip
# Menu entries are most of all blocks and each much like the others: so many of them are enough.
EASY_WORDS, EASY_SHARE = 3, 0.5
LINE_KINDS = frozenset({"article", "forum", "service", "documentation"})
INDEX_KINDS = frozenset({"listing", "collection"})
TEXT_KINDS = frozenset({"article", "forum"})
# Pages that are no texts teach what a menu is, and little of what a body is.
NO_TEXT_KINDS = INDEX_KINDS | {"product"}
OTHER_WEIGHT = 0.3
# A block's weight is its words and this.
WORDS_ADDED = 2.0
# Products and manuals are none of the two kinds that a page is judged to be; they teach less.
NEITHER_WEIGHT = 0.6
WRONGLY_REFUSED = 0.006
# A folder without index pages teaches no bar: then only a page that is more likely an index than not is refused.
LEAST_BAR = 0.5
THRESHOLDS = {"blocks": 0.57, "lines": 0.63}


@dataclass
class Rows:
    """The blocks (or lines) of all pages in one row: to which page each belongs, its label, words and weight."""

    page: Ints
    label: Floats
    words: Floats
    weight: Floats
    fold: Ints
    domain: Ints

    @classmethod
    def of(
        cls, labels: Sequence[Floats], words: Sequence[Floats], kinds: Sequence[str], fold: Ints, domain: Ints
    ) -> Rows:
        """From one array a page; every page of a kind weighs alike, however many blocks it has."""
        page = np.repeat(np.arange(len(labels)), [len(row) for row in labels])
        raw = np.concatenate(words) + WORDS_ADDED
        worth = np.array([OTHER_WEIGHT if kind in NO_TEXT_KINDS else 1.0 for kind in kinds])
        weight = raw / np.bincount(page, weights=raw)[page] * worth[page]
        return cls(page, np.concatenate(labels), np.concatenate(words), weight, fold[page], domain[page])

    def without(self, folds: tuple[int, ...]) -> Ints:
        """The numbers of the rows outside these folds."""
        return np.nonzero(~np.isin(self.fold, folds))[0]

    def lexicon(self, tokens: TokenRows, folds: tuple[int, ...], least: int, strength: float) -> dict[str, float]:
        """Weights fitted without these folds."""
        rows = self.without(folds)
        return tokens.weights(self.label > 0.5, self.weight, self.domain, rows, least, strength)


@dataclass(frozen=True)
class Trained:
    """A model for use, one for each fold that has not seen it, and the fold of each page by its key."""

    model: ExtractorModel
    fold_models: list[ExtractorModel]
    fold_of: dict[str, int]


def fit_trees(features: Matrix, rows: Rows, chosen: Ints, settings: Mapping[str, Any]) -> Trees:
    """Boosted trees on soft labels: every row counts as content by its label and as none by the rest."""
    rng = np.random.default_rng(0)
    easy = (rows.label < 0.05) & (rows.words <= EASY_WORDS)
    kept = ~easy | (rng.random(len(easy)) < EASY_SHARE)
    chosen = chosen[kept[chosen]]
    weight = np.where(easy, rows.weight / EASY_SHARE, rows.weight)[chosen] * 1000
    label, part = rows.label[chosen], features[chosen]
    yes, no = np.nonzero(label > 0)[0], np.nonzero(label < 1)[0]
    model = HistGradientBoostingClassifier(random_state=0, early_stopping=False, l2_regularization=1.0, **settings)
    model.fit(
        np.concatenate((part[yes], part[no])),
        np.concatenate((np.ones(len(yes)), np.zeros(len(no)))),
        sample_weight=np.concatenate((weight[yes] * label[yes], weight[no] * (1 - label[no]))),
    )
    return of_boosting(model)


class _Blocks:
    """The block side of training: pages cut and labelled, their tokens counted."""

    def __init__(self, examples: Sequence[Example], fold: Ints, domain: Ints) -> None:
        near, far, words = TokenCounter(), TokenCounter(), TokenCounter()
        self.cuts: list[Cut] = []
        labels, sizes = [], []
        for example in examples:
            page = cut(parse(example.html()))
            for run in page.runs:
                run.pieces = []
                words.add(word_tokens(words_of(run.text)))
            count_names(near, far, page)
            shares, counts = truth.label([run.text for run in page.runs], example.body)
            self.cuts.append(page)
            labels.append(shares)
            sizes.append(counts)
        self.fold = fold
        self.rows = Rows.of(labels, sizes, [example.kind for example in examples], fold, domain)
        self.tokens = near.rows(), far.rows(), words.rows()
        self.lexicons: dict[tuple[int, ...], Lexicon] = {}
        self.names: tuple[str, ...] = ()

    def lexicon(self, folds: tuple[int, ...]) -> Lexicon:
        """The lexicon fitted without these folds."""
        known = self.lexicons.get(folds)
        if known is None:
            near, far, words = (
                self.rows.lexicon(tokens, folds, least, strength)
                for tokens, (least, strength) in zip(self.tokens, (NEAR, FAR, WORDS), strict=True)
            )
            known = self.lexicons[folds] = Lexicon(near, far, words)
        return known

    def features(self, left_out: int | None) -> Matrix:
        """All blocks' features for a model that must not see one fold (or None)."""
        parts = []
        for page, fold in zip(self.cuts, self.fold.tolist(), strict=True):
            if page.runs:
                values, self.names, _ = block_features(page, self.lexicon(_unseen(left_out, fold)))
                parts.append(values)
        return np.concatenate(parts)


class _Lines:
    """The line side: the same pages flattened in two ways, else one tool's quirks are learnt."""

    def __init__(self, examples: Sequence[Example], cuts: Sequence[Cut], fold: Ints, domain: Ints) -> None:
        words = TokenCounter()
        self.dumps: list[list[Line]] = []
        labels, sizes, at = [], [], []
        for number, (example, page) in enumerate(zip(examples, cuts, strict=True)):
            if example.kind not in LINE_KINDS:
                continue
            html = example.html()
            for way in WAYS:
                lines = cut_lines(way(html, page))
                if not lines:
                    continue
                shares, counts = truth.label([line.text for line in lines], example.body)
                for line in lines:
                    words.add(word_tokens(words_of(line.text)))
                self.dumps.append(lines)
                labels.append(shares)
                sizes.append(counts)
                at.append(number)
        self.fold = fold[at]
        kinds = [examples[number].kind for number in at]
        self.rows = Rows.of(labels, sizes, kinds, self.fold, domain[at])
        self.tokens = words.rows()
        self.words: dict[tuple[int, ...], WordWeights] = {}
        self.names: tuple[str, ...] = ()

    def weights(self, folds: tuple[int, ...]) -> WordWeights:
        """The word weights fitted without these folds."""
        if folds not in self.words:
            self.words[folds] = WordWeights(self.rows.lexicon(self.tokens, folds, *WORDS))
        return self.words[folds]

    def features(self, left_out: int | None) -> Matrix:
        """All lines' features for a model that must not see one fold (or None)."""
        parts = []
        for lines, fold in zip(self.dumps, self.fold.tolist(), strict=True):
            values, self.names = line_features(lines, self.weights(_unseen(left_out, fold)))
            parts.append(values.astype(np.float32))
        return np.concatenate(parts)


def _unseen(left_out: int | None, own: int) -> tuple[int, ...]:
    return (own,) if left_out is None or left_out == own else tuple(sorted((left_out, own)))


def train(folder: Path, target: Path, say: Callable[[str], None], folds: Path | None = None) -> Trained:
    """Fit the extractor on a folder from scratch, say how it scores, and write it to `target`.

    About 20 minutes on one core. The fold models are written where `folds` names a folder. Raises truth.NoExamples
    where the folder holds no pages.
    """
    trained = fit(folder, datetime.now(UTC).date(), say)
    trained.model.save(target)
    if folds is not None:
        for number, model in enumerate(trained.fold_models):
            model.save(folds / f"fold{number}.npz")
        (folds / "folds.json").write_text(json.dumps(trained.fold_of, sort_keys=True))
    return trained


def fit(folder: Path, today: date, say: Callable[[str], None]) -> Trained:
    """A model fitted on all pages of a folder, and one without each fold, measured on the pages it has not seen."""
    examples = truth.read_examples(folder)
    fold = truth.folds_of(examples)
    numbers: dict[str, int] = {}
    domain: Ints = np.array([numbers.setdefault(example.domain, len(numbers)) for example in examples], dtype=np.intp)
    say(f"{len(examples)} pages of {len(numbers)} domains")
    blocks = _Blocks(examples, fold, domain)
    lines = _Lines(examples, blocks.cuts, fold, domain)
    say(f"{len(blocks.rows.page)} blocks, {len(lines.rows.page)} lines")
    parts: dict[int | None, tuple[Lexicon, Trees, Mapping[str, float], Trees]] = {}
    for left_out in (*range(truth.FOLDS), None):
        folds = () if left_out is None else (left_out,)
        block_trees = fit_trees(blocks.features(left_out), blocks.rows, blocks.rows.without(folds), BLOCK_TREES)
        line_trees = fit_trees(lines.features(left_out), lines.rows, lines.rows.without(folds), BLOCK_TREES)
        parts[left_out] = blocks.lexicon(folds), block_trees, lines.weights(folds).weights, line_trees
        say("fitted on all pages" if left_out is None else f"fitted without fold {left_out}")
    kinds, page_rows, page_names = _page_rows(examples, blocks.cuts, fold, parts)
    names = {"blocks": blocks.names, "lines": lines.names, "pages": page_names}
    fold_of = {example.key: int(number) for example, number in zip(examples, fold, strict=True)}
    page_trees = {key: _fit_pages(page_rows, kinds, fold, key) for key in parts}
    thresholds = THRESHOLDS | {"pages": _page_threshold(page_rows, kinds, fold, page_trees)}
    card = {
        "made": today.isoformat(),
        "data": {"pages": len(examples), "domains": len(numbers), "sha256": truth.digest_of(examples)},
        "features": {name: len(columns) for name, columns in names.items()},
        "settings": {"blocks": BLOCK_TREES, "pages": PAGE_TREES, "near": NEAR, "far": FAR, "words": WORDS},
    }
    models = {
        key: ExtractorModel(*part[:2], *part[2:], page_trees[key], thresholds, names, card)
        for key, part in parts.items()
    }
    fold_models = [models[number] for number in range(truth.FOLDS)]
    say("measuring each model on the pages it has not seen")
    scores = measure(examples, Unseen([Extractor(model) for model in fold_models], fold_of))
    for name, value in scores.items():
        say(f"{name}: {value:.3f}")
    return Trained(replace(models[None], card=card | {"scores": scores}), fold_models, fold_of)


def _page_rows(
    examples: Sequence[Example],
    cuts: Sequence[Cut],
    fold: Ints,
    parts: Mapping[int | None, tuple[Lexicon, Trees, Mapping[str, float], Trees]],
) -> tuple[list[str], Matrix, tuple[str, ...]]:
    """One row a page, from the block scores of the model that has not seen it."""
    rows: list[Floats] = []
    names: tuple[str, ...] = ()
    kinds = [example.kind for example in examples]
    for example, page, number in zip(examples, cuts, fold.tolist(), strict=True):
        if not page.runs:
            rows.append(np.zeros(0))
            continue
        lexicon, trees = parts[number][:2]
        features, _, sums = block_features(page, lexicon)
        scores = trees.predict(features)
        row, names = pagekind.page_features(
            page, scores, sums, THRESHOLDS["blocks"], example.url, parse(example.html())
        )
        rows.append(row)
    matrix = np.array([row if len(row) else np.full(len(names), np.nan) for row in rows], dtype=np.float32)
    return kinds, matrix, names


def _fit_pages(rows: Matrix, kinds: list[str], fold: Ints, left_out: int | None) -> Trees:
    """Trees that tell index pages from texts; pages that are neither weigh little."""
    index = np.array([kind in INDEX_KINDS for kind in kinds])
    sure = index | np.array([kind in TEXT_KINDS for kind in kinds])
    seen = fold != left_out if left_out is not None else np.ones(len(fold), dtype=bool)
    model = HistGradientBoostingClassifier(random_state=0, early_stopping=False, **PAGE_TREES)
    model.fit(rows[seen], index[seen], sample_weight=np.where(sure, 1.0, NEITHER_WEIGHT)[seen])
    return of_boosting(model)


def _page_threshold(rows: Matrix, kinds: list[str], fold: Ints, trees: Mapping[int | None, Trees]) -> float:
    """The score above which a page is refused: at most 0.6 % of articles and Q&A pages lie above it, held out."""
    scores = np.zeros(len(rows))
    for number in range(truth.FOLDS):
        scores[fold == number] = trees[number].predict(rows[fold == number])
    texts = scores[[kind in TEXT_KINDS for kind in kinds]]
    return round(max(float(np.quantile(texts, 1 - WRONGLY_REFUSED)), LEAST_BAR), 4)
