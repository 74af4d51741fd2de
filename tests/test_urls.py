"""Addresses: one spelling, one key, and canonical links that may not swallow other people's articles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import (
    absolute,
    doubted_canonical,
    fold_canonical,
    host_of,
    link_key,
    normalise,
    registrable_domain,
    same_site,
    urn_of,
)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("HTTP://News.Example.COM", "http://news.example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/a/..", "https://example.com/"),
        ("https://example.com/../../a", "https://example.com/a"),
        ("https://example.com/a/.", "https://example.com/a/"),
        ("https://example.com/a#part-2", "https://example.com/a"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=7&fbclid=q", "https://example.com/a?id=7"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
        ("https://example.com/a?GCLID=1&mc_cid=2&mc_eid=3", "https://example.com/a"),
        ("https://example.com/a?utm%5Fsource=x&i%64=7", "https://example.com/a?id=7"),
        ("https://example.com/a;jsessionid=1A2B.node3/b;v=2?c=1", "https://example.com/a/b;v=2?c=1"),
        ("https://example.com/a/..;JSESSIONID=1A2B/b", "https://example.com/b"),
        ("https://example.com/a?PHPSESSID=k&id=7&ASP.NET_SessionId=x", "https://example.com/a?id=7"),
        ("https://example.com/a?sid=f00dfeed0123456789abcdef01234567", "https://example.com/a"),
        ("https://example.com/a?sid=2026112012345678901234567", "https://example.com/a?sid=2026112012345678901234567"),
        ("https://example.com/a?sid=story7&session=spring", "https://example.com/a?sid=story7&session=spring"),
        ("https://example.com/%7euser/%2f", "https://example.com/~user/%2F"),
        ("https://example.com/caf\u00e9 1", "https://example.com/caf%C3%A9%201"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        ("  https://exam\nple.com/a\t ", "https://example.com/a"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("https://example.com?x=1", "https://example.com/?x=1"),
    ],
)
def test_an_address_has_one_spelling(written, wanted):
    assert normalise(written) == wanted


@pytest.mark.parametrize(
    "text", ["", "mailto:a@example.com", "http://[::1", "http://example.com:port/", "/a/b", "urn:sha256:00"]
)
def test_what_is_no_web_address_is_only_trimmed(text):
    assert normalise(f" {text} ") == text


def test_the_key_is_the_same_for_all_spellings():
    assert link_key("https://EXAMPLE.com/a?utm_medium=mail#top") == link_key("https://example.com:443/a")
    assert link_key("https://example.com/a") != link_key("https://example.com/b")
    assert re.fullmatch("[0-9a-f]{64}", link_key(""))


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("https://example.com/", "example.com"),
        ("https://one.github.io/", "one.github.io"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost:8000/", "localhost"),
        ("not an address", ""),
    ],
)
def test_a_site_is_the_domain_somebody_registered(url, domain):
    assert registrable_domain(url) == domain


def test_two_blogs_on_one_blog_host_are_two_sites():
    assert not same_site("https://one.github.io/", "https://two.github.io/")
    assert same_site("https://www.example.com/", "https://m.example.com/")
    assert not same_site("", "")


@pytest.mark.parametrize(
    ("url", "canonical", "wanted"),
    [
        ("https://m.example.com/a?page=1", "https://www.example.com/a", "https://www.example.com/a"),
        ("https://example.com/a", "/b", "https://example.com/b"),
        ("https://example.com/a", "https://elsewhere.example/a", "https://example.com/a"),
        ("https://example.com/a", "https://example.com/", "https://example.com/a"),
        ("https://example.com/", "https://www.example.com/", "https://www.example.com/"),
        ("https://example.com/?p=7", "https://example.com/", "https://example.com/?p=7"),
        ("https://example.com/index.html", "https://example.com/", "https://example.com/"),
        ("https://example.com/news/a", "/news/", "https://example.com/news/a"),
        ("https://example.com/news/a", "/news", "https://example.com/news/a"),
        ("https://m.example.com/news/a", "https://example.com/news/index.php", "https://m.example.com/news/a"),
        ("https://example.com/newsroom/a", "/news", "https://example.com/news"),
        ("https://example.com/news/a", "/news/a/", "https://example.com/news/a/"),
        ("https://example.com/news/", "/news/index.html", "https://example.com/news/index.html"),
        ("https://example.com/news/a", "/news/?id=7", "https://example.com/news/?id=7"),
        ("https://example.com/news/a/amp/", "/news/a/", "https://example.com/news/a/"),
        ("https://example.com/news/a/page/2", "/news/a", "https://example.com/news/a"),
        ("https://example.com/news/a/print", "/news/a", "https://example.com/news/a"),
        ("https://example.com/news/a?ref=rss", "/news/a", "https://example.com/news/a"),
        ("https://example.com/a", "", "https://example.com/a"),
        ("https://example.com/a", "javascript:void(0)", "https://example.com/a"),
        ("https://example.com/a", "http://[", "https://example.com/a"),
    ],
)
def test_a_canonical_address_is_believed_only_at_home(url, canonical, wanted):
    assert fold_canonical(url, canonical) == wanted


@pytest.mark.parametrize(
    ("canonical", "wanted"),
    [
        ("/news/", "https://example.com/news/"),
        ("https://elsewhere.example/a#top", "https://elsewhere.example/a"),
        ("/news/b", ""),
        ("", ""),
        ("javascript:void(0)", ""),
        ("http://[", ""),
    ],
)
def test_a_canonical_address_that_is_not_believed_is_still_known(canonical, wanted):
    assert doubted_canonical("https://example.com/news/a", canonical) == wanted


def test_a_text_without_address_goes_by_its_digest():
    assert urn_of("A text.") == urn_of("A text.")
    assert urn_of("A text.").startswith("urn:sha256:")
    assert urn_of("\ud800") != urn_of("")


ADDRESSES = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            [
                "http://",
                "https://",
                "a.example",
                "/",
                "..",
                ".",
                "?",
                "&",
                "=",
                "#",
                "%",
                "%2f",
                "%7E",
                ":80",
                "@",
                "\u00fc",
                "utm_x=1",
                "utm%5Fx=1",
                "%5F",
                "utm",
                "_ga=",
                "phpsessid=",
                ";jsessionid=",
                ";jsessionid",
                "%3b",
                " ",
                "\\",
                "[",
                "]",
                "\ud800",
                "\u2100",
                "x",
            ]
        )
        | st.text(max_size=5),
        max_size=12,
    ),
)


NOISE = ("utm_source=x", "fbclid=q", "mc_cid=2", "PHPSESSID=a1", "sid=f00dfeed0123456789abcdef01234567")


@st.composite
def spellings(draw):
    """One page's address with noise among its parameters, any of their letters escaped."""
    pairs = draw(st.permutations(["id=7", *draw(st.lists(st.sampled_from(NOISE), max_size=3))]))
    query = "&".join(pairs)
    escaped = draw(st.lists(st.booleans(), min_size=len(query), max_size=len(query)))
    letters = (
        f"%{ord(letter):02x}" if cut and letter not in "&=" else letter
        for letter, cut in zip(query, escaped, strict=True)
    )
    session = draw(st.sampled_from(["", ";jsessionid=1A", ";%6asessionid=1A"]))
    return f"https://example.com/a{session}?{''.join(letters)}"


@given(ADDRESSES | spellings())
def test_no_text_raises_and_a_second_pass_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert link_key(text) == link_key(once)
    host_of(text), registrable_domain(text), urn_of(text)


@given(spellings())
def test_one_page_has_one_address_however_its_noise_is_escaped(text):
    assert normalise(text) == "https://example.com/a?id=7"


@given(ADDRESSES, ADDRESSES)
def test_a_folded_address_never_leaves_the_site(url, canonical):
    folded = fold_canonical(url, canonical)
    assert folded == normalise(url) or same_site(folded, url)
    assert doubted_canonical(url, canonical) in ("", normalise(absolute(url, canonical)))
    absolute(url, canonical)


@given(ADDRESSES)
def test_a_web_address_is_plain_ascii_after_its_host_is_known(text):
    once = normalise(text)
    if once.startswith("https://") and host_of(once).isascii() and host_of(once):
        assert once.isascii()
