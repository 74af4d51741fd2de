"""Each page of the desk says where one is: a title of its own, one heading, its place in the one navigation."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.desk_cast import make_people, signed_in
from tests.test_permissions import OK, TABLE, address, parts

__all__ = ["parts"]
pytestmark = pytest.mark.django_db
PLACES = ["Queue", "Editions", "Sources", "Subscribers", "Publication", "Help"]
# Where a page below one of the places stands.
BELOW = {
    "story": "Queue", "dropped": "Queue", "edition": "Editions", "preview": "Editions", "check": "Editions", "source": "Sources",
    "source-add": "Sources", "subscriber": "Subscribers", "publication-new": "Publication", "account": "otto",
}  # fmt: skip
FILES = {"mail", "opml", "people-export", "person-export"}
PAGES = sorted(name for name, rule in TABLE.items() if rule.post is None and rule.operator == OK and name not in FILES)


@pytest.fixture
def pages(parts) -> dict[str, BeautifulSoup]:
    operator = signed_in(make_people()["operator"])
    return {name: BeautifulSoup(operator.get(address(name, parts)).content, "lxml") for name in PAGES}


def test_no_two_pages_have_the_same_title_or_address(pages, parts):
    titles = [page.title.text for page in pages.values()]
    assert len(set(titles)) == len(titles)
    assert all(title.endswith("· The Brow · Glabella") for title in titles)
    assert len({address(name, parts) for name in PAGES}) == len(PAGES)


def test_every_page_has_one_heading_and_its_place_in_the_one_navigation(pages):
    for name, page in pages.items():
        assert len(page.find_all("h1")) == 1, name
        assert [link.find(string=True).strip() for link in page.select("nav.places a")] == PLACES, name
        here = [link.find(string=True).strip() for link in page.select(".masthead [aria-current=page]")]
        assert here == [BELOW.get(name, name.capitalize())], name


def test_every_page_has_the_help_on_its_question_mark_and_as_a_link(pages):
    for name, page in pages.items():
        assert page.select_one("dialog#keys dt kbd"), name
        assert page.select_one('nav.places a[href="/desk/help"]'), name
