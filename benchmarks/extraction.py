"""Extraction beside its open peers, in one environment and one run, on real pages that no model here has seen.

    make bench-extraction        (or python -m benchmarks.extraction [--data ../shared/data] [--limit N])

The data folder holds wcxb/dev with ground-truth/ and html/ (Murrough-Foley/web-content-extraction-benchmark on GitHub,
CC BY 4.0).
Our figures are of five models, each run over the fifth of the domains it was not trained on. They are trained at
the first run (about 20 minutes on one core) and kept in build/extraction. At the end: `name | value | asked | met`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks import metadata
from benchmarks.lines import Measure, print_lines
from benchmarks.peers import BODIES, DUMPS, trafilatura_page
from crawler import truth
from crawler.blocks import Cut
from crawler.extract import Extractor
from crawler.extractor_model import SHIPPED
from crawler.flattening import with_layout
from crawler.measure_extractor import (
    FOUR_KINDS,
    INDEX_KINDS,
    TEXT_KINDS,
    Scores,
    Unseen,
    mean,
    scored,
    share_refused,
)
from crawler.train_extractor import train
from crawler.truth import Example

FOLDS = Path("build/extraction")
SPEED_PAGES, SPEED_TURN, SPEED_ROUNDS = 300, 50, 2


def asked(name: str, value: float, floor: float, reach: float, *, at_most: bool = False) -> list[Measure]:
    """Two lines: against the floor, and against what is reached for."""
    return [
        Measure(f"{name}, {level}", value, bound, at_most, digits=4)
        for level, bound in (("floor", floor), ("reach", reach))
    ]


def unseen_models(examples: Sequence[Example], data: Path, folder: Path) -> Unseen:
    """The fold models kept in a folder, trained first if they are not there or belong to other pages."""
    if not _belongs(folder, examples):
        print(f"training into {folder}", file=sys.stderr)
        train(data, folder / "extractor.npz", _say, folder)
    extractors = [Extractor.load(folder / f"fold{number}.npz") for number in range(truth.FOLDS)]
    return Unseen(extractors, json.loads((folder / "folds.json").read_text()))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _belongs(folder: Path, examples: Sequence[Example]) -> bool:
    """Whether the fold models there were trained on these very pages and with the shipped model's settings."""
    cards = [folder / "extractor.json", SHIPPED.with_suffix(".json")]
    if not (folder / "folds.json").exists() or not all(card.exists() for card in cards):
        return False
    kept, shipped = (json.loads(card.read_text()) for card in cards)
    digest = truth.digest_of(examples)
    return bool(kept["data"]["sha256"] == digest and kept["settings"] == shipped["settings"])


def forgiving(peer: Callable[[Example], str]) -> Callable[[Example], str]:
    """A peer that fails on a page has found nothing there."""

    def found(example: Example) -> str:
        try:
            return peer(example)
        except Exception:
            return ""

    return found


def _table(title: str, systems: Mapping[str, Scores], kinds: Sequence[str]) -> None:
    print(f"\n{title:28s}" + "".join(f"{kind[:9]:>10s}" for kind in kinds) + "   four kinds")
    for name, scores in systems.items():
        cells = "".join(f"{mean(scores, (kind,)):10.3f}" for kind in kinds)
        print(f"{name:28s}{cells}{mean(scores, FOUR_KINDS):13.4f}")


def bodies(examples: Sequence[Example], unseen: Unseen) -> list[Measure]:
    """Word F1 of the body, by kind of page."""
    kinds = sorted({example.kind for example in examples})
    systems = {"ours, unseen": scored(examples, unseen.body)}
    for name, peer in BODIES.items():
        systems[name] = scored(examples, forgiving(lambda page, peer=peer: peer(page.html(), page.url)))
    _table("word F1 of the body", systems, kinds)
    ours = systems["ours, unseen"]
    articles = asked("body F1, articles", mean(ours, ("article",)), 0.948, 0.957)
    return articles + asked("body F1, four kinds", mean(ours, FOUR_KINDS), 0.915, 0.928)


def dumps(examples: Sequence[Example], unseen: Unseen) -> list[Measure]:
    """Word F1 on pages flattened to text."""
    pages = [example for example in examples if example.kind in FOUR_KINDS]
    systems = {"ours, unseen": scored(pages, unseen.dump)}
    for name, peer in DUMPS.items():
        systems[name] = scored(pages, lambda page, peer=peer: peer(with_layout(page.html(), Cut())))
    _table("word F1 on text-only input", systems, FOUR_KINDS)
    return asked("text-only F1, articles", mean(systems["ours, unseen"], ("article",)), 0.925, 0.938)


def refusals(examples: Sequence[Example], unseen: Unseen) -> list[Measure]:
    """Shares refused of what should not be, and of what should."""
    rates = [share_refused(examples, unseen, kinds) for kinds in (TEXT_KINDS, INDEX_KINDS)]
    wrongly = asked("articles and Q&A refused", rates[0], 0.02, 0.01, at_most=True)
    return wrongly + asked("index pages refused", rates[1], 0.60, 0.75)


def speeds(examples: Sequence[Example], shipped: Extractor) -> list[Measure]:
    """Pages per CPU second, ours and trafilatura's in turn on the same pages, body alone and with all facts."""
    step = max(len(examples) // SPEED_PAGES, 1)
    pages = [(example.html(), example.url) for example in examples[::step]]
    runs: dict[str, Callable[[str, str], object]] = {
        "extract_body": shipped.body,
        "trafilatura.extract": BODIES["trafilatura"],
        "extract": shipped.page,
        "bare_extraction": trafilatura_page,
    }
    used = dict.fromkeys(runs, 0.0)
    for run in runs.values():
        _seconds(run, pages[:1])  # what is loaded once
    # In turn by some pages each, so that the machine's other work slows all alike.
    for _ in range(SPEED_ROUNDS):
        for at in range(0, len(pages), SPEED_TURN):
            for name, run in runs.items():
                used[name] += _seconds(run, pages[at : at + SPEED_TURN])
    rates = {name: SPEED_ROUNDS * len(pages) / seconds for name, seconds in used.items()}
    print(f"\npages per CPU second on {len(pages)} pages")
    for name, rate in rates.items():
        print(f"{name:28s}{rate:10.1f}")
    body = asked("speed, body alone", rates["extract_body"] / rates["trafilatura.extract"], 2.5, 4.0)
    return body + asked("speed, body and facts", rates["extract"] / rates["bare_extraction"], 1.5, 2.5)


def _seconds(run: Callable[[str, str], object], pages: Sequence[tuple[str, str]]) -> float:
    start = time.process_time()
    for html, url in pages:
        with contextlib.suppress(Exception):  # a refusal, or a peer that fails on a page, takes its time too
            run(html, url)
    return time.process_time() - start


def facts(folder: Path) -> list[Measure]:
    """Title, author and date of the article pages, by benchmarks.metadata."""
    pages = metadata.read_pages(folder)
    systems = {name: metadata.judge_peer(peer, pages)[0] for name, peer in metadata.PEERS.items()}
    systems["ours, unseen"] = metadata.judge_ours(pages)
    columns = [f"{fact}{what}" for fact in ("title", "author", "date") for what in ("", " false")]
    print(f"\n{f'facts of {len(pages)} articles':28s}" + "".join(f"{column:>14s}" for column in columns))
    for name, shares in systems.items():
        print(f"{name:28s}" + "".join(f"{shares[column]:14.3f}" for column in columns))
    return metadata.measures(systems["ours, unseen"])


def main() -> int:
    """Print a table of systems by kind of page, then one line for each figure that was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--folds", type=Path, default=FOLDS)
    parser.add_argument("--limit", type=int, default=0, help="so many pages only, spread over the folder")
    options = parser.parse_args()
    folder = options.data / "wcxb" / "dev"
    try:
        examples = truth.read_examples(folder)
    except truth.NoExamples as error:
        print(error, file=sys.stderr)
        return 2
    with threadpool_limits(limits=1):
        unseen, shipped = unseen_models(examples, folder, options.folds), Extractor.load(SHIPPED)
        if options.limit:
            examples = examples[:: max(len(examples) // options.limit, 1)]
        print(f"{len(examples)} pages")
        measures = bodies(examples, unseen) + dumps(examples, unseen) + refusals(examples, unseen)
        measures += speeds(examples, shipped)
        measures += facts(folder)
    print_lines(measures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
