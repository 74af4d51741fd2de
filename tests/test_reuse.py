"""What a publisher allows, from meta tags and headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Reuse
from crawler.reuse import is_licence_address, read_reuse
from crawler.robots import NAME


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("index, follow", Reuse()),
        ("nosnippet", Reuse(nosnippet=True)),
        ("NOARCHIVE, NoSnippet", Reuse(nosnippet=True, noarchive=True)),
        ("max-snippet:120, max-image-preview:large", Reuse(max_snippet=120)),
        ("max-snippet: -1", Reuse()),
        ("max-snippet:0", Reuse(nosnippet=True, max_snippet=0)),
        ("max-snippet:many", Reuse()),
        ("nocache", Reuse(noarchive=True)),
        ("none", Reuse(nosnippet=True)),
        ("noindex, nofollow", Reuse(nosnippet=True)),
        ("nofollow", Reuse()),
        ("all", Reuse()),
    ],
)
def test_robots_tags_are_read_as_google_documents_them(content, wanted):
    assert read_reuse([("robots", content)], (), ()) == wanted


def test_of_two_limits_the_stricter_holds():
    metas = [("robots", "max-snippet:200"), ("googlebot", "max-snippet:50")]
    assert read_reuse(metas, [("X-Robots-Tag", "max-snippet:90")], ()).max_snippet == 50


def test_a_header_counts_like_a_tag():
    assert read_reuse((), [("x-robots-tag", "noarchive"), ("content-type", "text/html")], ()).noarchive


def test_rules_for_one_other_crawler_do_not_bind_us():
    assert read_reuse((), [("X-Robots-Tag", "otherbot: noarchive, nosnippet")], ()) == Reuse()
    assert read_reuse([("otherbot", "nosnippet")], (), ()) == Reuse()
    assert read_reuse((), [("X-Robots-Tag", "otherbot: noarchive, googlebot: nosnippet")], ()) == Reuse(nosnippet=True)


@pytest.mark.parametrize("name", ["glabella", "Glabella", NAME])
def test_a_publisher_who_names_our_crawler_is_heard(name):
    assert read_reuse((), [("X-Robots-Tag", f"{name}: nosnippet")], ()) == Reuse(nosnippet=True)
    assert read_reuse((), [("X-Robots-Tag", f"otherbot: noarchive, {name}: max-snippet:50")], ()) == Reuse(
        max_snippet=50
    )
    assert read_reuse([(name, "nosnippet, noarchive")], (), ()) == Reuse(nosnippet=True, noarchive=True)


def test_a_limit_in_a_header_is_not_taken_for_a_crawler_s_name():
    assert read_reuse((), [("X-Robots-Tag", "max-snippet: 40")], ()).max_snippet == 40
    assert read_reuse((), [("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive")], ()).noarchive


def test_the_first_licence_stands():
    assert read_reuse((), (), ["", "https://creativecommons.org/licenses/by/4.0/", "x"]).licence.endswith("/by/4.0/")
    assert is_licence_address("https://creativecommons.org/licenses/by-nc/4.0/deed.en")
    assert not is_licence_address("https://creativecommons.org/about")


@given(st.text(), st.text())
def test_no_value_raises(meta, header):
    read_reuse([("robots", meta)], [("X-Robots-Tag", header)], [meta])
