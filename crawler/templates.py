"""What recurs on a site: a bounded sketch of its blocks, learnt from the pages stored.

It marks menus, trending lists and disclaimers. The sketch keeps the commonest blocks by hash, the rarest make room
(Misra-Gries in spirit), and it halves with time, so that a redesigned site is learnt anew.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.article import Block, SiteTemplate
from crawler.refusal import LEAST_WORDS

# 4,000 pairs of numbers are 100 kB as JSON at most.
MOST_BLOCKS = 4000
PAGES_REMEMBERED = 400
# A sentence shared with one or two other pages may be a quote or a reprint. So many pages make it furniture.
LEAST_PAGES = 4
LEAST_SHARE = 0.15
# Where more of the pages that have a block have no other text, the block is what they say, and not the site's.
MOST_EMPTIED = 0.25
# In a line ("3 comments") numbers differ and the words recur; a sentence of more words is about its numbers.
MOST_FOLDED = 12
TAKEN = "site template"
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """All that a template needs of a page: the keys of its blocks, and of each block of its body how many words it has.

    What the template took from the page counts as its body.
    """

    keys: frozenset[int] = frozenset()
    body: tuple[tuple[int, int], ...] = ()


def sketch_of(blocks: Iterable[Block]) -> Sketch:
    """The sketch of a page's blocks."""
    keyed = [(block_key(block.text), block) for block in blocks]
    body = ((key, len(block.text.split())) for key, block in keyed if block.kept or block.why == TAKEN)
    return Sketch(frozenset(key for key, _ in keyed), tuple(body))


def block_key(text: str) -> int:
    """63 bits of a hash of the text, lower-case, in a line with numbers folded, so that "3 comments" recurs."""
    words = text.lower().split()
    folded = DIGITS.sub("0", " ".join(words)) if len(words) <= MOST_FOLDED else " ".join(words)
    digest = hashlib.blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def update(template: SiteTemplate, blocks: Iterable[Block]) -> SiteTemplate:
    """The template with one more page in it. Give each page of a site once, however often it is fetched."""
    return add_page(template, sketch_of(blocks).keys)


def add_page(template: SiteTemplate, keys: frozenset[int]) -> SiteTemplate:
    """The template with the keys of one more page in it."""
    counts = dict(template.counts)
    pages = template.pages + 1
    for key in sorted(keys):
        # Taken out and put back: the newest stand last, and of equal counts the newest are kept.
        counts[key] = counts.pop(key, 0) + 1
    if pages > PAGES_REMEMBERED:
        pages //= 2
        counts = {key: count // 2 for key, count in counts.items() if count > 1}
    if len(counts) > MOST_BLOCKS:
        newest_first = list(reversed(counts.items()))
        kept = sorted(newest_first, key=lambda pair: -pair[1])[:MOST_BLOCKS]
        chosen = {key for key, _ in kept}
        counts = {key: count for key, count in counts.items() if key in chosen}
    return SiteTemplate(pages, tuple(counts.items()))


def recurring(template: SiteTemplate) -> frozenset[int]:
    """The keys of blocks that belong to the site and not to any one page."""
    least = max(LEAST_PAGES, LEAST_SHARE * template.pages)
    return frozenset(key for key, count in template.counts if count >= least)


def is_emptied(page: Sketch, template: SiteTemplate) -> bool:
    """Whether the template takes the body of a page away."""
    known = recurring(template)
    left = sum(words for key, words in page.body if key not in known)
    return left < LEAST_WORDS <= sum(words for _, words in page.body)


def without_texts(template: SiteTemplate, sample: Iterable[Sketch]) -> SiteTemplate:
    """The template without the blocks that are all that their pages say, as the pages of a list of recalls may be."""
    known = recurring(template)
    stands: Counter[int] = Counter()
    alone: Counter[int] = Counter()
    for page in sample:
        stands.update(page.keys & known)
        if is_emptied(page, template):
            alone.update({key for key, _ in page.body} & known)
    texts = {key for key, pages in alone.items() if pages > MOST_EMPTIED * stands[key]}
    return SiteTemplate(template.pages, tuple(pair for pair in template.counts if pair[0] not in texts))


def furniture(texts: Iterable[str], template: SiteTemplate | None) -> list[int]:
    """The places of the texts that recur on the site."""
    if template is None or template.pages < LEAST_PAGES:
        return []
    known = recurring(template)
    return [at for at, text in enumerate(texts) if block_key(text) in known] if known else []


def to_data(template: SiteTemplate) -> Mapping[str, object]:
    """As JSON keeps it."""
    return {"pages": template.pages, "counts": [list(pair) for pair in template.counts]}


def of_data(data: Mapping[str, object]) -> SiteTemplate:
    """The inverse of `to_data`; anything malformed is an empty template."""
    pages, counts = data.get("pages"), data.get("counts")
    if not isinstance(pages, int) or not isinstance(counts, list):
        return SiteTemplate()
    pairs = [pair for pair in counts if isinstance(pair, list | tuple) and len(pair) == 2]
    return SiteTemplate(pages, tuple((int(key), int(count)) for key, count in pairs))
