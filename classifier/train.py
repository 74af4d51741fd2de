"""Fit a model: examples and corrections in, bytes out; the same input gives the same bytes.

`python -m classifier.train [PACK] [OUT]` fits the model that a pack ships.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from classifier.background import Background, load_background
from classifier.calibrate import Calibration, Numbers, Truth, calibrate
from classifier.cues import CueIndex
from classifier.design import Design, Scales, design_of
from classifier.errors import TrainingError
from classifier.features import CueFeatures
from classifier.folds import folds_of
from classifier.judgement import Correction, Example, Text
from classifier.pack import BACKGROUND, DEFAULT, MODEL, Pack, load_pack
from classifier.reading import Floats, Reader
from classifier.spelling import parts_matrix
from classifier.taxonomy import Taxonomy
from classifier.thresholds import choose_cut, choose_margin, decide, doubt
from classifier.topicmodel import FORMAT, Weights, model_bytes

# A topic with fewer examples is left to its cues.
LEAST_EXAMPLES = 20
SEED = 0


@dataclass(frozen=True)
class Options:
    """What may be chosen about fitting. `penalty` is scikit-learn's C: the greater, the freer the weights."""

    scales: Scales = field(default_factory=Scales)
    penalty: float = 1.0
    folds: int = 5
    telling_power: float = 2.0


@dataclass(frozen=True)
class Fit:
    """Linear scores of all labels: column weights (columns x labels) and intercepts."""

    weights: Floats
    intercept: Floats

    def scores(self, columns: sparse.csr_matrix) -> Numbers:
        """Shape (texts, labels)."""
        return np.asarray(columns @ self.weights + self.intercept, dtype=np.float64)


@dataclass(frozen=True)
class Prepared:
    """Examples as columns, with what made them so."""

    taxonomy: Taxonomy
    topics: tuple[str, ...]
    design: Design
    cues: CueFeatures
    columns: sparse.csr_matrix
    truth: Truth
    groups: tuple[str, ...]


def train(pack: Pack, corrections: Sequence[Correction] = (), options: Options | None = None) -> bytes:
    """The bytes of a model fitted to a pack's examples and to corrections. Raises TrainingError."""
    examples = [*pack.examples(), *learnt_from(corrections, pack.taxonomy)]
    background = load_background(pack.path / BACKGROUND)
    return fit_model(examples, pack.taxonomy, background, options or Options())


def fit_model(examples: Sequence[Example], taxonomy: Taxonomy, background: Background, options: Options) -> bytes:
    """The bytes of a model; scores, cuts and margin come from folds that never split a group."""
    with threadpool_limits(limits=1):
        prepared = prepare(examples, taxonomy, background, options)
        scores = out_of_fold(prepared, options)
        calibration = calibrate(scores, prepared.truth)
        card = _card(prepared, calibration.probabilities(scores), examples)
        return model_bytes(_folded(prepared, fit(prepared, options), calibration), card)


def prepare(examples: Sequence[Example], taxonomy: Taxonomy, background: Background, options: Options) -> Prepared:
    """Columns and truth of examples. Topics with too few examples are left out."""
    counted = Counter(topic for example in examples for topic in example.topics)
    topics = tuple(key for key in taxonomy.keys if counted[key] >= LEAST_EXAMPLES)
    if not any(example.on_topic for example in examples) or all(example.on_topic for example in examples):
        raise TrainingError("nothing to learn from", taxonomy.key, "examples on and off the field are needed")
    index = CueIndex(taxonomy)
    reader = Reader(index)
    cues = CueFeatures(taxonomy, index, background.telling_of(index) ** np.float32(options.telling_power))
    reading = reader.read([example.text for example in examples])
    design = design_of(reading, reader, background, options.scales)
    truth = np.array([[example.on_topic, *(key in example.topics for key in topics)] for example in examples])
    columns = design.matrix(reading, reader, cues)
    return Prepared(taxonomy, topics, design, cues, columns, truth, tuple(example.group for example in examples))


def out_of_fold(prepared: Prepared, options: Options) -> Numbers:
    """Scores of each example by a model that saw nothing of its group."""
    folds = folds_of(prepared.groups, options.folds)
    scores = np.zeros(prepared.truth.shape)
    for fold in range(options.folds):
        held = folds == fold
        scores[held] = fit(prepared, options, ~held).scores(prepared.columns[held])
    return scores


def fit(prepared: Prepared, options: Options, rows: npt.NDArray[np.bool_] | None = None) -> Fit:
    """One logistic regression per label over the columns that may speak for it."""
    chosen = np.ones(len(prepared.truth), dtype=bool) if rows is None else rows
    truth = prepared.truth[chosen]
    weights = np.zeros((prepared.columns.shape[1], truth.shape[1]), dtype=np.float32)
    intercept = np.zeros(truth.shape[1], dtype=np.float32)
    for facet, labels in _labels_by_facet(prepared).items():
        mask = _mask(prepared, facet)
        columns = prepared.columns[chosen] @ sparse.diags(mask.astype(np.float32))
        for label in labels:
            if truth[:, label].all() or not truth[:, label].any():
                intercept[label] = -5.0
                continue
            model = LogisticRegression(
                C=options.penalty, solver="liblinear", intercept_scaling=3.0, random_state=SEED
            ).fit(columns, truth[:, label])
            weights[:, label] = model.coef_[0] * mask
            intercept[label] = model.intercept_[0]
    return Fit(weights, intercept)


def learnt_from(corrections: Iterable[Correction], taxonomy: Taxonomy) -> list[Example]:
    """Corrections as examples; the last word on a text is the one that counts."""
    latest = {(correction.title, correction.text): correction for correction in corrections}
    return [
        Example(
            Text(f"correction-{digest_of(title, text)}", title, text),
            taxonomy.follow(correction.after),
            correction.group or f"correction-{digest_of(title, text)}",
            kind="correction",
        )
        for (title, text), correction in latest.items()
    ]


def digest_of(title: str, text: str) -> str:
    """Twelve hex digits of a text."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:12]


def examples_digest(examples: Sequence[Example]) -> str:
    """Twelve hex digits of what was learnt from."""
    lines = [json.dumps([e.text.title, e.text.text, sorted(e.topics), e.group], ensure_ascii=False) for e in examples]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _labels_by_facet(prepared: Prepared) -> dict[str, list[int]]:
    facet_of = {topic.key: topic.facet for topic in prepared.taxonomy.current}
    field_facet = next((f.key for f in prepared.taxonomy.facets if f.of_the_field), "")
    labels: dict[str, list[int]] = {field_facet: [0]}
    for label, key in enumerate(prepared.topics, 1):
        labels.setdefault(facet_of[key], []).append(label)
    return labels


def _mask(prepared: Prepared, facet: str) -> npt.NDArray[np.bool_]:
    mask = np.ones(prepared.columns.shape[1], dtype=bool)
    if facet:
        mask[-prepared.cues.width :] = prepared.cues.columns_for(prepared.taxonomy, facet)
    return mask


def _folded(prepared: Prepared, fitted: Fit, calibration: Calibration) -> Weights:
    """Word, part and company weights added up to one row per word."""
    design, scales = prepared.design, prepared.design.scales
    sizes = [len(design.words), parts_matrix([]).shape[1], design.places.shape[1], len(design.codes)]
    words, parts, company, pairs, cues = np.split(fitted.weights, np.cumsum(sizes))
    own = words * scales.words + design.places @ company * scales.company
    return Weights(
        words=design.words,
        idf=design.idf,
        word_scores=np.asarray(own + parts_matrix(design.words) @ parts * scales.parts, dtype=np.float32),
        part_scores=parts * scales.parts,
        codes=design.codes,
        pair_idf=design.pair_idf,
        pair_scores=pairs * scales.pairs,
        cue_scores=cues * scales.cues,
        telling=prepared.cues.telling,
        intercept=fitted.intercept,
        slope=calibration.slope.astype(np.float32),
        offset=calibration.offset.astype(np.float32),
    )


def _card(prepared: Prepared, probabilities: Numbers, examples: Sequence[Example]) -> dict[str, Any]:
    on_topic, topics = probabilities[:, 0], probabilities[:, 1:]
    seen = topics * (on_topic >= 0.5)[:, None]
    cuts = [choose_cut(seen[:, at], prepared.truth[:, 1 + at]) for at in range(len(prepared.topics))]
    levels = np.array([cut.at for cut in cuts])
    given = decide(on_topic, topics, levels)
    doubts = doubt(on_topic, topics, levels)
    return {
        "format": FORMAT,
        "topics": list(prepared.topics),
        "cuts": {key: round(cut.at, 4) for key, cut in zip(prepared.topics, cuts, strict=True)},
        "weak": [key for key, cut in zip(prepared.topics, cuts, strict=True) if cut.weak],
        "margin": round(choose_margin(doubts), 6),
        "unseen_idf": round(prepared.design.unseen, 6),
        "examples": len(examples),
        "examples_digest": examples_digest(examples),
        "corrections": sum(example.kind == "correction" for example in examples),
        "out_of_fold": {
            "macro_f1": round(float(_f1(given, prepared.truth[:, 1:]).mean()), 4),
            "on_topic_accuracy": round(float(((on_topic >= 0.5) == prepared.truth[:, 0]).mean()), 4),
        },
        "taxonomy": prepared.taxonomy.to_json(),
    }


def _f1(given: Truth, truth: Truth) -> Numbers:
    both = (given & truth).sum(axis=0)
    return np.asarray(2 * both / np.maximum(given.sum(axis=0) + truth.sum(axis=0), 1))


def main(arguments: Sequence[str]) -> int:
    """Fit a pack's model and write it into the pack."""
    pack = load_pack(Path(arguments[0]) if arguments else DEFAULT)
    out = Path(arguments[1]) if len(arguments) > 1 else pack.path / MODEL
    data = train(pack)
    out.write_bytes(data)
    print(f"{out}: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
