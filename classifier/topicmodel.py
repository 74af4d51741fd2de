"""The model as it runs: arrays and a card, from bytes to judgements.

A word's score for every label is one row of a table: the weights of the word itself, of its parts and of its company
are added up when the model is made, and for a word that the model never met when it is first read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.arrays import Array, arrays_of, bytes_of
from classifier.calibrate import Calibration, Curve
from classifier.cues import CueIndex
from classifier.errors import ModelError
from classifier.explain import Spoken, places_of, reasons
from classifier.features import CueFeatures, pair_weights, word_weights
from classifier.judgement import Judgement, Text
from classifier.layout import layout_of
from classifier.newtopics import NewTopics
from classifier.reading import Floats, Ints, Reader
from classifier.spelling import parts_matrix
from classifier.taxonomy import Taxonomy, taxonomy_from_json
from classifier.thresholds import decide, doubt
from classifier.tongue import Tongue

FORMAT = 2
MOST_BYTES = 8_000_000
BATCH = 128
REASONS = 5
LANGUAGE_WORDS = 120


@dataclass(frozen=True)
class Weights:
    """The arrays. V words, B pairs, D cue columns, H buckets; L labels: on_topic, then the topics.

    `curve` has a row for each number of calibrate.Curve.
    """

    words: tuple[str, ...]
    idf: Floats
    word_scores: Floats
    part_scores: Floats
    codes: Ints
    pair_idf: Floats
    pair_scores: Floats
    cue_scores: Floats
    telling: Floats
    intercept: Floats
    curve: Floats
    strongest: Floats


@dataclass
class TopicModel:
    """A fitted model. `topics` are its labels after on_topic, in the order of the arrays' columns.

    Not for several threads at once: the table of words grows while it reads.
    """

    weights: Weights
    taxonomy: Taxonomy
    card: Mapping[str, Any]
    data: bytes
    wanted: Taxonomy | None = None
    _scores: Floats = field(init=False)
    _numbers: Ints = field(init=False)

    def __post_init__(self) -> None:
        index = CueIndex(self.taxonomy)
        self._reader = Reader(index)
        self._cues = CueFeatures(self.taxonomy, index, self.weights.telling)
        self._place = {word: number for number, word in enumerate(self.weights.words)}
        self.topics: tuple[str, ...] = tuple(self.card["topics"])
        self._cuts = np.array([self.card["cuts"][key] for key in self.topics], dtype=np.float64)
        self._calibration = Calibration(
            Curve(*self.weights.curve.astype(np.float64)),
            float(self.weights.strongest[0]),
            layout_of(self.taxonomy, self.topics),
        )
        self._tongue = Tongue(self.taxonomy.language, self.taxonomy.common_words)
        self._new = NewTopics(self.wanted or self.taxonomy, self.topics)
        self._forget()

    @property
    def id(self) -> str:
        """Twelve hex digits of the content: the same bytes have the same id."""
        return hashlib.sha256(self.data).hexdigest()[:12]

    @property
    def version(self) -> str:
        """The pack and the digest of what was learnt from."""
        return f"{self.taxonomy.key}-{self.card['examples_digest']}"

    @classmethod
    def load(cls, data: bytes, taxonomy: Taxonomy | None = None) -> TopicModel:
        """A model of its bytes, ready to judge. Raises ModelError.

        With a `taxonomy` it judges by that one: retired topics give way to their successors, and topics that the model
        has not learnt are known by their cues.
        """
        try:
            arrays = arrays_of(data)
            card = json.loads(bytes(arrays.pop("card")))
            if card["format"] != FORMAT:
                raise ModelError("a model of another format", str(card["format"]), f"this program reads {FORMAT}")
            weights = _weights_of(arrays)
            return cls(weights, taxonomy_from_json(card["taxonomy"]), card, data, taxonomy)
        except KeyError as error:
            raise ModelError("cannot read a model", "", f"it has no {error.args[0]}") from error
        except (ValueError, TypeError) as error:
            raise ModelError("cannot read a model", "", str(error)) from error

    def judge(self, items: Sequence[Text]) -> list[Judgement]:
        """A judgement for each text, in order; never raises for what a text contains."""
        found: list[Judgement] = []
        for start in range(0, len(items), BATCH):
            found += self._judge_batch(items[start : start + BATCH])
        return found

    def probabilities(self, items: Sequence[Text]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities, shape (texts, 1 + topics): on_topic first. Language and new topics play no part."""
        parts = [self._spoken(items[start : start + BATCH])[0] for start in range(0, len(items), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, 1 + len(self.topics)))

    def _judge_batch(self, items: Sequence[Text]) -> list[Judgement]:
        probabilities, spoken = self._spoken(items)
        on_topic, topics = probabilities[:, 0], probabilities[:, 1:]
        given = decide(on_topic, topics, self._cuts)
        doubtful = doubt(on_topic, topics, self._cuts) >= self.card["margin"]
        found = []
        for row, item in enumerate(items):
            language, foreign = self._tongue.of(item, spoken.plains_of(row, LANGUAGE_WORDS))
            if foreign or spoken.reading.starts[row] == spoken.reading.starts[row + 1]:
                found.append(Judgement(0.0, doubtful=True, language=language))
                continue
            labels = np.flatnonzero(given[row]).tolist()
            places = places_of(item) if labels else []
            judgement = Judgement(
                on_topic=round(float(on_topic[row]), 4),
                doubtful=bool(doubtful[row]),
                topics=tuple(self.topics[label] for label in labels),
                probabilities=dict(zip(self.topics, np.round(topics[row], 4).tolist(), strict=True)),
                why={self.topics[label]: reasons(spoken, row, 1 + label, places, item, REASONS) for label in labels},
                language=language,
            )
            found.append(self._new.applied(judgement, item))
        return found

    def _spoken(self, items: Sequence[Text]) -> tuple[npt.NDArray[np.float64], Spoken]:
        if self._reader.forget_if_full():
            self._forget()
        reading = self._reader.read(items)
        self._learn_new_words()
        weights = self.weights
        words = word_weights(reading, self._idf)
        pairs = pair_weights(reading, self._numbers, weights.codes, weights.pair_idf)
        cues = self._cues.matrix(reading)
        rows = words @ self._scores + pairs @ weights.pair_scores + cues @ weights.cue_scores
        scores = reading.pooled() @ rows + weights.intercept
        probabilities = self._calibration.probabilities(scores.astype(np.float64))
        spoken = Spoken(
            reading, self._reader.plains, words, pairs, cues, self._scores, self._numbers, self._cues, weights
        )
        return probabilities, spoken

    def _forget(self) -> None:
        labels = self.weights.intercept.shape[0]
        self._numbers = np.zeros(0, dtype=np.int64)
        self._idf = np.zeros(0, dtype=np.float32)
        self._scores = np.zeros((0, labels), dtype=np.float32)

    def _learn_new_words(self) -> None:
        """Score the words read for the first time: those of the vocabulary have their row, others are their parts."""
        fresh = self._reader.plains[len(self._numbers) :]
        if not fresh:
            return
        numbers = np.array([self._place.get(word, -1) for word in fresh], dtype=np.int64)
        unknown = np.flatnonzero(numbers < 0)
        scores = self.weights.word_scores[numbers]
        scores[unknown] = parts_matrix([fresh[at] for at in unknown]) @ self.weights.part_scores
        idf = self.weights.idf[numbers]
        idf[unknown] = self.card["unseen_idf"]
        self._numbers = np.concatenate([self._numbers, numbers])
        self._idf = np.concatenate([self._idf, idf])
        self._scores = np.concatenate([self._scores, scores])


def model_bytes(weights: Weights, card: Mapping[str, Any]) -> bytes:
    """The file of a model: tables in half precision, the card as JSON. Raises ModelError where it is too large."""
    arrays: dict[str, Array] = {
        "card": np.frombuffer(json.dumps(card, sort_keys=True, ensure_ascii=False).encode(), dtype=np.uint8),
        "words": np.frombuffer("\n".join(weights.words).encode(), dtype=np.uint8),
    }
    for name, values in vars(weights).items():
        if name != "words":
            arrays[name] = values.astype(np.float16) if name.endswith("_scores") else values
    data = bytes_of(arrays)
    if len(data) > MOST_BYTES:
        raise ModelError("the model is too large", f"{len(data):,} bytes", f"at most {MOST_BYTES:,}")
    return data


def _weights_of(arrays: Mapping[str, Array]) -> Weights:
    words = tuple(bytes(arrays["words"]).decode().split("\n"))
    rest: dict[str, Any] = {
        name: arrays[name] if name == "codes" else arrays[name].astype(np.float32)
        for name in Weights.__dataclass_fields__
        if name != "words"
    }
    if len(rest["idf"]) != len(words) or len(rest["word_scores"]) != len(words):
        raise ValueError("tables of different length")
    return Weights(words=words, **rest)
