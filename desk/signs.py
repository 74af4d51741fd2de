"""Signals in an editor's words: what speaks for promotion, and the facts of a study, each with the words it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from classifier.models import Labelling
from classifier.promotion import WEIGHTS
from classifier.signals import Signals, of_data
from crawler.models import Article

SIGNS = {
    "label": gettext_noop("the publisher's label"),
    "address": gettext_noop("the address names it as paid for"),
    "seller": gettext_noop("a seller wrote it"),
    "release": gettext_noop("a release"),
    "booking": gettext_noop("an invitation to book"),
    "offer": gettext_noop("an offer"),
    "company": gettext_noop("a company speaks"),
    "wording": gettext_noop("it announces"),
    "price": gettext_noop("a price"),
    "own voice": gettext_noop("it says “we” and “our”"),
}
FACTS = {
    "design": gettext_noop("Design"),
    "n": gettext_noop("Participants"),
    "journal": gettext_noop("Journal"),
    "doi": gettext_noop("DOI"),
    "pmid": gettext_noop("PMID"),
    "trial": gettext_noop("Trial number"),
    "funder": gettext_noop("Paid for by"),
}
VALUES = (
    gettext_noop("meta-analysis"), gettext_noop("systematic review"), gettext_noop("animal study"),
    gettext_noop("cell study"), gettext_noop("randomised trial"), gettext_noop("placebo-controlled trial"),
    gettext_noop("registry study"), gettext_noop("prospective cohort"), gettext_noop("retrospective cohort"),
    gettext_noop("cohort"), gettext_noop("case series"), gettext_noop("case report"), gettext_noop("trial"),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One sign or fact: its name in words, its value (of a sign its weight), and the words it stands in."""

    name: str
    value: str
    said: str


def signals_of(lead: Article, label: Labelling | None) -> Signals:
    """The signals of this very text; none where it has been changed since they were read."""
    return of_data(label.signals if label is not None and label.digest == lead.digest else {})


def signs_told(signals: Signals) -> list[Told]:
    """What speaks for promotion, the weightiest first."""
    signs = sorted(signals.promotion.signs, key=lambda sign: -WEIGHTS[sign.name])
    return [Told(_(SIGNS[sign.name]), f"{sign.weight:.1f}", sign.said) for sign in signs]


def facts_told(signals: Signals) -> list[Told]:
    """The facts of the study, as far as the text tells them."""
    return [Told(_(FACTS[name]), _value(name, fact.value), fact.said) for name, fact in signals.study.facts()]


def _value(name: str, value: str) -> str:
    if name == "funder" and value == "none":
        return _("nobody, as it says")
    return _(value) if value in VALUES else value
