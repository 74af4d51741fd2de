"""Text-only dumps, line by line."""

import pytest

from crawler.dumps import dump_author, dump_title, is_byline
from crawler.extract import NotAnArticle, Reason, extract_text
from crawler.lines import cut_lines

DUMP = """Menu
  • Home
  • News
    • Skin
    • Surgery
  • Contact
Home » News » Small study of scar cream finds no effect

Small study of scar cream finds no effect

Ana CoelhoBy Ana Coelho Staff writer
Share
Facebook Email

A cream sold to flatten scars did no better than a plain ointment in a trial of 64 people, surgeons in Porto report in \
their hospital's own bulletin this week.

Half of the volunteers rubbed the cream on their scars twice a day for three months. The others used a jar that looked \
the same. Neither they nor the nurses who measured the scars knew which jar was which.

What the nurses measured

By the end, scars in both groups had become softer and paler, and by the same amount. “Time did the work,” said the \
surgeon who led the trial, who had paid for the jars himself.

The makers of the cream did not answer questions about the trial, which was not registered before it began.

Previous ArticleFour clinics share one operating theatre
Next Article Hand surgeons ask for shorter lists

Related Posts

Sunscreen labels to change in spring

June 3, 2031

Two nurses win training prize

June 1, 2031
  • Home
  • News
  • Contact
© 2031 The Porto Ward Letter. All rights reserved.
"""


def test_a_dump_keeps_its_article_and_loses_menus_and_related_lists():
    article = extract_text(DUMP)
    lines = DUMP.splitlines()
    body = [lines[at] for at in (14, 16, 18, 20, 22)]
    assert article.text.split("\n\n") == body
    assert article.title == "Small study of scar cream finds no effect"
    assert article.author == "Ana Coelho"
    assert article.published is None


def test_bullets_indents_and_gaps_are_told_from_the_text():
    first, second = cut_lines("\n\n  • Skin care\n\n\nPlain")
    assert (first.text, first.bullet, first.indent, first.number) == ("Skin care", True, 2, 3)
    assert (second.gap_before, second.number) == (2, 6)


def test_a_line_that_is_only_a_bullet_is_kept_as_it_is():
    assert [line.text for line in cut_lines("• \n-")] == ["•", "-"]


@pytest.mark.parametrize("text", ["By: Ana Coelho", "Author: Ana Coelho, M.D.", "Written by Ana Coelho and Rui Sá"])
def test_a_line_that_names_its_author_is_a_byline(text):
    assert is_byline(text)


@pytest.mark.parametrize("text", ["By the end, scars had become softer.", "By Friday it was gone", "Bye for now"])
def test_a_sentence_that_begins_with_by_is_none(text):
    assert not is_byline(text)


def test_a_byline_after_the_body_belongs_to_a_teaser():
    lines = cut_lines("A headline of five words\n\nBody text.\n\nBy: Someone Else")
    assert dump_author(lines, 1) == ""
    assert dump_title(lines, 1) == "A headline of five words"


@pytest.mark.parametrize(
    ("text", "reason"), [("", Reason.EMPTY), (" \n\t\n", Reason.EMPTY), ("Home\nNews", Reason.NO_BODY)]
)
def test_a_dump_without_text_is_refused(text, reason):
    with pytest.raises(NotAnArticle) as refusal:
        extract_text(text)
    assert refusal.value.reason in (reason, Reason.TOO_SHORT)
