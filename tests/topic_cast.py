"""A small field for tests of topics: gardens, with two subjects, an angle, and enough examples to learn from."""

from functools import cache

from classifier.background import nothing_known
from classifier.judgement import Example, Text
from classifier.taxonomy import Taxonomy, taxonomy_of
from classifier.topicmodel import TopicModel
from classifier.train import Options, fit_model

COMMON = "the a of in and is was to for on with by at it this that from are were has have"
GARDENS = {
    "pack": {"key": "gardens", "name": "Gardens", "language": "en", "common_words": COMMON},
    "field": {"cues": "garden; gardener", "acts": "plant*; prun*"},
    "facet": [
        {"key": "subject", "name": "Subject", "of_the_field": True},
        {"key": "angle", "name": "Angle"},
    ],
    "topic": [
        {"key": "roses", "facet": "subject", "name": "Roses", "cues": "rose; rosebush*", "hints": "thorn; thorns"},
        {"key": "trees", "facet": "subject", "name": "Trees", "cues": "tree; orchard; oak"},
        {"key": "shows", "facet": "angle", "name": "Shows", "cues": "flower show; exhibition; medal"},
    ],
}
PLACES = ("Kew", "Ghent", "Pune", "Perth", "Lyon", "Leeds", "Turin", "Cork")
OTHERS = ("bank", "match", "film", "minister", "court", "school", "airline", "phone")


def gardens(*more: dict) -> Taxonomy:
    return taxonomy_of(GARDENS | {"topic": [*GARDENS["topic"], *more]})


def garden_examples() -> list[Example]:
    """Twenty-four stories per subject, half of them of shows, and forty-eight of other fields; eight groups."""
    found = []
    for number in range(24):
        place, group = PLACES[number % 8], f"g{number % 8}"
        show, extra = (f" It won a medal at the exhibition in {place}.", {"shows"}) if number % 2 else ("", set())
        rose = f"The rosebush number {number} in {place} was pruned by the gardener and its roses are red.{show}"
        tree = f"An old oak tree, {number} metres high, is to be planted in the orchard of {place}.{show}"
        found.append(Example(Text(f"r{number}", "A rose story", rose), frozenset({"roses", *extra}), group))
        found.append(Example(Text(f"t{number}", "A tree story", tree), frozenset({"trees", *extra}), group))
        for turn in range(2):
            other = f"The {OTHERS[(number + turn) % 8]} of {place} was the talk of the day and {number} people came."
            found.append(Example(Text(f"o{number}-{turn}", "Town news", other), frozenset(), group))
    return found


@cache
def garden_bytes() -> bytes:
    return fit_model(garden_examples(), gardens(), nothing_known(), Options())


def garden_model(taxonomy: Taxonomy | None = None) -> TopicModel:
    return TopicModel.load(garden_bytes(), taxonomy)


def say(text: str, title: str = "") -> Text:
    return Text("x", title, text)
