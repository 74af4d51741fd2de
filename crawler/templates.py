"""What recurs on a site: a bounded sketch of its blocks, learnt from the pages stored.

It marks menus, trending lists and disclaimers. The sketch keeps the commonest blocks by hash, the rarest make room
(Misra-Gries in spirit), and it halves with time, so that a redesigned site is learnt anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from crawler.article import Block, SiteTemplate

# 4,000 pairs of numbers are 100 kB as JSON at most.
MOST_BLOCKS = 4000
PAGES_REMEMBERED = 400
# A sentence shared with one or two other pages may be a quote or a reprint. So many pages make it furniture.
LEAST_PAGES = 4
LEAST_SHARE = 0.15
DIGITS = re.compile(r"\d+")


def block_key(text: str) -> int:
    """63 bits of a hash of the text, lower-case, with numbers folded, so that "3 comments" recurs."""
    folded = DIGITS.sub("0", " ".join(text.lower().split()))
    digest = hashlib.blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def update(template: SiteTemplate, blocks: Iterable[Block]) -> SiteTemplate:
    """The template with one more page in it. Give each page of a site once, however often it is fetched."""
    return add_page(template, keys_of(blocks))


def keys_of(blocks: Iterable[Block]) -> frozenset[int]:
    """The keys of a page's blocks: all that the template needs of the page."""
    return frozenset(block_key(block.text) for block in blocks)


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
