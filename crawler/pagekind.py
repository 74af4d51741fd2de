"""Article or index: what is counted of a whole page to tell a text from a list of links to texts."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from selectolax.lexbor import LexborHTMLParser

from crawler.blocks import Cut, Inside
from crawler.choosing import choose, expected_best
from crawler.indexsigns import index_signs
from crawler.lexicon import LexiconScores

Floats = npt.NDArray[np.float64]

LD_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]+)"')
TEXT_TYPES = re.compile(r"Article|Posting|Report|Review|QAPage|Question|WebPageElement|Recipe|HowTo|PressRelease")
INDEX_TYPES = re.compile(r"ItemList|CollectionPage|SearchResultsPage|OfferCatalog|Blog$|CategoryCode|DataCatalog")
INDEX_PATH = re.compile(
    r"/(?:category|categories|tags?|topics?|topic-\w+|author|search|archives?|page|collections?|catalog|list|directory|browse"
    r"|shop|c|news|blog|articles|latest|section|departments?|listings?|subjects?|channel)(?:/|$)"
)
CARD_WORDS = 4
PROSE_WORDS = 12


def page_features(
    cut: Cut, scores: Floats, lexicon: LexiconScores, bar_factor: float, url: str, tree: LexborHTMLParser
) -> tuple[Floats, tuple[str, ...]]:
    """One row of numbers on a page with at least one run, and their names.

    `scores` are the blocks' probabilities of being content; those that `choose` takes by `bar_factor` are the body.
    """
    words = np.array([len(run.text.split()) for run in cut.runs], dtype=np.float64)
    linked = np.array([run.linked / max(len(run.text), 1) for run in cut.runs])
    row = _of_text(words, linked, scores, expected_best(scores, words))
    row |= _of_cards(cut, words, linked, scores)
    row |= _of_address(url)
    row |= _of_markup(tree)
    row |= index_signs(cut, tree, words, linked, scores, choose(scores, words, bar_factor))
    row["names_near"] = float((lexicon.near * words).sum() / max(words.sum(), 1))
    row["names_far"] = float((lexicon.far * words).sum() / max(words.sum(), 1))
    return np.array(list(row.values()), dtype=np.float64), tuple(row)


def _of_text(words: Floats, linked: Floats, scores: Floats, expected: float) -> dict[str, float]:
    total = max(float(words.sum()), 1.0)
    hoped = scores * words
    sure = scores >= 0.5
    prose = (words >= PROSE_WORDS) & (linked < 0.35)
    kept = words[sure]
    return {
        "expected": expected,
        "words": total,
        "hoped": float(hoped.sum()),
        "hoped_part": float(hoped.sum()) / total,
        "kept_runs": float(sure.sum()),
        "kept_words": float(kept.sum()),
        "kept_mean": float(kept.mean()) if len(kept) else 0.0,
        "kept_longest": float(kept.max()) if len(kept) else 0.0,
        "kept_linked": float((linked * words)[sure].sum()) / max(float(kept.sum()), 1.0),
        "kept_prose": float(words[sure & prose].sum()) / max(float(kept.sum()), 1.0),
        "kept_prose_runs": float((sure & prose).sum()),
        "prose": float(words[prose].sum()),
        "prose_part": float(words[prose].sum()) / total,
        "prose_runs": float(prose.sum()),
        "longest": float(words.max()),
        "linked": float((linked * words).sum()) / total,
        "linked_runs": float((linked > 0.8).mean()),
        "runs": float(len(words)),
    }


def _of_cards(cut: Cut, words: Floats, linked: Floats, scores: Floats) -> dict[str, float]:
    """Blocks of one make that repeat: headlines that are links, teasers, prices, dates."""
    elements = cut.elements
    kin: Counter[tuple[str, str, str]] = Counter()
    headlines: Counter[tuple[str, str]] = Counter()
    headings = linked_headings = timed = images = 0
    for at, run in enumerate(cut.runs):
        element = run.element
        parent = max(elements.parent[element], 0)
        heading = bool(elements.inside[element] & Inside.HEADING)
        headings += heading
        timed += run.timed
        images += run.images
        if linked[at] > 0.8 and words[at] >= CARD_WORDS:
            headlines[elements.tag[element], elements.marks[element]] += 1
            linked_headings += heading
        if words[at] >= CARD_WORDS:
            kin[elements.tag[element], elements.marks[element], elements.marks[parent]] += 1
    largest = max(kin.values(), default=0)
    return {
        "kin_largest": float(largest),
        "kin_part": largest / max(sum(kin.values()), 1),
        "headlines": float(sum(headlines.values())),
        "headlines_kin": float(max(headlines.values(), default=0)),
        "headings": float(headings),
        "linked_headings": float(linked_headings),
        "linked_heading_part": linked_headings / max(headings, 1),
        "timed": float(timed),
        "images": float(images),
    }


def _of_address(url: str) -> dict[str, float]:
    try:
        parts = urlsplit(url)
        path, query = parts.path, parts.query
    except ValueError:
        path = query = ""
    segments = [segment for segment in path.split("/") if segment]
    last = segments[-1] if segments else ""
    return {
        "url_known": float(bool(path)),
        "url_depth": float(len(segments)),
        "url_last": float(len(last)),
        "url_hyphens": float(last.count("-") + last.count("_")),
        "url_digits": float(sum(character.isdigit() for character in last)),
        "url_index": float(bool(INDEX_PATH.search(path.lower()))),
        "url_index_last": float(bool(INDEX_PATH.search("/" + last.lower()))),
        "url_dated": float(bool(re.search(r"/(?:19|20)\d\d/", path))),
        "url_query": float(len(query)),
        "url_file": float("." in last),
    }


def _of_markup(tree: LexborHTMLParser) -> dict[str, float]:
    kind = tree.css_first("meta[property='og:type']")
    said = ((kind.attributes.get("content") or "") if kind is not None else "").lower()
    types = [
        found
        for script in tree.css('script[type*="ld+json" i]')[:30]
        for found in LD_TYPE.findall(script.text()[:200_000])[:300]
    ]
    published = tree.css_first("meta[property='article:published_time']") is not None
    return {
        "og_article": float("article" in said or "post" in said),
        "og_product": float("product" in said),
        "og_website": float("website" in said),
        "og_known": float(bool(said)),
        "ld_text": float(sum(bool(TEXT_TYPES.search(found)) for found in types)),
        "ld_index": float(sum(bool(INDEX_TYPES.search(found)) for found in types)),
        "ld_product": float(sum(found == "Product" for found in types)),
        "ld_known": float(bool(types)),
        "published": float(published),
        "articles": float(len(tree.css("article"))),
        "main_headings": float(len(tree.css("h1"))),
    }
