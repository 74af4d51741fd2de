"""What recurs on a site is told from what a page says."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Block, SiteTemplate
from crawler.templates import MOST_BLOCKS, block_key, furniture, of_data, recurring, to_data, update


def blocks(*texts: str) -> list[Block]:
    return [Block(text, 0.5, True) for text in texts]


def learnt(pages: list[list[str]]) -> SiteTemplate:
    template = SiteTemplate()
    for texts in pages:
        template = update(template, blocks(*texts))
    return template


DISCLAIMER = "The answers on this site are for information and replace no visit to a doctor."
QUOTE = "“We saw no difference after six months,” the lead author told reporters on Monday."


def test_a_disclaimer_on_every_page_is_furniture():
    template = learnt([[f"Text number {word}.", DISCLAIMER] for word in ("one", "two", "three", "four", "five")])
    assert furniture(["A new text.", DISCLAIMER], template) == [1]


def test_a_sentence_shared_with_two_other_pages_is_kept():
    pages = [[f"Own text {word}.", DISCLAIMER] for word in "abcdefghij"]
    pages[2].append(QUOTE)
    pages[7].append(QUOTE)
    template = learnt(pages)
    assert furniture([QUOTE, DISCLAIMER], template) == [1]


def test_a_site_of_few_pages_has_no_template_yet():
    template = learnt([[DISCLAIMER]] * 3)
    assert furniture([DISCLAIMER], template) == []
    assert furniture([DISCLAIMER], None) == []


def test_counts_in_a_recurring_line_do_not_hide_it():
    template = learnt([[f"{number} comments on this"] for number in (3, 41, 8, 0, 12)])
    assert furniture(["7 comments on this"], template) == [0]


def test_a_sentence_that_differs_in_its_numbers_is_what_its_page_says():
    recall = "The maker calls back the {} units of batch {} that went to clinics in the north before the summer began."
    template = learnt([[recall.format(number, number * 7)] for number in (3, 41, 8, 5, 12)])
    assert furniture([recall.format(9, 63)], template) == []
    assert furniture([recall.format(9, 63)], learnt([[recall.format(9, 63)]] * 4)) == [0]


def test_a_block_twice_on_one_page_counts_once():
    assert dict(learnt([["Share", "Share"]]).counts) == {block_key("Share"): 1}


def test_the_sketch_stays_bounded_and_keeps_what_recurs():
    template = SiteTemplate()
    for page in range(60):
        own = [f"{chr(97 + page % 26)}{'x' * page} sentence {'y' * line}" for line in range(150)]
        template = update(template, blocks(DISCLAIMER, *own))
    assert len(template.counts) <= MOST_BLOCKS
    assert block_key(DISCLAIMER) in recurring(template)


def test_an_old_layout_fades():
    template = learnt([["Old footer of the site"]] * 300 + [["New footer of the site"]] * 700)
    assert furniture(["Old footer of the site"], template) == []
    assert furniture(["New footer of the site"], template) == [0]


@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=8))
def test_a_template_survives_the_row_it_is_kept_in(pages):
    template = learnt(pages)
    assert of_data(to_data(template)) == template


def test_malformed_data_are_an_empty_template():
    assert of_data({"pages": "many", "counts": 3}) == SiteTemplate()
