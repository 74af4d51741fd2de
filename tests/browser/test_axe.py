"""axe-core on every page: light and dark, 360 and 1280 px; no page scrolls sideways or speaks with another host."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from desk.source_keys import key_of
from tests.browser.conftest import PHONE, WIDE, Served, only_at, sign_in
from tests.browser.launching import AXE
from tests.test_permissions import TABLE as DESK
from tests.test_permissions_public import TABLE as PUBLIC

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
LETTER = "/injectors-letter"
# A page for each name of the two tables of addresses; `person`, `story` and what a reader gets by mail are found.
PAGES = {
    "login": "/desk/login",
    "queue": QUEUE,
    "editions": "/desk/glabella-weekly/editions",
    "edition": EDITION,
    "preview": f"{EDITION}/preview",
    "check": f"{EDITION}/check",
    "publication": "/desk/glabella-weekly/publication",
    "publication-new": "/desk/publications/new",
    "sources": "/desk/sources",
    "source": SOURCE,
    "source-add": "/desk/sources/add",
    "subscribers": "/desk/subscribers",
    "help": "/desk/help",
    "account": "/desk/account",
    "public home": "/",
    "public publication": f"{LETTER}/",
    "public topics_link": f"{LETTER}/topics-link",
    "public topics": f"{LETTER}/topics/",
    "public topic": f"{LETTER}/topics/fillers",
    "public leaving_proof": "/leave/preview",
}
FOUND = {"story", "dropped", "subscriber"}
MAILED = ("issue", "monthly_issue", "story", "leaving", "preferences", "confirming")
# No pages: a redirect, files, feeds, a stylesheet, the mail alone (its frame is looked at with the preview).
OTHERS = {"home", "mail", "opml", "people-export", "person-export"}
PUBLIC_OTHERS = {"health", "accent", "exporting", *(name for name in PUBLIC if name.endswith("_feed"))}
STATES = {
    "a lane": f"{QUEUE}?lane=off-topic",
    "a lane that is not there": f"{QUEUE}?lane=nowhere&q=x",
    "a place with its form": f"{EDITION}?change=2",
    "the mail as text": f"{EDITION}/preview?look=text",
    "the mail in the dark": f"{EDITION}/preview?look=dark",
    "no such publication at the desk": "/desk/nowhere/queue",
    "no such page": "/nowhere/",
    "no such letter to leave": "/leave/nowhere",
}


def problems(page: Page) -> list[str]:
    """What axe finds. Evaluated by the debugger, since the pages let no foreign script in."""
    page.evaluate(Path(AXE).read_text())
    found: list[str] = page.evaluate(RUN)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"scrolls sideways by {width} px"] if width > 0 else [])]


def found_from(page: Page) -> dict[str, str]:
    """Addresses that only the data know: a story, what was dropped from it, a person."""
    page.goto(QUEUE)
    story = page.locator("article.line h2 a").nth(3).get_attribute("href")
    page.goto("/desk/subscribers")
    person = page.locator(".card h2 a").first.get_attribute("href")
    assert story
    assert person
    return {"story": story, "dropped": f"{story}/dropped", "subscriber": person}


@pytest.fixture(scope="session")
def mailed(still_desk: Served) -> dict[str, str]:
    """What an issue that has gone out brings with it: its page, and the pages of a reader."""
    child = still_desk.installation.start("tests.browser.steps", "publish")
    assert child.wait(60) == 0, still_desk.installation.said(child)
    addresses: dict[str, str] = json.loads(still_desk.installation.said(child).splitlines()[-1])
    return {f"public {name}": address for name, address in addresses.items()}


def test_every_page_of_both_tables_is_looked_at():
    desk = {name for name, rule in DESK.items() if rule.post is None} - OTHERS
    public = {f"public {name}" for name in set(PUBLIC) - PUBLIC_OTHERS}
    assert desk | public == set(PAGES) | FOUND | {f"public {name}" for name in MAILED}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["1280", "360"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, still_desk: Served, mailed: dict[str, str], scheme: str, viewport: dict[str, int]
):
    if not AXE.exists():
        pytest.skip("no axe-core: `make .browser/ok` puts it beside the repository")
    found: dict[str, list[str]] = {}
    with only_at(browser, still_desk.base, color_scheme=scheme, viewport=viewport, expect_refusals=True) as context:
        page = context.new_page()
        page.goto(PAGES["login"])
        found["login"] = problems(page)
        sign_in(page, "otto")
        for name, address in {**PAGES, **STATES, **mailed, **found_from(page)}.items():
            page.goto(address)
            found[name] = problems(page)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_of_a_reader(browser: Browser, desk: Served, scheme: str):
    """Refused and taken sign-ups, refused and saved wishes, the page after leaving: they have no address of their own."""
    child = desk.installation.start("tests.browser.steps", "publish")
    assert child.wait(60) == 0, desk.installation.said(child)
    links = json.loads(desk.installation.said(child).splitlines()[-1])
    found: dict[str, list[str]] = {}
    with only_at(browser, desk.base, viewport=PHONE, color_scheme=scheme, expect_refusals=True) as context:
        page = context.new_page()

        def press(words: str, what: str) -> None:
            page.get_by_role("button", name=words).first.click()
            page.wait_for_load_state()
            found[what] = problems(page)

        page.goto(f"{LETTER}/")
        page.get_by_label("Your mail address").fill("no address")
        press("Sign up", "a refused sign-up")
        page.get_by_label("Your mail address").fill("hal@reader.example")
        press("Sign up", "a sign-up that was taken")
        page.goto(f"{LETTER}/topics-link")
        page.get_by_label("Your mail address").fill("fay@reader.example")
        press("Send me a link", "a link that was sent")
        page.goto(links["confirming"])
        press("Yes, I want it", "a confirmed sign-up")
        page.goto(links["preferences"])
        page.get_by_text("Never show me").click()
        page.locator("input[name=never][value=fillers]").check()
        page.locator("input[name=topics][value=fillers]").check()
        press("Save", "refused wishes")
        page.locator("input[name=never][value=fillers]").uncheck()
        press("Save", "saved wishes")
        page.goto(links["leaving"])
        press("Pause", "a letter that is paused")
        press("Leave The Injector", "a letter that was left")
    assert {name: said for name, said in found.items() if said} == {}


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
