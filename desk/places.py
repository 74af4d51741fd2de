"""Where a fact was found, in an editor's words instead of a web developer's."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crawler.article import Place

WORDS = {
    Place.JSON_LD: gettext_noop("the page's data"),
    Place.META: gettext_noop("the page's tags"),
    Place.MICRODATA: gettext_noop("the page's markup"),
    Place.TIME_ELEMENT: gettext_noop("the visible date"),
    Place.HEADING: gettext_noop("the heading"),
    Place.TITLE_ELEMENT: gettext_noop("the window title"),
    Place.BYLINE: gettext_noop("the byline"),
    Place.URL: gettext_noop("the address"),
    Place.TEXT: gettext_noop("the text"),
    Place.FEED: gettext_noop("the feed"),
    Place.LISTING: gettext_noop("the page that lists it"),
    Place.RULE: gettext_noop("a rule for the site"),
}


def place_words(place: str) -> str:
    """The words for a place; a place that has none says itself."""
    known = {str(key): words for key, words in WORDS.items()}
    return _(known[place]) if place in known else place or _("an unknown place")
