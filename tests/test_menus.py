"""A link of the site's menu is nobody's name; on the site of one person it is, where another place names them."""

from datetime import date

import pytest

from crawler.article import Clues
from crawler.extract import extract, parse
from crawler.menus import is_of_a_menu
from desk.demo.site import Newsroom
from tests.nasty_pages import BODY, TITLE

MENU = ("Fees", "Law", "Report a side effect", "Contact the Office", "Index A-Z")
PEOPLE = ("Ada Poe", "Jane Roe", "John Doe", "Ida Moe", "Jo Field")


def text_of(html, words):
    return next(node for node in parse(html).body.traverse(include_text=True) if node.text_content == words)


def row(names, tag="<br>"):
    return "".join(f"<li><a href='/{n}'>{n}</a></li>" if tag == "li" else f"<a href='/{n}'>{n}</a>{tag}" for n in names)


@pytest.mark.parametrize(
    ("html", "words", "menu"),
    [
        (f"<td>{row(MENU)}</td>", "Index A-Z", True),
        (f"<ul>{row(MENU, 'li')}</ul>", "Index A-Z", True),
        (f"<td>{row(MENU[1:])}</td>", "Index A-Z", False),
        (f"<p>By {row(PEOPLE, ', ')}</p>", "Jo Field", False),
        (f"<ul>{row(PEOPLE, 'li')}</ul>", "Jo Field", False),
        (f"<div>{row(MENU)}<b>Jo Field</b></div>", "Jo Field", False),
        (f"<div>{row(MENU)}<p><a href='/jo'>Jo Field</a></p></div>", "Jo Field", False),
    ],
)
def test_a_menu_is_a_row_of_links_that_are_mostly_no_people(html, words, menu):
    assert is_of_a_menu(text_of(html, words)) is menu


def test_no_notice_of_the_regulator_is_by_its_menu():
    newsroom = Newsroom(date(2031, 5, 14))
    pages = [page for page in newsroom.pages.values() if page.site == "regulator" and page.expect == "article"]
    assert len(pages) > 5
    for page in pages:
        found = extract(newsroom.html(page), newsroom.url(page), Clues())
        assert found.author == ""
        assert "Index A-Z" not in {said.value for said in found.evidence.author}
        assert not found.text.startswith(("Safety notices >", "Today is"))


def test_one_persons_name_in_their_own_menu_still_counts_where_the_page_names_them():
    menu = row(("Jo Field", *MENU))
    for by, places in (("<meta name='author' content='Jo Field'>", 2), ("", 0)):
        html = (
            f"<html><head><title>{TITLE}</title>{by}</head><body><div>{menu}</div><h1>{TITLE}</h1>{BODY}</body></html>"
        )
        said = extract(html, "https://jo.example/a", Clues()).evidence.author
        assert sum(one.value == "Jo Field" for one in said) == places
