"""What is counted of each text block: its shape, its place, what stands around it. One row a block, by arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crawler.blocks import Cut, Inside
from crawler.cues import cue_columns
from crawler.lexicon import WORD, Lexicon, LexiconScores, score, words_of
from crawler.rolling import last_index, shift, window
from crawler.textshape import shapes

Floats = npt.NDArray[np.float64]
Features = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]
Columns = dict[str, Floats]

# A block of this many words, with at most this share of it in links, is taken for prose.
PROSE_WORDS = 12
PROSE_LINKED = 0.35
TAGS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "div", "span", "blockquote", "figcaption",
        "dt", "dd", "pre", "section", "article", "label", "button", "summary", "body", "header", "footer")  # fmt: skip
TAG_CODES = {tag: code + 1 for code, tag in enumerate(TAGS)}
STANDS_IN = {
    name.lower(): getattr(Inside, name)
    for name in ("LINK", "NAV", "HEADER", "FOOTER", "ASIDE", "ARTICLE", "MAIN", "FORM", "LIST", "TABLE", "QUOTE",
                 "FIGURE", "NOSCRIPT", "HIDDEN", "PRE", "BUTTON", "HEADING", "CAPTION")
}  # fmt: skip
# So many elements around a block are looked at, its own included.
LEVELS = 5
# Places of rows in arrays of several columns.
IMAGES, DEPTH = 3, 4
STANDS_BITS = np.array(list(STANDS_IN.values()), dtype=np.int64)[:, None]


class _Page:
    """The columns that many features share, as arrays over runs (`at` gives each run's element)."""

    def __init__(self, cut: Cut, lexicon: Lexicon) -> None:
        runs, elements = cut.runs, cut.elements
        self.cut = cut
        self.count = len(runs)
        self.at = np.array([run.element for run in runs], dtype=np.intp)
        self.parent = np.maximum(np.array(elements.parent, dtype=np.intp), 0)
        self.depth = np.array(elements.depth, dtype=np.float64)
        self.first = np.array(elements.first, dtype=np.intp)
        self.last = np.array(elements.last, dtype=np.intp)
        self.inside = np.array(elements.inside, dtype=np.int64)
        self.shape = shapes([run.text for run in runs])
        self.words = self.shape["words"]
        self.size = self.shape["size"]
        self.linked = np.minimum(np.array([run.linked for run in runs], dtype=np.float64), self.size)
        self.link_share = self.linked / np.maximum(self.size, 1)
        self.prose = (self.words >= PROSE_WORDS) & (self.link_share <= PROSE_LINKED)
        self.prose_words = np.where(self.prose, self.words, 0.0)
        self.tags = np.array([TAG_CODES.get(tag, 0) for tag in elements.tag], dtype=np.float64)
        counted = ("links", "emphasised", "breaks", "images", "timed")
        self.counted = np.array([[getattr(run, name) for run in runs] for name in counted], dtype=np.float64)
        spoken = {text: words_of(text) for text in {run.text: None for run in runs}}
        self.spoken = [spoken[run.text] for run in runs]
        self.scores: LexiconScores = score(cut, lexicon, self.spoken)

    def within(self, values: Floats) -> Floats:
        """The sum over the runs of each element, by differences of running sums."""
        sums = np.concatenate(([0.0], np.cumsum(values)))
        return sums[self.last] - sums[self.first]


def _own(page: _Page) -> Columns:
    """The block by itself."""
    links, emphasised, breaks, images, timed = page.counted
    columns = {f"own_{name}": values for name, values in page.shape.items()}
    columns["own_link_share"] = page.link_share
    columns["own_links"] = links
    columns["own_emphasis"] = emphasised / np.maximum(page.size, 1)
    columns["own_breaks"] = breaks
    columns["own_images"] = images
    columns["own_timed"] = timed
    columns["own_tag"] = page.tags[page.at]
    up = page.parent[page.at]
    columns["parent_tag"] = page.tags[up]
    columns["grandparent_tag"] = page.tags[page.parent[up]]
    columns["depth"] = page.depth[page.at]
    inside = page.inside[page.at]
    stands = (inside & STANDS_BITS) != 0
    columns |= zip(["in_" + name for name in STANDS_IN], stands.astype(np.float64), strict=True)
    columns["score_near"] = page.scores.near
    columns["score_far"] = page.scores.far
    columns["score_worst"] = page.scores.worst
    columns["score_best"] = page.scores.best
    columns["score_words"] = page.scores.words
    columns["score_words_mean"] = page.scores.words / np.sqrt(page.words + 1)
    return columns


def _containers(page: _Page) -> Columns:
    """The elements around the block: how much text they hold, how much of it is prose or links, and where it stands."""
    total = max(float(page.words.sum()), 1.0)
    prose_total = max(float(page.prose_words.sum()), 1.0)
    words, prose = page.within(page.words), page.within(page.prose_words)
    size, linked = page.within(page.size), page.within(page.linked)
    count = (page.last - page.first).astype(np.float64)
    commas = page.within(page.shape["commas"])
    chain = [page.at]
    for _ in range(LEVELS - 1):
        chain.append(page.parent[chain[-1]])
    # All levels at once: a row for each.
    up = np.array(chain)
    held, runs = words[up], np.maximum(count[up], 1)
    safe = np.maximum(held, 1)
    rows = {
        "words": held / total,
        "prose": prose[up] / prose_total,
        "prose_part": prose[up] / safe,
        "linked": linked[up] / np.maximum(size[up], 1),
        "runs": count[up],
        "run_words": held / runs,
        "commas": commas[up] / safe,
        "place": (np.arange(page.count) - page.first[up]) / runs,
    }
    return {f"up{level}_{name}": values[level] for level in range(LEVELS) for name, values in rows.items()}


def _core(page: _Page) -> Columns:
    """Where the block stands to the deepest elements that hold most of the prose, and to the richest single parent."""
    columns: Columns = {}
    order = np.arange(page.count)
    prose = page.within(page.prose_words)
    total = max(float(page.prose_words.sum()), 1.0)
    for share in (0.35, 0.6, 0.85):
        holders = np.nonzero(prose >= share * total)[0]
        core = int(holders[-1]) if len(holders) else 0
        key = f"core{round(100 * share)}_"
        first, last = page.first[core], page.last[core]
        columns[key + "side"] = np.where(order < first, -1.0, np.where(order >= last, 1.0, 0.0))
        columns[key + "levels"] = page.depth[page.at] - page.depth[core]
        columns[key + "place"] = (order - first) / max(last - first, 1)
    own = np.bincount(page.parent[page.at], weights=page.prose_words, minlength=len(page.parent))
    own += np.bincount(page.at, weights=page.prose_words, minlength=len(page.parent))
    richest = int(np.argmax(own))
    columns["rich_part"] = own[page.parent[page.at]] / max(float(own[richest]), 1.0)
    shared = np.zeros(page.count)
    chain = []
    while richest:
        chain.append(richest)
        richest = int(page.parent[richest])
    for element in reversed(chain):
        shared[page.first[element] : page.last[element]] = page.depth[element]
    deepest = page.depth[chain[0]] if chain else 0.0
    columns["rich_above"] = deepest - shared
    columns["rich_below"] = page.depth[page.at] - shared
    return columns


def _kin(page: _Page) -> Columns:
    """Blocks of the same make (tag and names, own and parent's) elsewhere on the page, and equal texts."""
    elements = page.cut.elements
    codes: dict[str, int] = {}
    keys = []
    paths = []
    texts: dict[str, int] = {}
    earlier: list[int] = []
    tags, marks, above = elements.tag, elements.marks, elements.parent
    for run in page.cut.runs:
        element = run.element
        parent = max(above[element], 0)
        grand = max(above[parent], 0)
        tag, around = tags[element], tags[parent]
        keys.append(codes.setdefault(f"{tag} {around} {marks[element]}\n{marks[parent]}", len(codes)))
        paths.append(codes.setdefault(f"{tag} {around} {tags[grand]} {elements.depth[element]}\n\n", len(codes)))
        earlier.append(texts.get(run.text, 0))
        texts[run.text] = earlier[-1] + 1
    columns: Columns = {
        "own_copies": np.array([texts[run.text] for run in page.cut.runs], dtype=np.float64),
        "own_earlier": np.array(earlier, dtype=np.float64),
    }
    for name, groups in (("kin", np.array(keys)), ("path", np.array(paths))):
        number = np.bincount(groups, minlength=len(codes)).astype(np.float64)
        safe = np.maximum(number, 1)
        for what, values in (
            ("words", page.words),
            ("linked", page.link_share),
            ("prose", page.prose.astype(np.float64)),
            ("score", page.scores.words),
            ("near", page.scores.near),
        ):
            mean = np.bincount(groups, weights=values, minlength=len(codes)) / safe
            columns[f"{name}_{what}"] = mean[groups]
        columns[name + "_number"] = number[groups]
        held = np.bincount(groups, weights=page.prose_words, minlength=len(codes))
        columns[name + "_prose_part"] = held[groups] / max(float(page.prose_words.sum()), 1.0)
    return columns


def _neighbours(page: _Page) -> Columns:
    """The blocks before and after."""
    columns: Columns = {}
    tag = page.tags[page.at]
    depth = page.depth[page.at]
    same = (page.parent[page.at][1:] == page.parent[page.at][:-1]).astype(np.float64)
    columns["same_parent_before"] = np.concatenate(([0.0], same))
    columns["same_parent_after"] = np.concatenate((same, [0.0]))
    shown = {
        "words": page.words, "linked": page.link_share, "score": page.scores.words, "near": page.scores.near,
        "depth": depth, "tag": tag, "stopped": page.shape["stopped"], "images": page.counted[IMAGES],
    }  # fmt: skip
    values = np.array(list(shown.values()))
    for by in (-2, -1, 1, 2):
        moved = shift(values, by)
        moved[DEPTH] -= depth
        columns |= zip([f"next{by}_{name}" for name in shown], moved, strict=True)
    around = {
        "words": page.words, "prose": page.prose_words, "linked": page.link_share, "score": page.scores.words,
        "near": page.scores.near, "far": page.scores.far,
    }  # fmt: skip
    values = np.array(list(around.values()))
    for reach in (3, 10):
        columns |= zip([f"window{reach}_{name}" for name in around], window(values, reach), strict=True)
    return columns


def _place(page: _Page) -> Columns:
    """Where the block stands on the page, after which heading, and how near to prose and to the page's title."""
    order = np.arange(page.count)
    before = np.concatenate(([0.0], np.cumsum(page.words)[:-1]))
    prose_before = np.concatenate(([0.0], np.cumsum(page.prose_words)[:-1]))
    total, prose_total = max(float(page.words.sum()), 1.0), float(page.prose_words.sum())
    columns: Columns = {
        "place": order / page.count,
        "place_words": before / total,
        "place_prose": prose_before / max(prose_total, 1.0),
        "prose_before": prose_before,
        "prose_after": prose_total - prose_before - page.prose_words,
    }
    heading = (page.inside[page.at] & Inside.HEADING) != 0
    above = last_index(np.concatenate(([False], heading[:-1])))
    known = above >= 0
    columns["heading_ago"] = np.where(known, order - above, np.nan)
    columns["heading_score"] = np.where(known, page.scores.words[above], np.nan)
    columns["heading_linked"] = np.where(known, page.link_share[above], np.nan)
    columns["heading_tag"] = np.where(known, page.tags[page.at][above], np.nan)
    columns["heading_depth"] = np.where(known, page.depth[page.at] - page.depth[page.at][above], np.nan)
    last_prose = last_index(page.prose)
    columns["prose_ago"] = np.where(last_prose >= 0, order - last_prose, np.nan)
    next_prose = page.count - 1 - last_index(page.prose[::-1])[::-1]
    columns["prose_ahead"] = np.where(next_prose < page.count, next_prose - order, np.nan)
    cues = cue_columns([run.text for run in page.cut.runs], page.depth[page.at])
    columns["heading_cue"] = np.where(known, cues["cue"][above], np.nan)
    return columns | cues | _title(page, order)


def _title(page: _Page, order: Ints) -> Columns:
    """Likeness of each block to the page's title element, and the distance to the block that shows the title."""
    wanted = set(WORD.findall(page.cut.title.lower()))
    likeness = np.zeros(page.count)
    if wanted:
        for index, spoken in enumerate(page.spoken):
            shared = len(wanted.intersection(spoken))
            if shared:
                likeness[index] = shared / (len(wanted) + len(set(spoken)) - shared)
    first_heading = page.tags[page.at] == TAG_CODES["h1"]
    shown = likeness + 0.5 * first_heading
    at = int(np.argmax(shown)) if page.count else 0
    known = bool(shown[at] >= 0.4)
    since = (order - at).astype(np.float64) if known else np.full(page.count, np.nan)
    return {"title_likeness": likeness, "title_since": since, "title_tag": first_heading.astype(np.float64)}


def _stated(page: _Page) -> Columns:
    """How much of each block the page's own data repeats as the article's body; NaN where they hold none."""
    if not page.cut.stated:
        return {"stated": np.full(page.count, np.nan)}
    known = set(_triples(WORD.findall(page.cut.stated.lower())))
    shares = []
    for run in page.cut.runs:
        triples = _triples(WORD.findall(run.text.lower()))
        shares.append(sum(triple in known for triple in triples) / len(triples) if triples else np.nan)
    return {"stated": np.array(shares)}


def _triples(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(words, words[1:], words[2:], strict=False))


def _whole(page: _Page) -> Columns:
    """The page itself, the same for all its blocks."""
    total = max(float(page.words.sum()), 1.0)
    values = {
        "page_runs": float(page.count),
        "page_words": total,
        "page_prose": float(page.prose_words.sum()) / total,
        "page_prose_words": float(page.prose_words.sum()),
        "page_linked": float(page.linked.sum()) / max(float(page.size.sum()), 1.0),
        "page_headings": float(((page.inside[page.at] & Inside.HEADING) != 0).mean()),
        "page_images": float(page.counted[IMAGES].sum()),
    }
    rows = np.repeat(np.array(list(values.values()))[:, None], page.count, axis=1)
    return dict(zip(values, rows, strict=True))


def block_features(cut: Cut, lexicon: Lexicon) -> tuple[Features, tuple[str, ...], LexiconScores]:
    """A matrix (runs, features), the features' names, and the lexicon's sums. The page must have at least one run."""
    page = _Page(cut, lexicon)
    columns: Columns = {}
    for part in (_own, _containers, _core, _kin, _neighbours, _place, _stated, _whole):
        columns |= part(page)
    # As the trees were trained: single precision, which halves the memory of a long page too.
    rows = np.array(list(columns.values()), dtype=np.float32)
    return np.ascontiguousarray(rows.T), tuple(columns), page.scores
