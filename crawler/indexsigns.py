"""Signs that a page leads to texts and is none: names of its kind, pagers, teasers cut short, and headlines between."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from selectolax.lexbor import LexborHTMLParser

from crawler.blocks import Cut

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# What publishing systems call the kind of a page in the names of its body element.
INDEX_NAME = re.compile(
    r"(?<![a-z])(?:archives?|category|tag|blog|home|search|author|listing|index|taxonomy|tax|collection|directory"
    r"|catalog\w*|list|term|topics?)(?![a-z])"
)
SINGLE_NAME = re.compile(r"(?<![a-z])(?:single|post|postid|article|entry|story|singular|attachment|product)(?![a-z])")
INDEX_TITLE = re.compile(
    r"(?i)\b(?:archives?|category|categories|blog|news|page\s\d|collections?|topics?|all\s(?:posts|articles)|resources?"
    r"|list|directory|latest|home)\b"
)
MORE = re.compile(
    r"(?i)\W*(?:(?:read|learn|see|view|find\sout|show|load|discover|explore)\s+(?:more|full|all|article|story|post)"
    r"|continue\sreading|weiterlesen|lire\sla\ssuite|view\s(?:details|post))"
)
PAGER = re.compile(
    r"(?i)\W*(?:next(?:\spage)?|older(?:\s(?:posts|entries))?|previous\spage|load\smore|show\smore|last|(?:page\s)?\d+)\W*"
)
PAGERS = "[rel~=next],[class*=pagina],[class*=pager]"
CUT_SHORT = ("…", "...", "[…]", "[...]")
LONGEST_MORE, LONGEST_PAGER = 40, 20
HEADLINE_WORDS, HEADLINE_LINKED = 4, 0.8
# A teaser stands at most so many blocks before and after the headline that leads on.
BEFORE, AFTER = 3, 2


def index_signs(
    cut: Cut, tree: LexborHTMLParser, words: Floats, linked: Floats, scores: Floats, kept: Bools
) -> dict[str, float]:
    """One number for each sign. `words` and `linked` are of the page's blocks, `kept` says which are its body."""
    texts = [run.text for run in cut.runs]
    return _names(cut, tree) | _lines(texts, kept) | _headlines(words, linked, scores, kept) | _makes(cut, words, kept)


def _names(cut: Cut, tree: LexborHTMLParser) -> dict[str, float]:
    attributes = tree.body.attributes if tree.body is not None else {}
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()[:2000]
    return {
        "body_index": float(len(INDEX_NAME.findall(names))),
        "body_single": float(len(SINGLE_NAME.findall(names))),
        "title_index": float(bool(INDEX_TITLE.search(cut.title[:500]))),
        "title_words": float(len(cut.title.split())),
        "title_asks": float("?" in cut.title),
        "pager": float(tree.css_first(PAGERS) is not None),
    }


def _lines(texts: Sequence[str], kept: Bools) -> dict[str, float]:
    short = [text.endswith(CUT_SHORT) for text in texts]
    return {
        "more": float(sum(len(text) < LONGEST_MORE and MORE.match(text) is not None for text in texts)),
        "pages": float(sum(len(text) < LONGEST_PAGER and PAGER.fullmatch(text) is not None for text in texts)),
        "cut_short": float(sum(short)),
        "kept_cut_short": float((np.array(short) & kept).sum()),
    }


def _headlines(words: Floats, linked: Floats, scores: Floats, kept: Bools) -> dict[str, float]:
    """How much of the body stands beside lines that are links, and the longest stretch of it without any."""
    leads = (linked > HEADLINE_LINKED) & (words >= HEADLINE_WORDS)
    near = leads.copy()
    for by in range(1, BEFORE + 1):
        near[:-by] |= leads[by:]
    for by in range(1, AFTER + 1):
        near[by:] |= leads[:-by]
    body, hoped = max(float(words[kept].sum()), 1.0), words * scores
    stretch = np.bincount(np.cumsum(leads), weights=np.where(kept & ~leads, words, 0.0))
    return {
        "kept_near_leads": float(words[kept & near].sum()) / body,
        "hoped_near_leads": float(hoped[near].sum()) / max(float(hoped.sum()), 1.0),
        "stretch": float(stretch.max()),
        "stretch_part": float(stretch.max()) / body,
    }


def _makes(cut: Cut, words: Floats, kept: Bools) -> dict[str, float]:
    """The make of block that holds most of the body: its part, and over how many parents it is spread."""
    elements = cut.elements
    held: Counter[tuple[str, str, str, str]] = Counter()
    parents: defaultdict[tuple[str, str, str, str], set[int]] = defaultdict(set)
    for at in np.nonzero(kept)[0].tolist():
        element = cut.runs[at].element
        parent = max(elements.parent[element], 0)
        make = (elements.tag[element], elements.marks[element], elements.tag[parent], elements.marks[parent])
        held[make] += int(words[at])
        parents[make].add(parent)
    (make, most), *_ = held.most_common(1) or [(("", "", "", ""), 0)]
    spread = len(parents[make])
    return {
        "make_part": most / max(float(words[kept].sum()), 1.0),
        "make_parents": float(spread),
        "make_words": most / max(spread, 1),
    }
