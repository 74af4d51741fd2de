"""axe-core on every page: light and dark, 360 and 1280 px; no page scrolls sideways or speaks with another host."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from desk.source_keys import key_of
from tests.browser.conftest import PHONE, WIDE, Served, only_at, sign_in
from tests.browser.launching import AXE

RUN = """
async () => {
  const found = await axe.run(document, {iframes: false, resultTypes: ["violations"]});
  return found.violations.map((one) => `${one.id}: ${one.help} | ${one.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)
    + " " + (n.any[0] || n.all[0] || n.none[0] || {message: ""}).message).join(" || ")}`);
}
"""
SOURCE = f"/desk/sources/{key_of('https://magazine.newsroom.example/feed/')}"
EDITION = "/desk/glabella-weekly/editions/weekly-1"
QUEUE = "/desk/glabella-weekly/queue"
STILL = (
    QUEUE,
    f"{QUEUE}?lane=off-topic",
    f"{QUEUE}?lane=nowhere&q=x",
    "/desk/glabella-weekly/editions",
    EDITION,
    f"{EDITION}?change=2",
    f"{EDITION}/preview",
    f"{EDITION}/preview?look=text",
    "/desk/glabella-weekly/publication",
    "/desk/publications/new",
    "/desk/sources",
    "/desk/sources/add",
    SOURCE,
    "/desk/subscribers",
    "/desk/help",
    "/desk/account",
    "/desk/nowhere/queue",
    "/",
    "/glabella-weekly/",
    "/glabella-weekly/topics/",
    "/nowhere/",
)


def problems(page: Page) -> list[str]:
    """What axe finds. Evaluated by the debugger, since the pages let no foreign script in."""
    page.evaluate(Path(AXE).read_text())
    found: list[str] = page.evaluate(RUN)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"scrolls sideways by {width} px"] if width > 0 else [])]


def found_from(page: Page) -> list[str]:
    """Addresses that only the data know: a story, what was dropped from it, a person."""
    page.goto(QUEUE)
    story = page.locator("article.line h2 a").nth(3).get_attribute("href")
    page.goto("/desk/subscribers")
    person = page.locator(".card h2 a").first.get_attribute("href")
    assert story
    assert person
    return [story, f"{story}/dropped", person]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["1280", "360"])
def test_axe_finds_nothing_on_any_page(browser: Browser, still_desk: Served, scheme: str, viewport: dict[str, int]):
    if not AXE.exists():
        pytest.skip("no axe-core: `make .browser/ok` puts it beside the repository")
    found: dict[str, list[str]] = {}
    with only_at(browser, still_desk.base, color_scheme=scheme, viewport=viewport, expect_refusals=True) as context:
        page = context.new_page()
        page.goto("/desk/login")
        found["/desk/login"] = problems(page)
        sign_in(page, "otto")
        for address in (*STILL, *found_from(page)):
            page.goto(address)
            found[address] = problems(page)
    assert {address: said for address, said in found.items() if said} == {}


def test_axe_finds_nothing_where_the_page_has_changed_in_place(browser: Browser, desk: Served):
    with only_at(browser, desk.base, expect_refusals=True) as context:
        page = context.new_page()
        sign_in(page)
        page.keyboard.press("j")
        page.keyboard.press("d")
        page.locator(".done").wait_for()
        page.locator("article.line input[type=checkbox]").last.check()
        after_swap = problems(page)
        page.keyboard.press("?")
        page.locator("#keys[open]").wait_for()
        with_help = problems(page)
        page.goto("/desk/sources/add")
        page.get_by_label("Address").fill("no address")
        page.get_by_role("button", name="Add it").click()
        page.locator(".error").first.wait_for()
        with_errors = problems(page)
    assert [after_swap, with_help, with_errors] == [[], [], []]


def test_axe_would_see_a_fault(browser: Browser, still_desk: Served):
    with only_at(browser, still_desk.base) as context:
        page = context.new_page()
        page.goto("/desk/login")
        page.evaluate("document.querySelector('main').append(document.createElement('input'))")
        page.evaluate("document.querySelector('.lede').style.setProperty('color', '#bbb')")
        found = " ".join(problems(page))
    assert "color-contrast" in found
    assert "label" in found
