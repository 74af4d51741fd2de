"""Score fold models on the pages they have not seen: the figures of the model card."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from crawler.article import NotAnArticle
from crawler.blocks import Cut
from crawler.extract import Extractor
from crawler.flattening import with_layout
from crawler.truth import Example, word_f1, words_of

FOUR_KINDS = ("article", "forum", "service", "documentation")
TEXT_KINDS = ("article", "forum")
INDEX_KINDS = ("listing", "collection")

Scores = Mapping[str, Sequence[float]]


class Unseen:
    """Extractors by fold, and for each page the one that was not trained on its domain."""

    def __init__(self, extractors: Sequence[Extractor], fold_of: Mapping[str, int]) -> None:
        self.extractors, self.fold_of = extractors, fold_of

    def of(self, example: Example) -> Extractor:
        """The extractor for a page."""
        return self.extractors[self.fold_of[example.key]]

    def body(self, example: Example) -> str:
        """The text of the body alone, blank where the page cannot be parsed."""
        try:
            return self.of(example).body(example.html(), example.url).text
        except NotAnArticle:
            return ""

    def dump(self, example: Example) -> str:
        """The text found in the page once it is flattened to lines; a refusal is scored by what it carries."""
        try:
            return self.of(example).text(with_layout(example.html(), Cut()), example.url).text
        except NotAnArticle as refusal:
            return refusal.article.text if refusal.article else ""

    def refuses(self, example: Example) -> bool:
        """Whether the page is judged to be no article, for whatever reason."""
        try:
            self.of(example).page(example.html(), example.url)
        except NotAnArticle:
            return True
        return False


def scored(examples: Iterable[Example], text_of: Callable[[Example], str]) -> dict[str, list[float]]:
    """Word F1 of each page, by kind of page."""
    found: dict[str, list[float]] = defaultdict(list)
    for example in examples:
        text = text_of(example)
        found[example.kind].append(word_f1(Counter(words_of(text)), Counter(words_of(example.body))))
    return found


def mean(scores: Scores, kinds: Sequence[str]) -> float:
    """The mean over all pages of some kinds; 0 where there are none."""
    values = [value for kind in kinds for value in scores.get(kind, ())]
    return statistics.mean(values) if values else 0.0


def share_refused(examples: Sequence[Example], unseen: Unseen, kinds: Sequence[str]) -> float:
    """The share of the pages of some kinds that are refused."""
    pages = [example for example in examples if example.kind in kinds]
    return sum(map(unseen.refuses, pages)) / max(len(pages), 1)


def measure(examples: Sequence[Example], unseen: Unseen) -> dict[str, float]:
    """The figures of the card, to three decimals."""
    bodies = scored(examples, unseen.body)
    dumps = scored([example for example in examples if example.kind == "article"], unseen.dump)
    figures = {
        "body F1, articles": mean(bodies, ("article",)),
        "body F1, articles, forum, service, documentation": mean(bodies, FOUR_KINDS),
        "text-only F1, articles": mean(dumps, ("article",)),
        "articles and Q&A refused": share_refused(examples, unseen, TEXT_KINDS),
        "listing and collection pages refused": share_refused(examples, unseen, INDEX_KINDS),
    }
    figures |= {f"body F1, {kind} pages": mean(bodies, (kind,)) for kind in sorted(bodies)}
    return {name: round(value, 3) for name, value in figures.items()}
