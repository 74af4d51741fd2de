"""Copies and traps: pairs of real articles that are one, or only look like it (`make bench-stories`).

The peer is what readers of feeds do: two articles are one where their titles have the same words.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.lines import Measure, print_lines
from crawler.fingerprint import bands, fingerprint
from crawler.grouping import alike

Pair = dict[str, Any]
COPIES, TRAPS = "one article under two headlines", "two releases that share"


def ours(pair: Pair) -> bool:
    """Whether the two would share a story: they meet in a band, and enough of the shorter one is shared."""
    one, other = fingerprint(pair["a"]["text"]), fingerprint(pair["b"]["text"])
    return bool(set(bands(one)) & set(bands(other))) and alike(one, other) > 0


def same_title(pair: Pair) -> bool:
    words = [set(re.findall(r"\w+", pair[side]["title"].lower())) for side in ("a", "b")]
    return words[0] == words[1]


def share(pairs: list[Pair], why: str, judge: Callable[[Pair], bool]) -> float:
    chosen = [pair for pair in pairs if pair["why"].startswith(why)]
    return sum(judge(pair) for pair in chosen) / max(1, len(chosen))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    pairs = [json.loads(line) for line in (parser.parse_args().data / "topics/pairs.jsonl").open()]
    for why in sorted({pair["why"] for pair in pairs}):
        row = [f"{name} {share(pairs, why, judge):.2f}" for name, judge in (("ours", ours), ("title", same_title))]
        print(f"joined, {why}: {', '.join(row)}")
    start = time.process_time()
    for pair in pairs:
        bands(fingerprint(pair["a"]["text"]))
    speed = len(pairs) / (time.process_time() - start)
    print_lines(
        [
            Measure("copies joined", share(pairs, COPIES, ours)),
            Measure("copies joined by equal titles (peer)", share(pairs, COPIES, same_title)),
            Measure("traps joined", share(pairs, TRAPS, ours)),
            Measure("fingerprints per CPU second", speed, digits=0),
        ]
    )


if __name__ == "__main__":
    main()
