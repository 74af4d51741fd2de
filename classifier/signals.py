"""Signals of a piece beside its topics: does somebody sell here, which study does it report. Facts with their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classifier.fieldwords import NO_WORDS, FieldWords
from classifier.promotion import Piece, Promotion, Sign, read_promotion
from classifier.quoting import Fact
from classifier.study import Study, read_study


@dataclass(frozen=True)
class Signals:
    """What a piece says beside its subject."""

    promotion: Promotion
    study: Study

    def to_data(self) -> dict[str, Any]:
        """As a row keeps it. `promotion` and `labelled` stand as plain answers, for those who only ask that."""
        return {
            "promotion": self.promotion.found,
            "labelled": self.promotion.labelled,
            "signs": [[sign.name, sign.said] for sign in self.promotion.signs],
            "study": {name: [fact.value, fact.said] for name, fact in self.study.facts()},
        }


def read_signals(piece: Piece, words: FieldWords = NO_WORDS) -> Signals:
    """All signals of a piece, by the general words and those of a field."""
    return Signals(read_promotion(piece, words), read_study(piece, words))


def of_data(data: Mapping[str, Any]) -> Signals:
    """The inverse of `to_data`; an empty mapping, where nothing was read yet, has no signals."""
    return Signals(
        Promotion(tuple(Sign(name, said) for name, said in data.get("signs", ()))),
        Study(**{name: Fact(value, said) for name, (value, said) in data.get("study", {}).items()}),
    )
