"""The open extractors that ours is measured beside, each at its own recommended settings."""

from __future__ import annotations

from collections.abc import Callable

Body = Callable[[str, str], str]


def trafilatura(html: str, url: str) -> str:
    import trafilatura as library

    return library.extract(html, url=url, include_comments=False, include_tables=True, favor_precision=False) or ""


def resiliparse(html: str, url: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(html, main_content=True, alt_texts=False, links=False) or ""


def readability(html: str, url: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(html).summary()).text_content())


def newspaper(html: str, url: str) -> str:
    import newspaper as library

    article = library.Article(url or "http://x/", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return article.text or ""


def everything(dump: str) -> str:
    """A dump as it is."""
    return dump


def long_closed_lines(dump: str) -> str:
    """C4's published line rule: five words at least and a closing mark."""
    return "\n".join(line for line in dump.split("\n") if len(line.split()) >= 5 and line.rstrip()[-1:] in '.!?"”')


def trafilatura_page(html: str, url: str) -> object:
    """Body and facts, the peer of `extract`."""
    import trafilatura as library

    return library.bare_extraction(html, url=url, with_metadata=True, include_comments=False)


BODIES: dict[str, Body] = {
    "trafilatura": trafilatura,
    "resiliparse": resiliparse,
    "readability": readability,
    "newspaper4k": newspaper,
}
DUMPS: dict[str, Callable[[str], str]] = {"all lines": everything, "C4's line rule": long_closed_lines}
