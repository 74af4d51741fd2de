"""What a robots.txt allows us (RFC 9309)."""

import pytest

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


def test_a_crawl_delay_is_honoured_up_to_a_minute():
    assert Robots("User-agent: *\nCrawl-delay: 7", 200).delay() == 7
    assert Robots("User-agent: *\nCrawl-delay: 9000", 200).delay() == 60
    assert Robots("", 200).delay() == 0
