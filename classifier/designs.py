"""How was the study done that a text reports? The design, from the title or where the text speaks of its own study."""

from __future__ import annotations

import re

from classifier.quoting import NOTHING, Fact, sentence_at, sought

# Reports name their study within so many characters of the text.
OPENING = 500

_NOT = r"(?<!\bnot )(?<!\bno )(?<!non-)(?<!\bwithout )"
# In order: what says most comes first. A value is what a person would call the design.
DESIGNS = tuple(
    (value, sought(marks, rf"{_NOT}\b(?:{pattern})"))
    for value, marks, pattern in (
        ("meta-analysis", "meta", r"meta-?\s?analys[ei]s\b"),
        ("systematic review", " review", r"(?:systematic|scoping|umbrella|cochrane)\s+review"),
        (
            "animal study",
            "mouse|mice|rat |rats|murine|porcine|animal|rabbit|pigs|zebrafish",
            r"(?:mouse|rat|murine|porcine|animal|rabbit)\s+(?:model|study)|(?:in|on)\s+(?:\w+\s+)?(?:mice|rats|pigs|rabbits|zebrafish)\b",
        ),
        (
            "cell study",
            "vitro|cell|fibroblast|keratinocyte",
            r"in\s+vitro\b(?!\s+fertili)|(?:cultured|human)\s+(?:cells|fibroblasts|keratinocytes)|cell\s+(?:lines?|cultures?)\b",
        ),
        (
            "randomised trial",
            "random|rct",
            r"randomi[sz]ed\b|randomly\s+(?:assigned|allocated|divided)|(?:assigned|allocated)\s+(?:at\s+random|randomly)|RCT\b",
        ),
        (
            "placebo-controlled trial",
            "placebo|blind",
            r"placebo[-\s]controlled|(?:with|than|to|or)\s+placebo\b|double[-\s]blind",
        ),
        (
            "registry study",
            "regist",
            r"regist(?:ry|er)\s+(?:of\s+[\d,]+|stud(?:y|ies)|data|analysis|shows?|finds?|suggests?)",
        ),
        (
            "prospective cohort",
            "prospective",
            r"prospective(?:ly)?\s+(?:\w+[-\s]){0,2}(?:cohort|study|comparison|series|followed)",
        ),
        (
            "retrospective cohort",
            "retrospective",
            r"retrospective(?:ly)?\s+(?:\w+[-\s]){0,2}(?:cohort|study|comparison|review(?:ed)?|analysis|series)",
        ),
        ("cohort", "cohort", r"cohort\s+(?:of|study)\b"),
        (
            "retrospective cohort",
            "reviewed",
            r"(?:records|charts)\s+(?:of|from)\b[^.]{0,120}\bwere\s+reviewed|we\s+reviewed\s+(?:all|the\s+records|[\d,]+)",
        ),
        ("prospective cohort", "we followed", r"we\s+followed\s+[\d,]+"),
        ("case series", "series", r"case\s+series|series\s+of\s+[\d,]+\s+(?:cases|patients)"),
        ("case report", "case report", r"case\s+report"),
        (
            "trial",
            "trial|study",
            r"phase\s+(?:[1-4]|I{1,3}V?)[ab]?\s+(?:\w+\s+){0,2}(?:trial|study)\b|(?:open[-\s]label|single[-\s]arm|uncontrolled|pilot)\s+(?:trial|study)\b",
        ),
    )
)
_HEADINGS = re.compile(r"(?im)^\W*(?:(?:patients|materials|participants)\s+and\s+)?methods?\W*$|^\W*results\W*$")
_SECTION = re.compile(r"(?im)^\W*(?:background|introduction|objectives?|aims?)\W*\n+.*$")


def own_part(text: str) -> str:
    """Where a text speaks of its own study: its opening; of an abstract all but what introduces the work of others."""
    if _HEADINGS.search(text):
        return _SECTION.sub("", text)
    end = text.find(".", OPENING)
    return text[: end + 1] if 0 <= end < 2 * OPENING else text[:OPENING]


def design_of(title: str, own: str) -> Fact:
    """The title's word first; that something is a trial says less than how it was done."""
    zones = [(zone, zone.lower()) for zone in (title, own)]
    for designs in (DESIGNS[:-1], DESIGNS[-1:]):
        for zone, lower in zones:
            for value, pattern in designs:
                if match := pattern.search(zone, lower):
                    return Fact(value, sentence_at(zone, *match.span()))
    return NOTHING
