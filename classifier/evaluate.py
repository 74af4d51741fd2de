"""Measure a kind of model and a model: what the report shows, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from classifier.background import load_background
from classifier.calibrate import Numbers, Truth, calibration_error
from classifier.crossval import OutOfFold, nested, wrong_decisions
from classifier.fitting import Products
from classifier.folds import folds_of
from classifier.gate import f1, f1_drawn, given_by
from classifier.judgement import Example, Judgement
from classifier.pack import BACKGROUND, Pack
from classifier.topicmodel import TopicModel
from classifier.train import Options, fit_model, prepare

DRAWS = 500
CURVE = (0.2, 0.4, 0.6, 0.8, 1.0)
WORST = 20
SEED = 0


@dataclass(frozen=True)
class TopicMeasure:
    """One topic: cases, precision, recall, F1, and the bounds of F1 in 95 % of the draws."""

    key: str
    cases: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float


@dataclass(frozen=True)
class SetMeasure:
    """A set of examples: per topic and as a whole. `near_misses` is the share of them taken for the field;
    `errors_in_doubt` and `misses_in_doubt` are the shares of wrong topics and of stories on the wrong side in doubt."""

    name: str
    items: int
    macro_f1: float
    on_topic_accuracy: float
    near_misses: float
    calibration_error: float
    doubtful: float
    errors_in_doubt: float
    misses_in_doubt: float
    topics: tuple[TopicMeasure, ...]


@dataclass(frozen=True)
class Bin:
    """Probability said, share seen, number: a point of the reliability diagram."""

    said: float
    seen: float
    items: int


@dataclass(frozen=True)
class Mistake:
    """A text judged wrongly, with the words that misled."""

    title: str
    text: str
    on_topic: float
    said: tuple[str, ...]
    true: tuple[str, ...]
    why: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Evaluation:
    """Everything that the report shows."""

    pack: str
    model: str
    version: str
    keys: tuple[str, ...]
    out_of_fold: SetMeasure
    gold: SetMeasure | None
    reliability: tuple[Bin, ...]
    confusion: tuple[tuple[int, ...], ...]
    curve: tuple[tuple[int, float], ...]
    worst: tuple[Mistake, ...]


def evaluate(pack: Pack, model: TopicModel, options: Options | None = None) -> Evaluation:
    """Grouped folds over the examples, the gold set under `model`, a learning curve, and the worst mistakes."""
    options = options or Options()
    examples, gold = pack.examples(), pack.gold()
    with threadpool_limits(limits=1):
        prepared = prepare(examples, pack.taxonomy, load_background(pack.path / BACKGROUND), options)
        result = nested(prepared, Products(prepared.blocks), options)
    keys = prepared.topics
    return Evaluation(
        pack=pack.taxonomy.name,
        model=model.id,
        version=model.version,
        keys=keys,
        out_of_fold=_set_measure("examples, out of fold", result, examples, keys),
        gold=_gold(model, gold, keys) if gold else None,
        reliability=reliability(result.probabilities[:, 0], result.truth[:, 0]),
        confusion=confusion(result.given, result.truth[:, 1:]),
        curve=learning_curve(pack, gold, options) if gold else (),
        worst=worst(model, gold or examples, keys),
    )


def topic_measures(given: Truth, truth: Truth, keys: Sequence[str]) -> tuple[TopicMeasure, ...]:
    """Per topic, with bootstrap intervals over the items."""
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(truth), np.full(len(truth), 1 / len(truth)), size=DRAWS).astype(np.float64)
    low, high = np.quantile(f1_drawn(given, truth, drawn), [0.025, 0.975], axis=0)
    both = (given & truth).sum(axis=0)
    precision, recall = both / np.maximum(given.sum(axis=0), 1), both / np.maximum(truth.sum(axis=0), 1)
    scores = f1(given, truth)
    return tuple(
        TopicMeasure(
            key, int(truth[:, at].sum()), *(round(float(v[at]), 4) for v in (precision, recall, scores, low, high))
        )
        for at, key in enumerate(keys)
    )


def reliability(probabilities: Numbers, truth: Truth, bins: int = 10) -> tuple[Bin, ...]:
    """Ten bins of equal mass."""
    order = np.argsort(probabilities, kind="stable")
    return tuple(
        Bin(float(probabilities[part].mean()), float(truth[part].mean()), len(part))
        for part in np.array_split(order, bins)
        if len(part)
    )


def confusion(given: Truth, truth: Truth) -> tuple[tuple[int, ...], ...]:
    """Row i, column j: texts of topic i that lacked it and were given j, which is not theirs; the diagonal is hits."""
    missed, extra = truth & ~given, given & ~truth
    table = missed.T.astype(np.int64) @ extra.astype(np.int64)
    np.fill_diagonal(table, (given & truth).sum(axis=0))
    return tuple(tuple(int(value) for value in row) for row in table)


def learning_curve(pack: Pack, gold: Sequence[Example], options: Options) -> tuple[tuple[int, float], ...]:
    """Macro-F1 on the gold set by number of examples; whole groups are taken."""
    examples = pack.examples()
    background = load_background(pack.path / BACKGROUND)
    tenths = folds_of([example.group for example in examples], 10, seed=3)
    found = []
    for share in CURVE:
        part = [example for example, tenth in zip(examples, tenths, strict=True) if tenth < 10 * share]
        model = TopicModel.load(fit_model(part, pack.taxonomy, background, options))
        found.append((len(part), round(macro_f1(model, gold), 4)))
    return tuple(found)


def macro_f1(model: TopicModel, examples: Sequence[Example]) -> float:
    """Mean F1 over the topics that the examples carry."""
    keys = tuple(sorted({topic for example in examples for topic in example.topics}))
    truth = np.array([[key in example.topics for key in keys] for example in examples], dtype=bool)
    return float(f1(given_by(model, examples, keys), truth).mean())


def worst(model: TopicModel, examples: Sequence[Example], keys: Sequence[str]) -> tuple[Mistake, ...]:
    """The surest wrong judgements, the field before the topics."""
    judgements = model.judge([example.text for example in examples])
    ranked = sorted(zip(examples, judgements, strict=True), key=lambda pair: -_wrongness(pair[0], pair[1], keys))
    return tuple(
        Mistake(
            title=example.text.title,
            text=example.text.text,
            on_topic=judgement.on_topic,
            said=judgement.topics,
            true=tuple(sorted(example.topics)),
            why={key: tuple(reason.term for reason in reasons) for key, reasons in judgement.why.items()},
        )
        for example, judgement in ranked[:WORST]
        if _wrongness(example, judgement, keys) > 0
    )


def _wrongness(example: Example, judgement: Judgement, keys: Sequence[str]) -> float:
    field = abs(example.on_topic - judgement.on_topic)
    wrong = [
        abs((key in example.topics) - judgement.probabilities.get(key, 0.0))
        for key in keys
        if (key in example.topics) != (key in judgement.topics)
    ]
    return 2 * field * (field > 0.5) + sum(wrong)


def _gold(model: TopicModel, gold: Sequence[Example], keys: Sequence[str]) -> SetMeasure:
    judgements = model.judge([example.text for example in gold])
    result = OutOfFold(
        probabilities=np.array([[j.on_topic, *(j.probabilities.get(key, 0.0) for key in keys)] for j in judgements]),
        given=np.array([[key in j.topics for key in keys] for j in judgements], dtype=bool),
        doubtful=np.array([j.doubtful for j in judgements], dtype=bool),
        truth=np.array([[e.on_topic, *(key in e.topics for key in keys)] for e in gold], dtype=bool),
    )
    return _set_measure("gold set", result, gold, keys)


def _set_measure(name: str, result: OutOfFold, examples: Sequence[Example], keys: Sequence[str]) -> SetMeasure:
    near = np.array([example.near_miss for example in examples], dtype=bool)
    doubtful, errors, misses = wrong_decisions(result, keys)
    truth = result.truth[:, 1:]
    return SetMeasure(
        name=name,
        items=len(examples),
        macro_f1=round(float(f1(result.given, truth).mean()), 4),
        on_topic_accuracy=round(float((result.on_topic == result.truth[:, 0]).mean()), 4),
        near_misses=round(float(result.on_topic[near].mean()), 4) if near.any() else 0.0,
        calibration_error=round(calibration_error(result.probabilities[:, 0], result.truth[:, 0]), 4),
        doubtful=round(doubtful, 4),
        errors_in_doubt=round(errors, 4),
        misses_in_doubt=round(misses, 4),
        topics=topic_measures(result.given, truth, keys),
    )
