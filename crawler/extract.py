"""What a reader came for, out of a page or a text-only dump: body, title, author, date and the rest.

article = extract(html, url)          # Article, or NotAnArticle is raised
body = extract_body(html, url)        # text and HTML only: the fast path
article = extract_text(dump)          # a page as WET files and the like have it
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from selectolax.lexbor import LexborHTMLParser

from crawler import dumps, refusal
from crawler.article import (
    Article,
    Block,
    Body,
    Clues,
    Evidence,
    FeedItem,
    NotAnArticle,
    Place,
    Precision,
    Reason,
    Reuse,
    Said,
    SiteRules,
    SiteTemplate,
    TextFrom,
)
from crawler.besides import besides
from crawler.blocks import MOST_RUNS, Cut, cut
from crawler.charset import decode, header_charset
from crawler.choosing import choose, second_copies
from crawler.extractor_model import SHIPPED, ExtractorModel
from crawler.features import block_features
from crawler.language import language_of
from crawler.lexicon import LexiconScores
from crawler.lines import Line, cut_lines, line_features
from crawler.metadata import Metadata, read_metadata
from crawler.pagekind import page_features
from crawler.render import body_html, body_text
from crawler.rules import Ruled, apply_rules
from crawler.templates import TAKEN, furniture

__all__ = [
    "Article", "Block", "Body", "Clues", "Evidence", "Extractor", "FeedItem", "NotAnArticle", "Place", "Precision",
    "Reason", "Reuse", "Said", "SiteRules", "SiteTemplate", "TextFrom", "extract", "extract_body", "extract_text",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
NO_CLUES = Clues()
STATED = "articleBody"
SURE_LANGUAGE = 0.9
# Inside what an editor's rule keeps, a block needs so much less to be kept.
RULED_FACTOR = 0.3
# An index leads somewhere: it has at least so many lines of some words that are links.
LEAST_HEADLINES = 3


@dataclass(frozen=True)
class _Judged:
    """A page's blocks with their scores, which of them are the body, and why the others are not."""

    page: Cut
    scores: Floats
    words: Floats
    lexicon: LexiconScores | None
    kept: list[int]
    why: dict[int, str]

    def body(self, url: str) -> Body:
        """The kept blocks as text and HTML, all blocks beside."""
        chosen = set(self.kept)
        tags = self.page.elements.tag
        why = self.why.get
        blocks = [
            Block(run.text, score, at in chosen, tags[run.element], why(at, "score"))
            for at, (run, score) in enumerate(zip(self.page.runs, self.scores.tolist(), strict=True))
        ]
        return Body(body_text(self.page, self.kept), body_html(self.page, self.kept, url), tuple(blocks))


@dataclass(frozen=True)
class PageRead:
    """All that reading a page gave: the article, the blocks it was chosen from, and why it is none, if so."""

    article: Article
    body: Body
    refusal: NotAnArticle | None

    def accepted(self) -> Article:
        """The article; raises the refusal where there is one."""
        if self.refusal is not None:
            raise self.refusal
        return self.article


class Extractor:
    """A fitted model at work. Holds no state beside it, so one serves any number of threads."""

    def __init__(self, model: ExtractorModel) -> None:
        self.model = model

    @classmethod
    def load(cls, path: Path) -> Extractor:
        """The extractor of a model file that `glabella train-extractor` wrote."""
        return cls(ExtractorModel.load(path))

    def body(self, html: str | bytes, url: str) -> Body:
        """Text and HTML of the body and nothing else. Raises NotAnArticle for what cannot be parsed at all."""
        raw = refusal.guard(html, url)
        text = decode(html) if isinstance(html, bytes) else html
        tree = parse(text) if isinstance(html, bytes) else LexborHTMLParser(raw)
        return self._judged(cut(tree, stated=STATED in text)).body(url)

    def page(self, html: str | bytes, url: str, clues: Clues = NO_CLUES) -> Article:
        """The article of a page. Raises NotAnArticle, which carries what was found all the same."""
        return self.read(html, url, clues).accepted()

    def read(self, html: str | bytes, url: str, clues: Clues = NO_CLUES) -> PageRead:
        """The article, its blocks and the refusal of a page. Raises NotAnArticle for what cannot be parsed at all."""
        raw = refusal.guard(html, url)
        text = decode(html, header_charset(clues.headers)) if isinstance(html, bytes) else html
        tree = parse(text) if isinstance(html, bytes) else LexborHTMLParser(raw)
        ruled = apply_rules(text, clues.rules) if clues.rules else Ruled(text, {}, ())
        facts = read_metadata(tree, text, url, clues, ruled.said)
        judged = self._judged(cut(parse(ruled.html) if clues.rules else tree), clues.template, ruled.kept)
        body = judged.body(url)
        article = _article(url, facts, body, ruled.unmatched)
        refused = refusal.judge(
            article.title,
            body.text,
            body.blocks,
            paywalled=facts.paywalled,
            index_chance=0.0 if ruled.kept else self._index_chance(judged, url, tree),
            index_bar=self.model.thresholds["pages"],
        )
        if refused is None and refusal.captions_only(body.blocks):
            refused = Reason.NO_BODY, "only captions of pictures"
        return PageRead(article, body, NotAnArticle(refused[0], url, article, refused[1]) if refused else None)

    def text(self, text: str, url: str = "") -> Article:
        """The article of a text-only dump, undated: the dates that stand in one belong to anything."""
        refusal.guard_text(text, url)
        lines = cut_lines(text.encode("utf-8", "replace").decode("utf-8").replace("\x00", ""))
        if not lines:
            raise NotAnArticle(Reason.EMPTY, url)
        keeps, _ = self._judged_lines(lines)
        kept = np.nonzero(keeps)[0].tolist()
        body = "\n\n".join(lines[at].text for at in kept)
        first = kept[0] if kept else len(lines)
        title, author = dumps.dump_title(lines, first), dumps.dump_author(lines, first)
        article = Article(
            url=url,
            canonical_url=url,
            title=title,
            text=body,
            author=author,
            language=language_of(body)[0],
            evidence=Evidence(_said(title), _said(author)),
            text_from=TextFrom.TEXT,
            word_count=len(body.split()),
        )
        reason = refusal.too_short(article.word_count)
        if reason is not None:
            raise NotAnArticle(reason, url, article, f"{article.word_count} words")
        return article

    def lines(self, text: str) -> tuple[Block, ...]:
        """Each line of a dump with its score and whether it was kept, for those who want to look."""
        lines = cut_lines(text)
        if not lines:
            return ()
        keeps, scores = self._judged_lines(lines)
        return tuple(
            Block(line.text, score, keep, why="score")
            for line, score, keep in zip(lines, scores.tolist(), keeps.tolist(), strict=True)
        )

    def _judged_lines(self, lines: list[Line]) -> tuple[npt.NDArray[np.bool_], Floats]:
        features, names = line_features(lines, self.model.line_weights)
        self.model.check("lines", names)
        scores = self.model.lines.predict(features.astype(np.float32))
        words = features[:, names.index("own_words")]
        keeps = choose(scores, words, self.model.thresholds["lines"])
        keeps &= ~np.array([dumps.is_byline(line.text) for line in lines])
        keeps[second_copies([line.text for line in lines], keeps)] = False
        return keeps, scores

    def _judged(self, page: Cut, template: SiteTemplate | None = None, ruled: bool = False) -> _Judged:
        if len(page.runs) > MOST_RUNS:
            raise NotAnArticle(Reason.TOO_LARGE, why=f"more than {MOST_RUNS} blocks of text")
        if not page.runs:
            return _Judged(page, np.zeros(0), np.zeros(0), None, [], {})
        features, names, lexicon = block_features(page, self.model.lexicon)
        self.model.check("blocks", names)
        scores = self.model.blocks.predict(features)
        words = features[:, names.index("own_words")].astype(np.float64)
        keeps = choose(scores, words, self.model.thresholds["blocks"] * (RULED_FACTOR if ruled else 1.0))
        texts = [run.text for run in page.runs]
        # Only what would be body is taken: so its blocks say what the page had without the template.
        why = dict.fromkeys((at for at in furniture(texts, template) if keeps[at]), TAKEN)
        keeps[list(why)] = False
        if not ruled:
            why |= besides(page, words, np.nonzero(keeps)[0].tolist())
            keeps[list(why)] = False
        why |= dict.fromkeys(second_copies(texts, keeps), "second copy")
        keeps[list(why)] = False
        return _Judged(page, scores, words, lexicon, np.nonzero(keeps)[0].tolist(), why)

    def _index_chance(self, judged: _Judged, url: str, tree: LexborHTMLParser) -> float:
        if judged.lexicon is None:
            return 0.0
        factor = self.model.thresholds["blocks"]
        row, names = page_features(judged.page, judged.scores, judged.lexicon, factor, url, tree)
        self.model.check("pages", names)
        if row[names.index("headlines")] < LEAST_HEADLINES:
            return 0.0
        return float(self.model.pages.predict(row.astype(np.float32)[None, :])[0])


def parse(html: str) -> LexborHTMLParser:
    """A tree; lone surrogates, on which the parser would raise, become question marks."""
    return LexborHTMLParser(html.encode("utf-8", "replace"))


def _article(url: str, facts: Metadata, body: Body, unmatched: tuple[str, ...]) -> Article:
    return Article(
        url=url,
        canonical_url=facts.canonical_url,
        title=facts.title,
        text=body.text,
        html=body.html,
        author=facts.author,
        published=facts.published,
        precision=facts.precision,
        published_from=facts.published_from,
        modified=facts.modified,
        description=facts.description,
        language=_language(body.text, facts.language),
        image_url=facts.image_url,
        site_name=facts.site_name,
        paywalled=facts.paywalled,
        reuse=facts.reuse,
        evidence=facts.evidence,
        unmatched_rules=unmatched,
        word_count=len(body.text.split()),
        canonical_doubted=facts.canonical_doubted,
    )


def _language(text: str, declared: str) -> str:
    """What the page declares, unless its text is surely in another language."""
    seen, probability = language_of(text)
    if declared and declared.split("-")[0].lower() == seen:
        return declared
    return seen if seen and (probability >= SURE_LANGUAGE or not declared) else declared


def _said(value: str) -> tuple[Said, ...]:
    return (Said(Place.TEXT, value),) if value else ()


@functools.cache
def _shipped() -> Extractor:
    return Extractor.load(SHIPPED)


def extract(html: str | bytes, url: str, clues: Clues = NO_CLUES) -> Article:
    """`Extractor.page` of the shipped model."""
    return _shipped().page(html, url, clues)


def read_page(html: str | bytes, url: str, clues: Clues = NO_CLUES) -> PageRead:
    """`Extractor.read` of the shipped model."""
    return _shipped().read(html, url, clues)


def extract_body(html: str | bytes, url: str) -> Body:
    """`Extractor.body` of the shipped model."""
    return _shipped().body(html, url)


def extract_text(text: str, url: str = "") -> Article:
    """`Extractor.text` of the shipped model."""
    return _shipped().text(text, url)
