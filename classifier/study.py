"""Which study does a text report? Design, participants, journal, numbers, funder: each with the sentence it stands in.

Blank where the text does not say: better no fact than a wrong one. A text speaks of its own study in its title and first
lines, or under the headings of an abstract (CONSORT for abstracts, 2008); a study named further on is another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

from classifier.designs import design_of, own_part
from classifier.fieldwords import NO_WORDS, FieldWords
from classifier.promotion import Piece
from classifier.quoting import NOTHING, Fact, Sought, any_of, sentence_at, sought

# Characters of the name of a journal or a funder.
LONGEST_NAME = 120

# A text without any of these reports no study.
_SPEAKS = (
    "study", "studies", "trial", "cohort", "registr", "register", "researcher", "authors", "analys", "investigator",
    "randomi", "methods", " mice", " rats",
)  # fmt: skip
_NUMBER = r"(\d{1,3}(?:[,\s\u202f]\d{3})+|\d{1,7})"
_PEOPLE = "patients|participants|people|adults|women|men|children|volunteers|subjects|persons|infants|adolescents|cases|events"
_DOI = sought("10.", r"\b10\.\d{4,9}/[^\s\"<>|]{2,100}")
_PMID = sought("pmid|pubmed", r"\bPMID:?\s*(\d{5,8})\b|pubmed\.ncbi\.nlm\.nih\.gov/(\d{5,8})")
_TRIAL = sought(
    "nct|isrctn|actrn|chictr|drks|euctr|ctri/",
    r"\b(NCT\d{8}|ISRCTN\d{8}|ACTRN\d{14}|ChiCTR[-\w]{6,16}|DRKS\d{8}|EUCTR\d{4}-\d{6}-\d{2}|CTRI/\d{4}/\d{2,3}/\d{5,6})\b",
    re.NOFLAG,
)
_TITLE_WORD = r"[A-Z][\w&’'-]*"
_MORE = rf"(?:\s+(?:(?:of|and|in|for|the|&)\s+)*{_TITLE_WORD}){{0,8}}"
_JOURNAL = sought(
    "journal|annals|archives|acta |proceedings|bulletin|lancet|jama|bmj|plos|nature ",
    rf"(?:\bin\s+|\bby\s+)?(?:\bthe\s+|\bThe\s+)?\b((?:{_TITLE_WORD}\s+){{0,4}}(?:Journal|Annals|Archives|Acta|Proceedings|Bulletin){_MORE}"
    r"|(?:The\s+)?Lancet(?:\s[A-Z]\w+)?|JAMA(?:\s[A-Z]\w+){0,4}|(?:The\s+)?BMJ|PLOS\s[A-Z]\w+|Nature\s[A-Z]\w+)",
    re.NOFLAG,
)
_PRINTED = re.compile(
    r"(?i)\b(?:publish\w*|report\w*|appear\w*|print\w*|write\w*|wrote|describ\w*)\b[^.;\n]{0,60}?\b(?:in|by)\s+(?:the\s+)?(?:journal\s+)?$"
)
# Said of a paper that is not the one reported.
_ANOTHER = re.compile(r"(?i)\b(?:another|previous|previously|earlier|prior|past|separate)\b|\bin\s+(?:19|20)\d\d\b")
_OWN_JOURNAL = re.compile(r"^(?:The\s+)?(?:[A-Z]\w+\s+){0,4}(?:Journal|Annals|Archives|Acta|Proceedings|Bulletin)\b")
_FUNDED = sought(
    "funded|supported|sponsored|financed|paid for",
    r"\b(?:study|trial|research|work|registry|register|project|review|analysis|it)\s+(?:is|was|were|has\s+been)\s+(?:partly\s+)?"
    r"(?:funded|supported|sponsored|financed|paid\s+for)\s+by\s+(?:a\s+grant\s+from\s+)?(?:the\s+)?"
    r"|(?:^|\n)(?:funded|supported|sponsored|financed)\s+by\s+(?:a\s+grant\s+from\s+)?(?:the\s+)?",
)
_UNFUNDED = sought(
    "funding", r"\b(?:had|received|with|there\s+was)\s+no\s+(?:outside|external|specific|commercial)?\s*funding\b"
)
_FUNDING = re.compile(
    r"(?im)^\W*(?:funding|funding\s+statement|financial\s+support|sources?\s+of\s+funding)\s*(?:[:.]\s*|\n+)(?=\S)"
)
_NAME_ENDS = re.compile(r"[.,;(\n]|\s+(?:and|which|who|whose|but)\s")


@dataclass(frozen=True)
class Study:
    """Facts of a reported study, each blank where the text does not say."""

    design: Fact = NOTHING
    n: Fact = NOTHING
    journal: Fact = NOTHING
    doi: Fact = NOTHING
    pmid: Fact = NOTHING
    trial: Fact = NOTHING
    funder: Fact = NOTHING

    @property
    def found(self) -> bool:
        """Whether the text reports a study of its own."""
        return bool(self.design or self.trial)

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """The facts that are there, by name."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ((name, fact) for name, fact in named if fact)


def read_study(piece: Piece, words: FieldWords = NO_WORDS) -> Study:
    """The facts of the study that a piece reports."""
    whole = f"{piece.title}\n{piece.text}"
    lower = whole.lower()
    numbers = {
        "doi": _alone(_DOI, piece, whole, lower),
        "pmid": _alone(_PMID, piece, whole, lower),
        "trial": _alone(_TRIAL, piece, whole, lower),
    }
    journal = _journal(piece, lower)
    if not any(mark in lower for mark in _SPEAKS):
        return Study(journal=journal, **numbers)
    own = own_part(piece.text)
    return Study(
        design=design_of(piece.title, own),
        n=_participants(f"{piece.title}\n{own}", words),
        journal=journal,
        funder=_funder(piece.text, lower),
        **numbers,
    )


@lru_cache(maxsize=8)
def _counts(words: FieldWords) -> tuple[re.Pattern[str], ...]:
    """Ways to say how many took part, the surest first."""
    some = rf"(?:[\w-]+\s+){{0,3}}?(?:{_PEOPLE}|{any_of(words.subjects)})\b"
    kinds = r"(?:study|trial|cohort|registry|register|series|review|analysis)"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(?i)\b{kinds}\s+(?:(?:of|with|in|among|included|enrolled|randomi[sz]ed|followed|recruited|comprised)\s+)(?:a\s+total\s+of\s+)?{_NUMBER}\s+{some}",
            rf"(?i)\b{_NUMBER}\s+{some}(?:[^.;]{{0,40}}?)\s+(?:were\s+)?(?:randomi[sz]ed|randomly|assigned|enrolled|recruited|allocated|included)\b",
            rf"(?i)\b(?:randomi[sz]ed|enrolled|recruited|followed|included|reviewed)\s+(?:a\s+total\s+of\s+)?{_NUMBER}\s+{some}",
            rf"(?:^|\n|[.:]\s)(?:In|Of|The|Of the|Among)\s+{_NUMBER}\s+{some}",
            rf"(?:^|\n|[.:]\s)There\s+were\s+{_NUMBER}\s+{some}",
        )
    )  # fmt: skip


def _participants(own: str, words: FieldWords) -> Fact:
    for pattern in _counts(words):
        if match := pattern.search(own):
            return Fact(re.sub(r"\D", "", match[1]), sentence_at(own, *match.span(1)))
    return NOTHING


def _journal(piece: Piece, lower: str) -> Fact:
    """The journal that a report names as the place of publication, or the one that the page itself belongs to."""
    if _OWN_JOURNAL.match(piece.site):
        return Fact(piece.site[:LONGEST_NAME], piece.site)
    if not any(mark in lower for mark in _JOURNAL.marks):
        return NOTHING
    for match in _JOURNAL.pattern.finditer(piece.text):
        if not _PRINTED.search(piece.text, max(0, match.start(1) - 90), match.start(1)):
            continue
        said = sentence_at(piece.text, *match.span(1))
        if not _ANOTHER.search(said):
            return Fact(match[1][:LONGEST_NAME], said)
    return NOTHING


def _alone(number: Sought, piece: Piece, whole: str, lower: str) -> Fact:
    """A number that the address bears, or the only one in the text: among several nobody knows which is its own."""
    if match := number.search(piece.url, piece.url.lower()):
        return Fact(_number(match), piece.url)
    if number.search(whole, lower) is None:
        return NOTHING
    found = {_number(match): match for match in number.pattern.finditer(whole)}
    if len(found) != 1:
        return NOTHING
    ((value, match),) = found.items()
    return Fact(value, sentence_at(whole, *match.span()))


def _number(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), match[0]).rstrip(".,;:)]}'’”")


def _funder(text: str, lower: str) -> Fact:
    """Who paid, as the text names them; "none" where it says that nobody did."""
    if match := _UNFUNDED.search(text, lower):
        return Fact("none", sentence_at(text, *match.span()))
    if match := _FUNDED.search(text, lower):
        rest = text[match.end() : match.end() + LONGEST_NAME]
        if name := _NAME_ENDS.split(rest, maxsplit=1)[0].strip():
            return Fact(name, sentence_at(text, match.start(), match.end()).strip())
    if match := _FUNDING.search(text):
        said = sentence_at(text, match.end(), match.end() + 1)
        nobody = re.match(r"(?i)(?:none|no\s)", said)
        return Fact("none" if nobody else said.rstrip(".")[:LONGEST_NAME], said)
    return NOTHING
