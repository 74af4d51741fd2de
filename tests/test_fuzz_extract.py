"""Whatever comes: an Article, or NotAnArticle with its reason, and never another exception."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract import Article, NotAnArticle, Reason, extract, extract_body, extract_text

BLOCK_TAGS = ["p", "div", "ul", "li", "table", "tr", "td", "h1", "h2", "pre", "article", "nav", "blockquote", "form"]
ODD_TAGS = ["noscript", "svg", "template", "title", "meta", "math", "script", "dl", "dt", "figure"]
TAGS = [*BLOCK_TAGS, *ODD_TAGS, "a", "b", "span", "br", "time"]
ATTRIBUTES = ["class", "id", "style", "href", "role", "itemprop", "datetime", "content", "property", "rel", "hidden"]
WORDS = st.text(alphabet=string.ascii_letters + " .,!?…“”\x00\u200b\ufeffäß漢字", max_size=40)
URLS = st.one_of(st.just("https://journal.example/a"), st.just(""), st.text(max_size=30))


@st.composite
def markup(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 25))):
        tag = draw(st.sampled_from(TAGS))
        attributes = "".join(
            f' {draw(st.sampled_from(ATTRIBUTES))}="{draw(WORDS)}"' for _ in range(draw(st.integers(0, 2)))
        )
        closing = draw(st.sampled_from(["", f"</{tag}>", "</div>", "<"]))
        parts.append(f"<{tag}{attributes}>{draw(WORDS)}{closing}")
    return "".join(parts)


def outcome(html: str | bytes, url: str) -> Article | Reason:
    try:
        return extract(html, url)
    except NotAnArticle as refusal:
        return refusal.reason


@settings(max_examples=150, deadline=None)
@given(markup(), URLS)
def test_any_markup_is_judged(html, url):
    found = outcome(html, url)
    if isinstance(found, Article):
        assert found.word_count >= 20
        assert "\x00" not in found.text
        assert "<script" not in found.html


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)), URLS)
def test_any_input_is_judged(raw, url):
    assert isinstance(outcome(raw, url), Article | Reason)


@settings(max_examples=60, deadline=None)
@given(markup())
def test_the_body_alone_is_the_body_of_the_page(html):
    try:
        body = extract_body(html, "https://journal.example/a")
        article = extract(html, "https://journal.example/a")
    except NotAnArticle as refusal:
        article = refusal.article
        if article is None:
            return
    assert article.text == body.text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=600))
def test_any_dump_is_judged(text):
    try:
        article = extract_text(text)
    except NotAnArticle:
        return
    assert article.word_count >= 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-15", "shift_jis", "koi8-r"])
def test_bytes_in_any_encoding_are_read(encoding):
    text = "<p>" + "The nurse measured every scar again after twelve weeks and wrote the numbers down. " * 4 + "</p>"
    article = extract(text.encode(encoding), "https://journal.example/a")
    assert article.word_count == 56
