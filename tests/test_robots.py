"""What a robots.txt allows us (RFC 9309)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.robots import Robots

PAGE = "https://news.example/a"


@pytest.mark.parametrize(
    ("text", "status", "allowed"),
    [
        ("User-agent: *\nDisallow: /", 200, False),
        ("User-agent: *\nDisallow: /private/", 200, True),
        ("\ufeffUser-agent: *\nDisallow: /", 200, False),
        ("User-agent: Glabella/2.1\nDisallow: /", 200, False),
        ("User-agent: Glabella\nAllow: /\nUser-agent: *\nDisallow: /", 200, True),
        ("anything", 404, True),
        ("", 500, False),
        ("", 429, False),
        ("", None, False),
        ("<html>not robots</html>", 200, True),
    ],
)
def test_rules_are_read_as_the_standard_says(text, status, allowed):
    assert Robots(text, status).allows(PAGE) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: G\nDisallow: /", True),
        ("User-agent: Gla\nDisallow: /", True),
        ("User-agent: Glabella-Images\nDisallow: /", True),
        ("User-agent: Glabella2\nDisallow: /", True),
        ("User-agent: Gla*\nDisallow: /", True),
        ("User-agent: gLABELLA\nDisallow: /", False),
        ("User-agent: Glabella the crawler # ours\nDisallow: /", False),
        ("User-agent Glabella/2.1\nDisallow: /", False),
        ("User-agent: Gla\nDisallow: /\nUser-agent: Glabella\nDisallow: /private/", True),
        ("User-agent: Gla\nUser-agent: Glabella\nDisallow: /", False),
        ("User-agent: Gla\nAllow: /\n\nUser-agent: *\nDisallow: /", False),
        ("User-agent: Other\nDisallow: /\nUser-agent: *\nDisallow:", True),
        (
            "User-agent: Glabella\nDisallow: /x\nUser-agent: Other\nDisallow: /\nUser-agent: GLABELLA\nDisallow: /a",
            False,
        ),
        ("User-agent: Glabella\nDisallow: /x\nUser-agent:\nDisallow: /a", True),
    ],
)
def test_a_group_is_ours_by_the_whole_token_and_without_case(text, allowed):
    assert Robots(text, 200).allows(PAGE) is allowed


def test_sitemaps_of_other_groups_are_named_all_the_same():
    text = "User-agent: G\nDisallow: /\nSitemap: https://news.example/map.xml"
    assert Robots(text, 200).sitemaps() == ("https://news.example/map.xml",)


@given(st.text(alphabet="user-agent: *#/Gla\n\r\u2028", max_size=80))
def test_no_text_stops_the_reading(text):
    assert Robots(text, 200).allows(PAGE) in (True, False)


def test_a_crawl_delay_is_honoured_up_to_a_minute():
    assert Robots("User-agent: *\nCrawl-delay: 7", 200).delay() == 7
    assert Robots("User-agent: *\nCrawl-delay: 9000", 200).delay() == 60
    assert Robots("", 200).delay() == 0
