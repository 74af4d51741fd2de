"""A page cut into text blocks."""

import pytest

from crawler.blocks import Inside, cut
from crawler.extract import parse


def texts(html: str) -> list[str]:
    return [run.text for run in cut(parse(html)).runs]


def test_paragraphs_and_headings_are_blocks_of_their_own():
    assert texts("<h2>What was found</h2><p>Nine of ten.</p><p>One was lost.</p>") == [
        "What was found",
        "Nine of ten.",
        "One was lost.",
    ]


def test_inline_elements_do_not_break_a_block():
    html = "<p>The <b>first</b> dose, <a href='/x'>said the surgeon</a>, was\n  small.</p>"
    assert texts(html) == ["The first dose, said the surgeon, was small."]


def test_one_line_break_is_a_new_line_and_two_are_a_border():
    assert texts("<div>one<br>two<br><br>three<br> <br>four</div>") == ["one\ntwo", "three", "four"]


@pytest.mark.parametrize("tag", ["script", "style", "template", "svg", "textarea", "select", "iframe", "title"])
def test_what_no_reader_sees_is_no_text(tag):
    assert texts(f"<body><{tag}>hidden</{tag}><p>shown</p>") == ["shown"]


def test_text_in_noscript_is_read_and_marked():
    page = cut(parse("<body><noscript><div><p>The whole thread as a crawler gets it.</p></div></noscript>"))
    assert page.runs[0].text == "The whole thread as a crawler gets it."
    assert page.elements.inside[page.runs[0].element] & Inside.NOSCRIPT


def test_white_space_in_preformatted_text_stays():
    assert texts("<pre>if ready:\n    start()\n</pre>") == ["if ready:\n    start()"]


def test_links_and_emphasis_are_counted_in_characters():
    run = cut(parse("<li><a href='/a'>Read more</a> of <b>it</b></li>")).runs[0]
    assert (run.linked, run.links, run.emphasised) == (9, 1, 2)


def test_a_block_inside_a_link_is_all_link():
    run = cut(parse("<a href='/a'><div>A headline</div></a>")).runs[0]
    assert (run.linked, run.links) == (10, 1)


def test_names_and_places_of_the_elements_around_are_kept():
    page = cut(parse("<nav class='top menu' id='m'><ul><li style='display: none'>Home</li></ul></nav>"))
    element = page.runs[0].element
    assert page.elements.inside[element] & Inside.NAV
    assert page.elements.inside[element] & Inside.HIDDEN
    menu = page.elements.parent[page.elements.parent[element]]
    assert page.elements.marks[menu] == "top menu m"


def test_each_element_knows_its_range_of_blocks():
    page = cut(parse("<main><div><p>a</p><p>b</p></div><div><p>c</p></div></main>"))
    ranges = dict(zip(page.elements.tag, zip(page.elements.first, page.elements.last, strict=True), strict=True))
    assert ranges["main"] == (0, 3)
    first_div = page.elements.tag.index("div")
    assert (page.elements.first[first_div], page.elements.last[first_div]) == (0, 2)


def test_elements_without_text_are_not_kept():
    page = cut(parse("<body><div><div></div></div><p>one</p>"))
    assert page.elements.tag == ["html", "body", "p"]


def test_nesting_deeper_than_any_stack_of_calls_is_read():
    assert texts("<div>" * 3000 + "at the bottom" + "</div>" * 3000) == ["at the bottom"]
    assert texts("<b>" * 50_000 + "bold") == ["bold"]


def test_the_body_that_structured_data_state_is_found():
    data = '{"@type": "NewsArticle", "articleBody": "The swelling went down."}'
    page = cut(parse(f"<script type='application/ld+json'>{data}</script><p>x</p>"))
    assert page.stated == "The swelling went down."


def test_an_empty_page_has_no_blocks():
    assert texts("") == []
    assert texts("<html><body>   </body></html>") == []
