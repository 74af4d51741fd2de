"""JSON-LD: graphs, arrays, references, broken scripts and bombs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.jsonld import MAX_NODES, by_id, names, nodes, text, url


def read(value):
    return nodes([json.dumps(value)])


def test_a_graph_is_laid_flat():
    found = read(
        {
            "@context": "https://schema.org",
            "@graph": [{"@type": "WebPage", "name": "A"}, {"@type": "NewsArticle", "headline": "B"}],
        }
    )
    assert [node.types for node in found] == [{"WebPage"}, {"NewsArticle"}]
    assert found[1].is_article
    assert found[1].own
    assert found[0].is_page


def test_types_may_be_a_list_or_an_address():
    assert read({"@type": ["Thing", "https://schema.org/BlogPosting"]})[0].is_article


def test_what_hangs_below_comments_and_lists_speaks_of_something_else():
    found = read(
        {
            "@type": "Article",
            "comment": [{"@type": "Article", "headline": "Not this"}],
            "mainEntityOfPage": {"@type": "WebPage"},
        }
    )
    assert [(node.own, node.types) for node in found if "Article" in node.types] == [
        (True, {"Article"}),
        (False, {"Article"}),
    ]
    assert next(node for node in found if node.is_page).own


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ("Jane Roe", ("Jane Roe",)),
        ({"@type": "Person", "name": "Jane Roe"}, ("Jane Roe",)),
        ([{"name": "Jane Roe"}, {"name": "John Doe"}], ("Jane Roe", "John Doe")),
        ({"name": ["Jane Roe", "John Doe"]}, ("Jane Roe", "John Doe")),
        ({"@id": "#jane"}, ("Jane Roe",)),
        ({"givenName": "Jane", "familyName": "Roe"}, ("Jane Roe",)),
        ("Jane Roe &amp; John Doe", ("Jane Roe & John Doe",)),
        ({"@id": "#nobody"}, ()),
        (None, ()),
        (7, ()),
    ],
)
def test_names_of_authors_in_all_their_forms(author, people):
    index = by_id(
        read({"@graph": [{"@type": "Person", "@id": "#jane", "name": "Jane Roe"}, {"@type": "Person", "@id": "#jane"}]})
    )
    assert names(author, index) == people


def test_an_author_that_refers_to_itself_ends():
    index = by_id(read({"@type": "Person", "@id": "#x", "name": {"@id": "#x"}}))
    assert names({"@id": "#x"}, index) == ()


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Article", "headline": "A face",}',
        '<!-- {"@type": "Article", "headline": "A face"} -->',
        '<![CDATA[{"@type": "Article", "headline": "A face"}]]>',
        '{"@type": "Article", "headline": "A face"};',
        '{"@type": "WebSite"} {"@type": "Article", "headline": "A face"}',
        '{"@type": "Article", "headline": "A face", "note": "a\nb \\d"}',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;A face&quot;}",
        '{"@type": "Article", "headline": "A face", "description": "says "so" twice", "x": ',
    ],
)
def test_a_broken_script_is_mended_or_salvaged(script):
    assert "A face" in [text(node.fields.get("headline")) for node in nodes([script]) if node.is_article]


def test_salvage_finds_author_and_dates():
    author = '"author": {"@type": "Person", "name": "Jane Roe"}'
    script = '{"@type": "Article", ' + author + ', "datePublished": "2024-03-03", "x": "a"b"}'
    (node,) = nodes([script])
    assert node.fields["author"] == "Jane Roe"
    assert node.fields["datePublished"] == "2024-03-03"


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "",
        "null",
        "7",
        '"x"',
        "{}",
        "1" * 10_000,
        '{"@type": {"a": 1}, "@id": []}',
        "\x00\ud800",
        "[" + "9" * 5_000 + "]",
    ],
)
def test_bombs_and_nonsense_give_nothing(script):
    assert all(not node.is_article for node in nodes([script]))


def test_the_number_of_nodes_is_bounded():
    assert len(read([{"@type": "Article"}] * (MAX_NODES * 2))) <= MAX_NODES


def test_an_address_is_found_in_all_forms_of_an_image():
    assert url([{"@type": "ImageObject", "url": "https://example.com/a.jpg"}]) == "https://example.com/a.jpg"
    assert url("https://example.com/a.jpg") == "https://example.com/a.jpg"
    assert url({"url": ["x"]}) == "x"
    assert url(None) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@graph", "author", "name", "headline", "image"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, st.integers(0, 60))
def test_no_json_raises_whole_or_cut_off(value, cut):
    script = json.dumps(value)
    for form in (script, script[:cut], script.replace('"', "'")):
        found = nodes([form])
        index = by_id(found)
        for node in found:
            names(node.fields.get("author"), index), text(node.fields.get("headline")), url(node.fields.get("image"))
