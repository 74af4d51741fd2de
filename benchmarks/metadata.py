"""Title, author and date measured: `python -m benchmarks.metadata [../shared/data/wcxb/dev]`.

Ours by five folds grouped by domain (no page is judged by rankers that saw its site), the peers as they come, all on
the article pages and in one run. A title is right where its words equal the truth's (a part behind a separator is
forgiven), an author where the last names agree by half, a date where the day is the same; `false` is an answer where
the truth states none. At the end lines `name | value | asked | met`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from benchmarks.lines import Measure, print_lines
from crawler.article import Clues
from crawler.metadata import read_metadata
from crawler.train_metadata import RIGHT, Labelled, read_pages, read_unseen, scores

SHARED = Path("../shared/data/wcxb/dev")
# Per measure: what is asked at least (or at most), first the floor, then what to reach.
ASKED = {
    "title": (0.88, 0.93),
    "author": (0.75, 0.82),
    "date": (0.85, 0.88),
    "author false": (0.15, 0.10),
    "date false": (0.30, 0.20),
    "title sure": (0.93, 0.96),
    "author sure": (0.95, 0.98),
    "date sure": (0.96, 0.98),
    "title sure on": (0.70, 0.70),
    "author sure on": (0.30, 0.30),
    "date sure on": (0.40, 0.40),
}
Facts = tuple[str, str, str]
Peer = Callable[[str, str], Facts]


def trafilatura(html: str, url: str) -> Facts:
    """trafilatura.bare_extraction, body and all."""
    from trafilatura import bare_extraction

    document: Any = bare_extraction(html, url=url or None, with_metadata=True, include_comments=False)
    found = document.as_dict() if hasattr(document, "as_dict") else document or {}
    return found.get("title") or "", found.get("author") or "", found.get("date") or ""


def newspaper(html: str, url: str) -> Facts:
    """newspaper4k, body and all."""
    import newspaper as library

    article = library.Article(url or "http://example.com/", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return article.title or "", "; ".join(article.authors), str(article.publish_date or "")[:10]


def htmldate(html: str, url: str) -> Facts:
    """htmldate, dates only."""
    from htmldate import find_date

    return "", "", find_date(html, url=url or None, original_date=True) or ""


PEERS: dict[str, Peer] = {"trafilatura": trafilatura, "newspaper": newspaper, "htmldate": htmldate}


def judge_ours(pages: Sequence[Labelled]) -> dict[str, float]:
    """Our shares of each fact, every page read by rankers that saw no page of its site."""
    return scores(pages, read_unseen(pages))


def measures(measured: Mapping[str, float]) -> list[Measure]:
    """Ours beside what was asked: floors, then what to reach."""
    out = []
    for name, (floor, reach) in ASKED.items():
        at_most = name.endswith("false")
        label = name if " " in name else f"{name} right"
        out.append(Measure(label, measured[name], floor, at_most))
        if reach != floor:
            out.append(Measure(f"{label}, to reach", measured[name], reach, at_most))
    return out


def judge_peer(peer: Peer, pages: Sequence[Labelled]) -> tuple[dict[str, float], float]:
    """The shares right and false of each fact, and milliseconds of processor time a page."""
    peer(pages[0].html, pages[0].url)
    answers, start = [], time.process_time()
    for page in pages:
        try:
            answers.append(peer(page.html, page.url))
        except Exception:
            answers.append(("", "", ""))
    cost = (time.process_time() - start) / len(pages) * 1000
    shares = {}
    for position, fact in enumerate(("title", "author", "date")):
        pairs = [(answer[position], str(getattr(page, fact))) for answer, page in zip(answers, pages, strict=True)]
        stated = [RIGHT[fact](said, truth) for said, truth in pairs if truth]
        unstated = [bool(said) for said, truth in pairs if not truth]
        shares[fact] = sum(stated) / max(1, len(stated))
        shares[f"{fact} false"] = sum(unstated) / max(1, len(unstated))
    return shares, cost


def our_cost(pages: Sequence[Labelled]) -> float:
    """Milliseconds of processor time a page, parsing aside: the body needs the same tree."""
    trees = [LexborHTMLParser(page.html) for page in pages]
    read_metadata(trees[0], pages[0].html, pages[0].url, Clues())
    start = time.process_time()
    for tree, page in zip(trees, pages, strict=True):
        read_metadata(tree, page.html, page.url, Clues())
    return (time.process_time() - start) / len(pages) * 1000


def main(arguments: Sequence[str]) -> None:
    """The table of the peers, then our lines."""
    data = Path(arguments[0]) if arguments else SHARED
    if not data.is_dir():
        print(f"skipped: no folder {data}")
        return
    pages = read_pages(data)
    for name, peer in PEERS.items():
        shares, cost = judge_peer(peer, pages)
        print(f"{name:12s} {cost:6.1f} ms  " + "  ".join(f"{fact} {share:.3f}" for fact, share in shares.items()))
    ours = measures(judge_ours(pages))
    print(f"{'ours':12s} {our_cost(pages):6.1f} ms")
    print_lines(ours)


if __name__ == "__main__":
    main(sys.argv[1:])
