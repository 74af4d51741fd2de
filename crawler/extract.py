"""What a reader came for, out of a page or a text-only dump: body, title, author, date and the rest.

article = extract(html, url)          # Article, or NotAnArticle is raised
body = extract_body(html, url)        # text and HTML only: the fast path
article = extract_text(dump)          # a page as WET files and the like have it
"""

from __future__ import annotations

import functools
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
from crawler.blocks import Cut, cut
from crawler.charset import decode, header_charset
from crawler.extractor_model import SHIPPED, ExtractorModel
from crawler.features import block_features
from crawler.language import language_of
from crawler.lines import Line, cut_lines, line_features
from crawler.metadata import read_metadata
from crawler.render import body_html, body_text

__all__ = [
    "Article", "Block", "Body", "Clues", "Evidence", "Extractor", "FeedItem", "NotAnArticle", "Place", "Precision",
    "Reason", "Reuse", "Said", "SiteRules", "SiteTemplate", "TextFrom", "extract", "extract_body", "extract_text",
]  # fmt: skip

NO_CLUES = Clues()
SURE_LANGUAGE = 0.9


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
        refusal.guard(html, url)
        text = decode(html) if isinstance(html, bytes) else html
        return self._body(_parse(text), url)

    def page(self, html: str | bytes, url: str, clues: Clues = NO_CLUES) -> Article:
        """The article of a page. Raises NotAnArticle, which carries what was found all the same."""
        refusal.guard(html, url)
        text = decode(html, header_charset(clues.headers)) if isinstance(html, bytes) else html
        tree = _parse(text)
        facts = read_metadata(tree, text, url, clues)
        body = self._body(tree, url)
        article = Article(
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
            word_count=len(body.text.split()),
        )
        return _accepted(article)

    def text(self, text: str, url: str = "") -> Article:
        """The article of a text-only dump, undated: the dates that stand in one belong to anything."""
        refusal.guard(text, url)
        lines = cut_lines(text.encode("utf-8", "replace").decode("utf-8").replace("\x00", ""))
        if not lines:
            raise NotAnArticle(Reason.EMPTY, url)
        scores = self._line_scores(lines)
        least = self.model.thresholds["lines"]
        kept = [at for at in range(len(lines)) if scores[at] >= least and not dumps.is_byline(lines[at].text)]
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
        return _accepted(article)

    def lines(self, text: str) -> tuple[Block, ...]:
        """Each line of a dump with its score and whether it was kept, for those who want to look."""
        lines = cut_lines(text)
        if not lines:
            return ()
        least = self.model.thresholds["lines"]
        scored = zip(lines, self._line_scores(lines).tolist(), strict=True)
        return tuple(Block(line.text, score, score >= least, why="score") for line, score in scored)

    def _line_scores(self, lines: list[Line]) -> npt.NDArray[np.float64]:
        features, _ = line_features(lines, self.model.line_words)
        return self.model.lines.predict(features.astype(np.float32))

    def _body(self, tree: LexborHTMLParser, url: str) -> Body:
        page = cut(tree)
        if not page.runs:
            return Body("", "")
        scores = self._block_scores(page)
        keeps = scores >= self.model.thresholds["blocks"]
        kept = np.nonzero(keeps)[0].tolist()
        blocks = tuple(
            Block(run.text, score, keep, page.elements.tag[run.element], "score")
            for run, score, keep in zip(page.runs, scores.tolist(), keeps.tolist(), strict=True)
        )
        return Body(body_text(page, kept), body_html(page, kept, url), blocks)

    def _block_scores(self, page: Cut) -> npt.NDArray[np.float64]:
        features, _ = block_features(page, self.model.lexicon)
        return self.model.blocks.predict(features.astype(np.float32))


def _parse(html: str) -> LexborHTMLParser:
    # Lone surrogates cannot be encoded; the parser would raise on them.
    return LexborHTMLParser(html.encode("utf-8", "replace"))


def _accepted(article: Article) -> Article:
    reason = refusal.too_short(article.word_count)
    if reason is not None:
        raise NotAnArticle(reason, article.url, article, f"{article.word_count} words")
    return article


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


def extract_body(html: str | bytes, url: str) -> Body:
    """`Extractor.body` of the shipped model."""
    return _shipped().body(html, url)


def extract_text(text: str, url: str = "") -> Article:
    """`Extractor.text` of the shipped model."""
    return _shipped().text(text, url)
