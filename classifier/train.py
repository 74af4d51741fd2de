"""Fit a model: examples and corrections in, bytes out; the same input gives the same bytes.

`python -m classifier.train [PACK] [OUT]` fits the model that a pack ships.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from classifier.background import Background, load_background
from classifier.calibrate import Calibration, Numbers, Truth, calibrate
from classifier.cues import CueIndex
from classifier.design import Blocks, Design, Scales, design_of
from classifier.errors import TrainingError
from classifier.features import CueFeatures
from classifier.fitting import Family, Fit, Products, fit, out_of_fold
from classifier.folds import folds_of
from classifier.judgement import Correction, Example, Text
from classifier.layout import FIELD, Layout, layout_of
from classifier.pack import BACKGROUND, DEFAULT, MODEL, Pack, load_pack
from classifier.reading import Reader
from classifier.spelling import parts_matrix
from classifier.taxonomy import Taxonomy
from classifier.thresholds import choose_cut, choose_margin, decide, doubt
from classifier.topicmodel import FORMAT, Weights, model_bytes

# A topic with fewer examples is left to its cues.
LEAST_EXAMPLES = 20
CORRECTION = "correction"
HELD_OUT_ONE_IN = 5


# Chosen by grouped folds over the examples, the gold set and half of the real texts (docs/topics.md). Parts and
# company of words mislead the judge on stories of other fields, and help topics to know kin of the words they learnt.
JUDGE = Scales(words=3, parts=1.5, company=0, pairs=0.3, cues=1.6)
SUBJECT = Scales(words=3, parts=2, company=3, pairs=0.3, cues=0.8)
ANGLE = Scales(words=3, parts=2, company=3, pairs=0.6, cues=0.8)


@dataclass(frozen=True)
class Options:
    """What may be chosen about fitting: scales and penalty for the on-topic judge, for topics of the facet that tells
    the field, and for all others.
    """

    judge: Scales = JUDGE
    subject: Scales = SUBJECT
    angle: Scales = ANGLE
    penalty: float = 3.0
    folds: int = 5


@dataclass(frozen=True)
class Prepared:
    """Examples as columns, with what made them so."""

    taxonomy: Taxonomy
    topics: tuple[str, ...]
    design: Design
    cues: CueFeatures
    blocks: Blocks
    truth: Truth
    groups: tuple[str, ...]
    families: tuple[Family, ...]
    layout: Layout


def train(pack: Pack, corrections: Sequence[Correction] = (), options: Options | None = None) -> bytes:
    """The bytes of a model fitted to a pack's examples and to the corrections that are not held out.

    Raises TrainingError where there is nothing to learn from.
    """
    learnt = learnt_from(corrections, pack.taxonomy)
    examples = [*pack.examples(), *(example for example in learnt if not is_held_out(example))]
    background = load_background(pack.path / BACKGROUND)
    return fit_model(examples, pack.taxonomy, background, options or Options())


def fit_model(examples: Sequence[Example], taxonomy: Taxonomy, background: Background, options: Options) -> bytes:
    """The bytes of a model; calibration, cuts and margin come from folds that never split a group."""
    with threadpool_limits(limits=1):
        prepared = prepare(examples, taxonomy, background, options)
        products = Products(prepared.blocks)
        scores = out_of_fold(products, prepared.families, prepared.truth, folds_of(prepared.groups, options.folds))
        join, calibration = calibrate(scores, prepared.truth, prepared.layout)
        card = _card(prepared, calibration.probabilities(scores @ join), examples)
        fitted = fit(products, prepared.families, prepared.truth).joined(join)
        return model_bytes(_folded(prepared, fitted, calibration), card)


def prepare(examples: Sequence[Example], taxonomy: Taxonomy, background: Background, options: Options) -> Prepared:
    """Columns and truth of examples. Topics with too few examples are left out."""
    counted = Counter(topic for example in examples for topic in example.topics)
    topics = tuple(key for key in taxonomy.keys if counted[key] >= LEAST_EXAMPLES)
    if not any(example.on_topic for example in examples) or all(example.on_topic for example in examples):
        raise TrainingError("nothing to learn from", taxonomy.key, "examples on and off the field are needed")
    index = CueIndex(taxonomy)
    reader = Reader(index)
    cues = CueFeatures(taxonomy, index, background.telling_of(index))
    reading = reader.read([example.text for example in examples])
    design = design_of(reading, reader, background)
    layout = layout_of(taxonomy, topics)
    return Prepared(
        taxonomy,
        topics,
        design,
        cues,
        design.blocks(reading, reader, cues),
        truth_of(examples, topics),
        tuple(example.group for example in examples),
        _families(taxonomy, topics, layout, cues, options),
        layout,
    )


def truth_of(examples: Sequence[Example], topics: Sequence[str]) -> Truth:
    """What people said, shape (texts, 1 + topics): on_topic first."""
    return np.array([[example.on_topic, *(key in example.topics for key in topics)] for example in examples])


def learnt_from(corrections: Iterable[Correction], taxonomy: Taxonomy) -> list[Example]:
    """Corrections as examples; the last word on a text is the one that counts."""
    latest = {(correction.title, correction.text): correction for correction in corrections}
    return [
        Example(
            Text(f"correction-{digest_of(title, text)}", title, text),
            taxonomy.follow(correction.after),
            correction.group or f"correction-{digest_of(title, text)}",
            kind=CORRECTION,
        )
        for (title, text), correction in latest.items()
    ]


def held_out(corrections: Iterable[Correction], taxonomy: Taxonomy) -> list[Example]:
    """The corrections that no model ever learns from: with the gold set, what the gate judges by."""
    return [example for example in learnt_from(corrections, taxonomy) if is_held_out(example)]


def is_held_out(example: Example) -> bool:
    """One correction in five, by its text, so that it is the same at every training."""
    digest = digest_of(example.text.title, example.text.text)
    return example.kind == CORRECTION and int(digest, 16) % HELD_OUT_ONE_IN == 0


def digest_of(title: str, text: str) -> str:
    """Twelve hex digits of a text."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:12]


def examples_digest(examples: Sequence[Example]) -> str:
    """Twelve hex digits of what was learnt from."""
    lines = [json.dumps([e.text.title, e.text.text, sorted(e.topics), e.group], ensure_ascii=False) for e in examples]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _families(
    taxonomy: Taxonomy, topics: Sequence[str], layout: Layout, cues: CueFeatures, options: Options
) -> tuple[Family, ...]:
    """The field, the topics that tell it, then facet by facet the others among its stories, with their helpers."""
    columns = cues.columns_for(taxonomy, taxonomy.telling.key)
    families = [
        Family((FIELD,), (FIELD,), columns, options.judge, options.penalty),
        Family(layout.telling, layout.telling, columns, options.subject, options.penalty),
    ]
    facet_of = {topic.key: topic.facet for topic in taxonomy.topics}
    for facet in taxonomy.facets:
        labels = tuple(label for label in layout.within if facet_of[topics[label - 1]] == facet.key)
        helpers = tuple(layout.labels + layout.within.index(label) for label in labels)
        columns = cues.columns_for(taxonomy, facet.key)
        families.append(Family(labels, labels, columns, options.angle, options.penalty, within=True))
        families.append(Family(labels, helpers, columns, options.angle, options.penalty))
    return tuple(family for family in families if family.labels)


def _folded(prepared: Prepared, fitted: Fit, calibration: Calibration) -> Weights:
    """Word, part and company weights added up to one row per word."""
    design, weights = prepared.design, fitted.weights
    own = weights["words"] + design.places @ weights["company"]
    return Weights(
        words=design.words,
        idf=design.idf,
        word_scores=np.asarray(own + parts_matrix(design.words) @ weights["parts"], dtype=np.float32),
        part_scores=weights["parts"],
        codes=design.codes,
        pair_idf=design.pair_idf,
        pair_scores=weights["pairs"],
        cue_scores=weights["cues"],
        telling=prepared.cues.telling,
        intercept=fitted.intercept,
        curve=np.array(list(vars(calibration.curve).values()), dtype=np.float32),
        strongest=np.asarray([calibration.strongest], dtype=np.float32),
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
        "corrections": sum(example.kind == CORRECTION for example in examples),
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
