"""Names of authors: from bylines and fields to plain names, credentials kept, lead-ins and roles dropped."""

from __future__ import annotations

import re

MAX_NAMES = 20
CREDENTIALS = frozenset(
    """md dds dmd do phd msc bsc bs ms ma mba mph mps mha rn np pa pac facs facc facp faaos faap fand faan faad frcs frcp
    frcsc mbbs mbchb bch rd rdn ldn lpn dnp pharmd dvm vmd dacvb lvt vts cfp cpa cfa cepf jd esq llm psyd edd drph dsc
    jr sr ii iii iv mw cscs cpt rdh od dc dpt pt ot lcsw lmft lpc cissp cpp psp pmp fache facog foma dabom mrcs frs obe
    mbe ccht mpp mpa msn bsn cnm fnp fnpc ba msw lac dabr fachdm""".split()  # noqa: SIM905
)
# A byline's lead-in, in the languages whose months crawler/dates.py knows.
LEAD = re.compile(
    r"""(?ix)^\W* (?:
      (?:story|words|text|article|post|report|review|interview|written|posted|published|authored|created|contributed
        |submitted|reported|reviewed|compiled|guest\s+post|medically\s+(?:written|authored)|photography|blog)
        (?:\s+(?:and|&)\s+\w+)? \s* (?:by|:) | by | from\s+the\s+desk\s+of
      | (?:the\s+)?(?:author|writer|autor|auteur|autore|auteurs|autores|authors)(?:\(s\)|/s)? \s* [:\-–|]
      | von | par | por | di | door | escrito\s+por | publicado\s+por | scritto\s+da | geschrieben\s+von
      | écrit\s+par | publié\s+par | geschreven\s+door | um\s+artigo\s+de | redactado\s+por | verfasst\s+von
      ) (?:\s*:\s*|\s+) (?:by\s+|:\s*)?"""
)
_ENDS = re.compile(
    r"""(?ix) \s* (?: [|•·»/]
      | \b(?:on|am|le|el|il|em)\s+(?:\w+,?\s+)?(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)
      | \b(?:posted|published|updated|last\s+updated|last\s+modified|reviewed|medically\s+reviewed|fact[\s-]checked|edited)\b
      | [–—]\s | \s-\s | ,?\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day\b
      | ,?\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d | \d{1,2}\s+(?:min|comments?|shares?)\b
      | \b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4} | \b(?:19|20)\d\d\b ) .* $"""
)
_SPLIT = re.compile(
    r"\s*(?:;|\s&\s|\s\+\s|\band\b|\bund\b|\bet\b|\be\b(?=\s+[A-ZÀ-Þ])|\by\b(?=\s+[A-ZÀ-Þ]))\s*",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?://|www\.|^/")
_EDGE = " \t\n\r,;:|·•-–—/\\\"'“”‘’«»()[]<>*#@"


def clean(text: str) -> str:
    """One line of plain text, lead-in dropped, cut where the byline goes on to dates and duties."""
    line = _SPACE.sub(" ", text).strip()
    shorter = LEAD.sub("", line, count=1)
    return _ENDS.sub("", shorter).strip(_EDGE)


def names(text: str) -> tuple[str, ...]:
    """The names in a byline or a field, in order; empty where it holds none.

    >>> names("By Jane Roe, MD and JOHN DOE | March 3, 2024")
    ('Jane Roe, MD', 'John Doe')
    """
    if _ADDRESS.search(text[:300]):
        return ()
    line = clean(text[:600])
    if not line:
        return ()
    found: list[str] = []
    for part in _SPLIT.split(line):
        found.extend(_comma_parts(part))
    kept = [name for name in map(_normal, found) if _is_name(name)]
    return tuple(dict.fromkeys(kept))[:MAX_NAMES]


def last_words(people: tuple[str, ...]) -> frozenset[str]:
    """The last name of each, lower case, credentials aside: by these two places agree or do not."""
    words = (re.findall(r"[^\W_]+", name.partition(",")[0].lower()) for name in people)
    return frozenset(_without_credentials(parts)[-1] for parts in words if parts)


def is_credential(word: str) -> bool:
    return re.sub(r"[^a-z]", "", word.lower()) in CREDENTIALS


def _without_credentials(words: list[str]) -> list[str]:
    end = len(words)
    while end > 1 and words[end - 1] in CREDENTIALS:
        end -= 1
    return words[:end]


def _comma_parts(text: str) -> list[str]:
    """Splits at commas, except before credentials and duties, which stay with their name."""
    out: list[str] = []
    for part in (piece.strip() for piece in text.split(",")):
        if not part:
            continue
        tail = all(is_credential(word) for word in part.split())
        if out and tail:
            out[-1] = f"{out[-1]}, {part}"
        else:
            out.append(part)
    return out


def _normal(name: str) -> str:
    name = name.strip(_EDGE)
    words = name.split()
    if len(words) > 1 and name.isupper() and not any(is_credential(word) for word in words):
        return " ".join(word if len(word) < 3 and "." in word else word.title() for word in words)
    return name


def _is_name(name: str) -> bool:
    return 1 < len(name) <= 80 and len(name.split()) <= 9 and any(c.isalpha() for c in name)
