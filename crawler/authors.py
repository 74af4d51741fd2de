"""Names of authors: from bylines and fields to plain names, credentials kept, lead-ins, dates and duties dropped."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_NAMES = 20
MAX_NAME = 80  # characters
CREDENTIALS = frozenset(
    """ac ba bch bcom bds bs bsc bsn ccht ccrn cepf cfa cfp chfc cissp clt cma cnm cpa cpp cpt crnp cscs dabom dabr
    dacvb dc dds dmd dnp do dphil dpt drph dsc dvm ea edd esq faad faan faaos facc facfas fachdm faclm facog
    facp facs fand ficd fnp fnpc foma fracgp frcp frcs frcsc frcseng frs ibclc ii iii iv jd jr lac lcsw ldn llb
    llm lmft lpc lpn lvt ma mba mbbch mbbs mbchb mbe md mdiv med meng mfa mha mpa mpas mph mpp mps mrcp mrcs ms
    msc msed msn msw mw nasm nd np obe ot pa pac pe pharmd phd phr pmp psp psyd pt rd rdh rdn rn rnc rpt scd
    shrm sr vmd vts""".split()  # noqa: SIM905
)
PARTICLES = frozenset(
    {"de", "da", "do", "dos", "del", "della", "di", "der", "den", "van", "von", "la", "le", "bin", "al"}
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|ene|abr|ago|dic|janv|févr|avr|juil|août|déc)"
)
# A byline's lead-in, in the languages whose months crawler/dates.py knows.
LEAD = re.compile(
    r"""(?ix)^\W* (?:
      (?:(?:view|see|read)\s+)? (?:all|more|other)?\s* (?:posts|articles|stories|content|news)\s+ (?:by|from|of)
      | (?:(?:this|the|our)\s+)?(?:story|words|text|article|post|blog|report|review|interview|written|posted|published
        |authored|created|contributed|submitted|reported|compiled|guest\s+post|content|photography|column|essay|guest)
        (?:\s+(?:was|is))? (?:\s+(?:written|posted|published))? (?:\s+(?:and|&)\s+\w+)? \s* (?:by|:) | by
      | from\s+the\s+desk\s+of | (?:about|meet)\s+(?:the\s+)?(?:author|writer)s? \s* [:\-–|]?
      | (?:the\s+|post\s+)?(?:author|writer|contributor|autor|auteur|autore|name)(?:e?s|\(s\)|/s)? \s* [:\-–|]
      | (?:post|blog|article)\s+author | medically\s+(?:written|authored)\s+by | meet | about | hi,?\s+i['’]?m
      | von | par | por | di | door | escrito\s+por | publicado\s+por | scritto\s+da | geschrieben\s+von
      | écrit\s+par | publié\s+par | geschreven\s+door | redactado\s+por | verfasst\s+von | avatar\s+of | photo\s+of
      ) (?:\s*:\s*|\s+|$) (?:by\s+|:\s*)?"""
)
_DATE = (
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:{_MONTH}[a-z]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH}[a-zäéû]*\.?(?:,?\s+\d{{4}})?|\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}"
    rf"|{_MONTH}[a-z]*\s+\d{{4}})"
)
_LEADING_DATE = re.compile(
    rf"(?i)^\W*(?:(?:posted|published|updated)?\s*(?:on)?\s*)?{_DATE}(?:\s*,?\s*\d{{1,2}}:\d\d(?:\s*[ap]m)?)?\W*"
)
_ENDS = re.compile(
    rf"""(?ix) \s* (?: [|•·»/]
      | \b(?:on|am|le|el|il|em)\s+(?:\w+,?\s+)?{_DATE} | ,?\s*{_DATE}
      | \b(?:posted|published|updated|last\s+updated|last\s+modified|(?:medically\s+|expert\s+)?reviewed
        |fact[\s-]checked|edited|filed\s+under|on\s+behalf\s+of|follow|share|read\s+more|see\s+full|full\s+bio
        |view\s+bio|view\s+profile|all\s+rights)\b
      | [–—]\s | \s-\s | \d+\s+(?:min|comments?|shares?|views)\b | \b(?:19|20)\d\d\b
      | (?<=\w\w\w)\.\s+(?-i:[A-Z])\w+\s+(?-i:[a-z])\w* ) .* $"""
)
_SPLIT = re.compile(
    r"\s*(?:;|\s&\s|\s\+\s|\band\b|\bund\b|\bet\b|\be\b(?=\s+[A-ZÀ-Þ])|\by\b(?=\s+[A-ZÀ-Þ])|\bwith\b)\s*", re.IGNORECASE
)
_DUTY = re.compile(
    r"""(?ix)\b(?:senior|junior|sr\.?|chief|head|lead|principal|associate|assistant|deputy|managing|staff|contributing
    |freelance|editor|editors|writer|reporter|columnist|correspondent|contributor|manager|director|president|founder
    |co-?founder|ceo|cto|cmo|coo|vp|officer|specialist|analyst|expert|consultant|engineer|developer|designer
    |strategist|author|blogger|journalist|producer|attorney|lawyer|professor|lecturer|researcher|scientist|dietitian
    |nutritionist|physician|surgeon|dermatologist|therapist|coach|trainer|marketer|representative|coordinator|intern
    |owner|partner|advisor|adviser|student|fellow|educator|copywriter
    |\w+(?:ologist|alist|icist))\b"""
)
_DUTY_TAIL = re.compile(
    r"\s+(?:Senior|Staff|Chief|Managing|Contributing|Freelance|Associate|Assistant|Deputy|Lead|Editor|Writer|Reporter"
    r"|Columnist|Correspondent|Contributor|Author|Founder|CEO|Director|Manager|Head of)\b.*$"
)
_NOT_A_NAME = re.compile(
    r"(?i)^(?:written|posted|published|author|by|admin(?:istrator)?|webmaster|user|editor|name|unknown|none|null|undefined|anonymous"
    r"|share|menu|home|blog|news|read more|about us|contact us|privacy policy|comments?|reviewed|updated|\W*)$"
)
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?://|www\.|^/")
_PARENTHESES = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]?")
_FAMILY_FIRST = re.compile(r"[^\W\d_][\w'’ -]{0,30},\s*[^\W\d_][\w.'’ -]{0,30}")
_EDGE = ' \t\n\r,;:|·•-–—/\\"“”‘«»()[]<>*#@&!'


def clean(text: str) -> str:
    """One line of plain text, lead-in dropped, cut where the byline goes on to dates and duties."""
    line = _LEADING_DATE.sub("", _SPACE.sub(" ", text).strip(), count=1)
    for _ in range(2):
        line = LEAD.sub("", line, count=1)
    return _ENDS.sub("", line).strip(_EDGE)


@lru_cache(maxsize=2048)
def names(text: str) -> tuple[str, ...]:
    """The names in a byline or a field, in order; empty where it holds none.

    >>> names("By Jane Roe, MD and JOHN DOE | March 3, 2024")
    ('Jane Roe, MD', 'John Doe')
    """
    if _ADDRESS.search(text[:300]):
        return ()
    line = clean(text[:600])
    found: list[str] = []
    for part in _given_name_first(_SPLIT.split(line)) if line else ():
        found.extend(_comma_parts(_PARENTHESES.sub(" ", part), behind=bool(found)))
    kept = [name for name in map(_normal, found) if _is_name(name)]
    return tuple(dict.fromkeys(kept))[:MAX_NAMES]


@lru_cache(maxsize=2048)
def last_words(people: tuple[str, ...]) -> frozenset[str]:
    """The last name of each, lower case, credentials aside: by these two places agree or do not."""
    words = (re.findall(r"[^\W_]+", name.partition(",")[0].lower()) for name in people)
    return frozenset(_without_credentials(parts)[-1] for parts in words if parts)


def without_credentials(name: str) -> str:
    """The name before its degrees."""
    return name.partition(",")[0].strip()


def is_credential(word: str) -> bool:
    """Whether a word is a degree, a licence or a generation (MD, FACS, RDN, Jr.)."""
    return re.sub(r"[^a-z]", "", word.lower()) in CREDENTIALS


def looks_personal(name: str) -> bool:
    """Two to four words, each with a capital first letter."""
    words = name.partition(",")[0].split()
    return (
        2 <= len(words) <= 4
        and all(word[0].isupper() or word in PARTICLES for word in words)
        and all(re.fullmatch(r"[^\W\d_][\w.'’-]*", word) for word in words)
    )


def _without_credentials(words: list[str]) -> list[str]:
    end = len(words)
    while end > 1 and words[end - 1] in CREDENTIALS:
        end -= 1
    return words[:end]


def _given_name_first(parts: list[str]) -> list[str]:
    """ "Roe, Jane; Doe, John" -> "Jane Roe", "John Doe", where all parts of several are of that form."""
    if len(parts) < 2 or not all(_FAMILY_FIRST.fullmatch(part) for part in parts):
        return parts
    pairs = [[half.strip() for half in part.split(",")] for part in parts]
    return (
        parts if any(is_credential(given) for _, given in pairs) else [f"{given} {family}" for family, given in pairs]
    )


def _comma_parts(text: str, *, behind: bool = False) -> list[str]:
    """Splits at commas; credentials stay with their name, duties are dropped behind one."""
    out: list[str] = []
    for part in (piece.strip(_EDGE) for piece in _once(text).split(",")):
        if not part:
            continue
        if out and (all(map(is_credential, part.split())) or _is_short_form(part, out[-1])):
            out[-1] = f"{out[-1]}, {part}"
        elif (out or behind) and _is_duty(part):
            break  # what follows a duty is where it is done
        else:
            out.append(part)
    return out


def _once(text: str) -> str:
    """A text that stands twice in a row (for screens of two widths) once."""
    words = text.split()
    half = len(words) // 2
    twice = half > 0 and [word.strip(",") for word in words[:half]] == [word.strip(",") for word in words[half:]]
    return " ".join(words[:half]) if twice else text


def _is_short_form(part: str, name: str) -> bool:
    """Letters like FOMA or E-RYT 200 behind a name that is not itself in capitals."""
    return part.isupper() and not name.isupper() and all(len(word) <= 6 for word in part.split()) and len(part) <= 16


def _is_duty(part: str) -> bool:
    words = part.split()
    small = sum(word[0].islower() and word not in PARTICLES for word in words)
    return bool(_DUTY.search(part)) or (len(words) > 1 and small > 0)


def _normal(name: str) -> str:
    words = _once(name.strip(_EDGE)).split()
    if len(words) > 2 and words[0].isupper() and words[0] == "".join(word[0] for word in words[1:]).upper():
        words = words[1:]
    joined = " ".join(words)
    if len(words) > 2 and not _DUTY_TAIL.match(joined):
        joined = _DUTY_TAIL.sub("", joined)
    if len(words) > 1 and joined.isupper() and not any(is_credential(word) for word in words):
        return " ".join(word if len(word) < 3 and "." in word else word.title() for word in joined.split())
    return joined


def _is_name(name: str) -> bool:
    return (
        1 < len(name) <= MAX_NAME
        and len(name.split()) <= 9
        and any(character.isalpha() for character in name)
        and "@" not in name
        and not _NOT_A_NAME.match(name)
    )
