"""What topics are called at the desk: in the language of who sits there."""

from __future__ import annotations

from django.utils import translation

from classifier.models import Topic
from digest.models import Publication


def language() -> str:
    return translation.get_language() or "en"


def called(topic: Topic) -> str:
    return topic.called(language())


def topics_to_choose(publication: Publication) -> list[tuple[str, str]]:
    """Key and name of each topic that may be given, for a form."""
    return [(topic.key, called(topic)) for topic in _current(publication)]


def topics_by_facet(publication: Publication) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same under what each facet is called."""
    found: dict[str, list[tuple[str, str]]] = {}
    for topic in _current(publication):
        found.setdefault(topic.facet_called(language()), []).append((topic.key, called(topic)))
    return list(found.items())


def _current(publication: Publication) -> list[Topic]:
    return list(Topic.objects.filter(taxonomy=publication.taxonomy, retired_at=None))
