"""What stands beside a text is dropped by plain signs, also on pages too short to judge by anything else."""

import pytest

from crawler.besides import besides
from crawler.blocks import cut
from crawler.extract import extract, parse
from tests.nasty_pages import BODY, PARAGRAPHS, TITLE

BOXES = (
    "<div class='newsletter-box'><h4>Get our weekly letter</h4><p>Sign up for the best stories every Thursday.</p></div>",
    "<div class='author-bio'><p>Jo Field has covered private medicine for twelve years and lives in Leeds.</p></div>",
    "<p><a href='/n/9'><strong>Read more: What creams do to the skin</strong></a></p>",
    "<p>Related: <a href='/n/8'>A second study of silicone gel</a></p>",
)


def page(body, title=f"{TITLE} | Harrow Post"):
    return f"<html><head><title>{title}</title></head><body><main><h1>{TITLE}</h1>{body}</main></body></html>"


def dropped(html):
    blocks = cut(parse(html))
    words = [float(len(run.text.split())) for run in blocks.runs]
    found = besides(blocks, words, range(len(words)))
    return {blocks.runs[at].text: kind for at, kind in found.items()}


@pytest.mark.parametrize("box", BOXES)
def test_a_box_between_the_paragraphs_is_no_body(box):
    middle = f"<p>{PARAGRAPHS[0]}</p>{box}<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>"
    assert extract(page(middle), "https://harrowpost.example/a").text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("By Ada Poe", "byline"),
        ("4 March 2026", "date line"),
        ("Published on Wednesday, March 4, 2026 at 9:30 am", "date line"),
        ("14:05", "date line"),
        ("Today is Wednesday, 4 March 2026", "date line"),
        ("On 4 March 2026 the clinic closed", None),
        ("Related work is under way in Leeds", None),
    ],
)
def test_lines_before_the_text_are_told_by_what_they_say(line, kind):
    assert dropped(page(f"<p>{line}</p>{BODY}")).get(line) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("<a href='/'>Safety notices</a> &gt; MDSO/N/141 rev. 1", "breadcrumb"),
        ("<a href='/'>Home</a> › <a href='/n'>News</a> › " + TITLE, "breadcrumb"),
        ("<a href='/'>Home</a> » <a href='/n'>The news of this week</a>", "breadcrumb"),
        ("<a href='/'>Home</a> / <a href='/n'>News</a> / Noses", "breadcrumb"),
        ("<a href='/o'>owner</a> / <a href='/o/p'>project</a>", None),
        ("Post by <a href='/u'>Jo Field</a> » 4th of March, in the morning", None),
        ("Settings &gt; Privacy", None),
        ("<a href='/'>All of the notices that were ever written here</a> &gt; MDSO/N/141", None),
        ("<a href='/'>A look back.</a> &gt; It was a good year.", None),
    ],
)
def test_the_way_back_through_the_site_is_no_body(line, kind):
    (words,) = (run.text for run in cut(parse(f"<p>{line}</p>")).runs)
    assert dropped(page(f"<p>{line}</p>{BODY}")).get(words) == kind


def test_the_same_line_within_the_text_stays():
    line = "<p><a href='/'>Settings</a> &gt; <a href='/p'>Privacy</a></p>"
    assert "Settings > Privacy" not in dropped(page(f"{BODY}{line}{BODY}"))


def test_a_long_way_back_is_not_taken_for_the_first_sentence():
    way = f"<a href='/'>Home</a> &gt; <a href='/n'>News</a> &gt; {PARAGRAPHS[0][:60].rstrip(' .')}"
    found = dropped(page(f"<p>{way}</p><p>4 March 2026</p>{BODY}"))
    assert sorted(found.values()) == ["breadcrumb", "date line", "headline"]


def test_a_date_within_the_text_stays():
    assert "4 March 2026" not in dropped(page(f"{BODY}<p>4 March 2026</p>{BODY}"))


def test_the_headline_is_told_with_the_name_of_the_site_behind_it():
    assert dropped(page(BODY))[TITLE] == "headline"
    assert TITLE not in dropped(page(BODY, title="Harrow Post"))


def test_a_page_that_is_itself_a_newsletter_keeps_its_text():
    assert PARAGRAPHS[0] not in dropped(page(f"<div class='newsletter'><p>{PARAGRAPHS[0]}</p></div>"))
    assert PARAGRAPHS[0] not in dropped(page(f"<div class='newsletter'>{BODY * 3}</div>"))
