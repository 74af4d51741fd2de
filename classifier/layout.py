"""Where a text's scores stand: which labels tell the field, which are learnt within it, and their helpers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifier.taxonomy import Taxonomy

FIELD = 0


@dataclass(frozen=True)
class Layout:
    """Which raw scores there are. Labels are on_topic, then the topics; `telling` are those whose topics tell the field.

    Labels `within` the field are learnt among its stories alone. Each of them has a helper after the labels, learnt
    among all texts, which only the judgement of the field hears.
    """

    labels: int
    telling: tuple[int, ...]
    within: tuple[int, ...]

    @property
    def width(self) -> int:
        """Number of raw scores of a text."""
        return self.labels + len(self.within)


def layout_of(taxonomy: Taxonomy, topics: Sequence[str]) -> Layout:
    """Which raw scores a model of these topics has."""
    facet_of = {topic.key: topic.facet for topic in taxonomy.topics}
    tells = [facet_of[key] == taxonomy.telling.key for key in topics]
    telling = tuple(label for label, yes in enumerate(tells, 1) if yes)
    return Layout(1 + len(topics), telling, tuple(label for label, yes in enumerate(tells, 1) if not yes))
