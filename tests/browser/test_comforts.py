"""Small things that scripts and styles do at the desk; each page works without them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, WIDE, Served, only_at, sign_in
from tests.browser.test_axe import EDITION, PAGES, QUEUE, problems

# A heading and the sheet or the field below it, where they come closer than this many pixels.
NEAREST = 6
TOUCHING = """
(nearest) => Array.from(document.querySelectorAll("h1, .sheet > h2")).flatMap((head) => {
  const below = (head.closest(".head") || head).nextElementSibling;
  const sheet = below && (head.tagName === "H1" ? below.matches(".sheet, .composer, .cards") : true);
  const gap = sheet ? below.getBoundingClientRect().top - head.getBoundingClientRect().bottom : nearest;
  return gap < nearest ? [`${head.textContent.trim()}: ${gap}`] : [];
})
"""


def keys(page: Page) -> list[str]:
    return page.locator("article.line").evaluate_all("(all) => all.map((one) => one.dataset.key)")


def test_several_at_once_are_counted_and_triage_goes_on_below_them(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.keyboard.press("j")
        page.keyboard.press("d")
        expect(page.locator("article.line").nth(0).locator(".done")).to_be_visible()
        shown = keys(page)
        for number in (4, 5):
            page.locator("article.line").nth(number).focus()
            page.keyboard.press("x")
        expect(page.locator("#bulk .label")).to_have_text("2 marked")
        assert problems(page) == []
        page.keyboard.press("s")
        expect(page.locator(".note")).to_contain_text("2 stories snoozed")
        on = page.locator(f"#line-{shown[6]}")
        assert page.url.endswith(f"{QUEUE}#line-{shown[6]}")
        expect(on).to_be_focused()
        expect(on).to_be_in_viewport()
        page.keyboard.press("j")
        expect(page.locator(f"#line-{shown[7]}")).to_be_focused()


def test_lines_decided_one_by_one_are_no_place_to_go_on_at(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        shown = keys(page)
        page.locator("article.line").nth(2).focus()
        page.keyboard.press("d")
        expect(page.locator("article.line").nth(2).locator(".done")).to_be_visible()
        page.locator("article.line input[type=checkbox]").nth(1).check()
        page.keyboard.press("s")
        page.wait_for_url(f"**#line-{shown[3]}")


def test_a_topic_chosen_in_the_queue_shows_its_stories_at_once(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.get_by_label("Topic", exact=True).select_option("nose")
        page.wait_for_url("**topic=nose**")
        page.get_by_label("Source", exact=True).select_option(index=1)
        page.wait_for_url(re.compile(r"topic=nose&source=\w+"))


def test_arrow_keys_step_through_a_filter_and_enter_shows(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        topic = page.get_by_label("Topic", exact=True)
        topic.focus()
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        chosen = topic.input_value()
        assert chosen
        page.wait_for_timeout(300)
        assert "topic=" not in page.url
        page.keyboard.press("Enter")
        page.wait_for_url(f"**topic={chosen}**")


def test_a_filter_without_javascript_has_its_button(browser: Browser, desk: Served):
    with only_at(browser, desk.base, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page)
        page.get_by_label("Topic", exact=True).select_option("nose")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**topic=nose**")


def test_the_list_of_publications_closes_and_keeps_the_place(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.goto("/desk/glabella-weekly/editions")
        summary, list_ = page.locator("details.switch summary"), page.locator("details.switch")
        summary.click()
        expect(list_).to_have_attribute("open", "")
        page.keyboard.press("Escape")
        expect(list_).not_to_have_attribute("open", "")
        expect(summary).to_be_focused()
        summary.click()
        page.locator("h1").click()
        expect(list_).not_to_have_attribute("open", "")
        summary.click()
        list_.get_by_role("link", name="The Injector's Letter").click()
        page.wait_for_url("**/desk/injectors-letter/editions")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [360, 737, 768, 1024, 1105, 1280])
def test_the_places_of_the_desk_stand_in_one_row_or_on_a_phone_in_two(
    browser: Browser, still_desk: Served, width: int, language: str
):
    with only_at(browser, still_desk.base, viewport={"width": width, "height": 800}, locale=language) as context:
        page = context.new_page()
        page.goto("/desk/login")
        page.locator("#id_username").fill("otto")
        page.locator("#id_password").fill("brow-lift-monday")
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
        tops = page.locator(".places a").evaluate_all("(all) => all.map((one) => one.offsetTop)")
        assert len(set(tops)) <= (2 if width == PHONE["width"] else 1)
        mark, first = page.locator(".wordmark").bounding_box(), page.locator(".places a").first.bounding_box()
        assert mark
        assert first
        beside = abs(mark["y"] + mark["height"] / 2 - first["y"] - first["height"] / 2) < 8
        assert beside or first["y"] >= mark["y"] + mark["height"]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["1280", "360"])
def test_no_heading_touches_what_stands_below_it(browser: Browser, still_desk: Served, viewport: dict[str, int]):
    found = {}
    with only_at(browser, still_desk.base, viewport=viewport, expect_refusals=True) as context:
        page = context.new_page()
        sign_in(page, "otto")
        for name, address in PAGES.items():
            if not name.startswith("public"):
                page.goto(address)
                found[name] = page.evaluate(TOUCHING, NEAREST)
    assert {name: said for name, said in found.items() if said} == {}


def test_save_is_the_last_thing_on_a_phone_s_page_of_a_publication(browser: Browser, still_desk: Served):
    with only_at(browser, still_desk.base, viewport=PHONE) as context:
        page = context.new_page()
        sign_in(page)
        page.goto("/desk/glabella-weekly/publication")
        save = page.get_by_role("button", name="Save").bounding_box()
        assert save
        lowest = page.locator("main input:not([type=hidden]), main select").evaluate_all(
            "(all) => Math.max(...all.map((one) => one.getBoundingClientRect().bottom + scrollY))"
        )
        assert save["y"] > lowest


def test_a_pick_leads_to_its_number(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.keyboard.press("j")
        page.keyboard.press("p")
        page.locator("article.line").nth(0).locator(".done").get_by_role("link", name="In no. 1").click()
        page.wait_for_url(f"**{EDITION}")
