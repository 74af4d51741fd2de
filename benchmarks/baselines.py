"""What topics are compared with: cue words alone, and the plainest learner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from classifier.calibrate import Numbers, Truth
from classifier.cues import CueIndex, Role
from classifier.features import CueFeatures
from classifier.judgement import Example, Text
from classifier.reading import BODY, Reader
from classifier.taxonomy import Taxonomy


class Rival(Protocol):
    """Anything that judges texts: probability of the field, and topics given (texts x topics)."""

    name: str

    def judge(self, texts: Sequence[Text]) -> tuple[Numbers, Truth]:
        """Of texts, in order."""


class CueWords:
    """A topic where one of its cues or brands stands in title or lead, or two anywhere; nothing is learnt.

    The story is of the field where a topic of the facet that tells the field is given.
    """

    name = "(a) cues"

    def __init__(self, taxonomy: Taxonomy, keys: Sequence[str]) -> None:
        self._index = CueIndex(taxonomy)
        self._features = CueFeatures(taxonomy, self._index, np.ones(len(self._index.phrases), dtype=np.float32))
        telling = {facet.key for facet in taxonomy.facets if facet.of_the_field}
        facet_of = {topic.key: topic.facet for topic in taxonomy.current}
        self._telling = np.array([facet_of[key] in telling for key in keys])
        self._groups = [
            [n for n, g in enumerate(self._index.groups) if g.key == key and g.role in (Role.TOPIC, Role.BRAND)]
            for key in keys
        ]

    def judge(self, texts: Sequence[Text]) -> tuple[Numbers, Truth]:
        """On-topic is 1 or 0."""
        reading = Reader(self._index).read(texts)
        hits, heard = reading.hits, self._features.heard(reading)
        owner = reading.owner[hits.row]
        given = np.zeros((len(texts), len(self._groups)), dtype=bool)
        for at, groups in enumerate(self._groups):
            mine = np.isin(hits.group, groups) & heard
            many = np.bincount(owner[mine], minlength=len(texts)) >= 2
            early = np.bincount(owner[mine & (hits.place != BODY)], minlength=len(texts)) >= 1
            given[:, at] = many | early
        field: Truth = np.asarray(given[:, self._telling].any(axis=1))
        return field.astype(np.float64), given & field[:, None]


class PlainTfidf:
    """Word 1-2-grams, TF-IDF, one logistic regression per label at 0.5."""

    name = "(b) tf-idf"

    def __init__(self, examples: Sequence[Example], keys: Sequence[str]) -> None:
        vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        learner = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=0)
        self._pipeline = make_pipeline(vectors, OneVsRestClassifier(learner))
        truth = [[e.on_topic, *(key in e.topics for key in keys)] for e in examples]
        self._pipeline.fit([example.text.whole for example in examples], np.array(truth, dtype=int))

    def judge(self, texts: Sequence[Text]) -> tuple[Numbers, Truth]:
        """Probabilities as the learner gives them."""
        said = self._pipeline.predict_proba([text.whole for text in texts])
        field = said[:, 0] >= 0.5
        return np.asarray(said[:, 0]), (said[:, 1:] >= 0.5) & field[:, None]
