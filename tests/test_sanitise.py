"""HTML that may be shown to an editor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.blocks import cut
from crawler.extract import parse
from crawler.render import body_html
from crawler.sanitise import sanitise


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        "<iframe src='https://x.example/'></iframe>",
        "<form action='/x'><input name=a></form>",
        "<img src='https://t.example/pixel.gif' width=1 height=1>",
        "<p onclick='alert(1)'>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<p style='position:fixed'>x</p>",
        "<svg onload=alert(1)>",
        "<object data='x'></object>",
    ],
)
def test_what_could_act_or_track_is_gone(bad):
    clean = sanitise(bad, "https://journal.example/a/")
    for sign in (
        "script",
        "style",
        "iframe",
        "form",
        "input",
        "img",
        "onclick",
        "javascript",
        "data:",
        "svg",
        "object",
    ):
        assert sign not in clean


def test_links_are_absolute_and_vouch_for_nothing():
    clean = sanitise("<a href='../b?x=1' target=_blank>b</a>", "https://journal.example/a/c")
    assert clean == '<a href="https://journal.example/b?x=1" rel="nofollow noopener">b</a>'


def test_a_relative_link_without_a_base_loses_its_address():
    assert sanitise("<a href='/b'>b</a>") == '<a rel="nofollow noopener">b</a>'
    assert sanitise("<a href='/b'>b</a>", "https://[bad") == '<a rel="nofollow noopener">b</a>'


@given(st.text())
def test_no_text_is_too_odd_to_clean(text):
    assert "<script" not in sanitise(text, "https://journal.example/").lower()


def rendered(html: str) -> str:
    page = cut(parse(html))
    return body_html(page, list(range(len(page.runs))), "https://journal.example/a")


def test_lists_quotes_and_headings_keep_their_shape():
    html = (
        "<h2>Findings</h2><ul><li>one</li><li>two <a href='/s'>source</a></li></ul>"
        "<blockquote><p>Well.</p></blockquote>"
    )
    link = '<a href="https://journal.example/s" rel="nofollow noopener">source</a>'
    wanted = f"<h2>Findings</h2><ul><li>one</li><li>two {link}</li></ul><blockquote><p>Well.</p></blockquote>"
    assert rendered(html).replace("\n", "") == wanted


def test_a_table_of_facts_stays_a_table():
    clean = rendered("<table><tr><th>Dose</th><td>20 units</td></tr><tr><th>Age</th><td>41</td></tr></table>")
    assert "<tr><th>Dose</th><td>20 units</td></tr>" in clean
    assert clean.count("<table>") == 1


def test_markup_shown_as_text_stays_text():
    assert rendered("<p>Use &lt;script&gt; never</p>") == "<p>Use &lt;script&gt; never</p>\n"
