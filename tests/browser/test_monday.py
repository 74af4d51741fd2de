"""An editor's first Monday, by keyboard and without JavaScript; then a reader reads, chooses topics, leaves."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.cast import PASSWORD
from tests.browser.conftest import PHONE, Served, fill_login, only_at, sign_in

QUEUE = "/desk/glabella-weekly/queue"
EDITION = "/desk/glabella-weekly/editions/weekly-1"


def line(page: Page, number: int):
    return page.locator("article.line").nth(number)


def title_of(page: Page, number: int) -> str:
    return line(page, number).locator("h2").inner_text()


def test_an_editors_first_monday_by_keyboard(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        picked = triage_by_keyboard(page)
        correct_a_topic(page)
        compose(page, picked)
        preview(page)
        approve(page)
    desk.send()
    (mail,) = desk.mails("ben@reader.example")
    assert picked in html_of(mail)
    assert "Our words on Monday" in mail["Subject"]
    read_and_leave(browser, desk, javascript=True)


def triage_by_keyboard(page: Page) -> str:
    """j to the first line, pick it; the focus goes on by itself. Dismiss, snooze, take the last back."""
    picked, dismissed, snoozed = (title_of(page, number) for number in range(3))
    page.keyboard.press("j")
    expect(line(page, 0)).to_be_focused()
    page.keyboard.press("p")
    expect(line(page, 0).locator(".done")).to_contain_text("Picked.")
    expect(line(page, 1)).to_be_focused()
    page.keyboard.press("d")
    expect(line(page, 1).locator(".done")).to_contain_text(dismissed)
    expect(line(page, 2)).to_be_focused()
    page.keyboard.press("s")
    expect(line(page, 2).locator(".done")).to_contain_text(snoozed)
    page.keyboard.press("u")
    expect(line(page, 2).locator("h2")).to_have_text(snoozed)
    expect(line(page, 2)).to_be_focused()
    page.keyboard.press("u")
    expect(line(page, 1).locator("h2")).to_have_text(dismissed)
    page.keyboard.press("d")
    expect(line(page, 1).locator(".done")).to_contain_text(dismissed)
    page.goto(f"{QUEUE}?lane=picked")
    expect(line(page, 0).locator("h2")).to_have_text(picked)
    page.goto(f"{QUEUE}?lane=dismissed")
    expect(line(page, 0).locator("h2")).to_have_text(dismissed)
    page.goto(QUEUE)
    return picked


def correct_a_topic(page: Page) -> None:
    """Enter opens the line in focus; Space ticks a topic."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stories/*")
    page.locator("details.rest summary").first.press("Enter")
    box = page.locator("details.rest input[name=topic]:not(:checked)").first
    box.press("Space")
    page.get_by_role("button", name="Settle the topics").press("Enter")
    expect(page.locator(".note")).to_contain_text("The topics are settled")
    expect(page.get_by_text("Settled by edith")).to_be_visible()


def compose(page: Page, picked: str) -> None:
    page.get_by_role("link", name="Editions").press("Enter")
    page.get_by_role("link", name="No. 1").press("Enter")
    page.get_by_label("Subject").fill("Our words on Monday")
    page.get_by_label("Introduction").fill("Good morning. Here is the week.")
    page.get_by_role("button", name="Save subject").press("Enter")
    expect(page.locator(".note")).to_contain_text("Saved.")
    places = page.locator(".place")
    assert picked in places.last.inner_text()
    before = places.nth(places.count() - 2).locator("h4").inner_text()
    page.get_by_role("button", name=f"Up: {picked}").press("Enter")
    expect(page.locator(".place").last.locator("h4")).to_have_text(before)
    page.get_by_role("link", name=f"Change the words : {picked}").or_(
        page.get_by_role("link", name=re.compile(f"Change the words.*{re.escape(picked)}"))
    ).first.press("Enter")
    page.get_by_label("Blurb").fill("Told in our own words.")
    page.locator("form.words").get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".note")).to_contain_text("Saved.")
    expect(page.locator("#places")).to_contain_text("Told in our own words.")


def preview(page: Page) -> None:
    page.get_by_role("link", name="Preview").press("Enter")
    for look in ("Phone", "Dark"):
        page.get_by_role("navigation", name="Views").get_by_role("link", name=look).press("Enter")
        expect(page.frame_locator("iframe").locator("h1")).to_have_text("Glabella Weekly")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Text").press("Enter")
    expect(page.locator(".mailtext")).to_contain_text("Good morning. Here is the week.")


def approve(page: Page) -> None:
    page.goto(EDITION)
    page.get_by_role("button", name="Check and send").press("Enter")
    expect(page.locator(".inbox .subject")).to_have_text("Our words on Monday")
    page.get_by_label("At once").press("Space")
    page.get_by_role("button", name="Approve and send").press("Enter")
    expect(page.locator("h1 .tag")).to_have_text("approved")


def test_the_same_monday_without_javascript_on_a_phone(browser: Browser, desk: Served):
    with only_at(browser, desk.base, java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto("/desk/login")
        page.get_by_label("Username").fill("edith")
        page.get_by_label("Password").fill("brow-lift-monday")
        page.get_by_role("button", name="Sign in").click()
        picked, dismissed = title_of(page, 0), title_of(page, 1)
        line(page, 0).get_by_role("button", name="Pick").click()
        expect(page.locator(".note")).to_contain_text("Picked.")
        line(page, 0).get_by_role("button", name="Dismiss").click()
        page.locator(".note").get_by_role("button", name="Undo").click()
        assert title_of(page, 0) == dismissed
        line(page, 0).locator("input[type=checkbox]").check()
        line(page, 1).locator("input[type=checkbox]").check()
        page.locator("#bulk").get_by_role("button", name="Snooze").click()
        expect(page.locator(".note")).to_contain_text("2 stories snoozed")
        correct_a_topic_by_pointer(page)
        compose_by_pointer(page, picked)
        page.goto(EDITION)
        page.get_by_role("button", name="Check and send").click()
        page.get_by_label("At once").check()
        page.get_by_role("button", name="Approve and send").click()
        expect(page.locator("h1 .tag")).to_have_text("approved")
    desk.send()
    assert picked in html_of(desk.mails("ben@reader.example")[-1])
    read_and_leave(browser, desk, javascript=False)


def correct_a_topic_by_pointer(page: Page) -> None:
    line(page, 0).locator("h2 a").click()
    page.locator("input[name=topic]:checked").first.uncheck()
    page.get_by_role("button", name="Settle the topics").click()
    expect(page.get_by_text("Settled by edith")).to_be_visible()


def compose_by_pointer(page: Page, picked: str) -> None:
    page.goto(EDITION)
    before = page.locator(".place").nth(-2).locator("h4").inner_text()
    page.get_by_role("button", name=f"Up: {picked}").click()
    expect(page.locator(".place").last.locator("h4")).to_have_text(before)
    page.locator(".place", has_text=picked).get_by_role("link", name="Change the words").click()
    page.get_by_label("Headline").first.fill("")
    page.get_by_label("Blurb").fill("Told in our own words.")
    page.locator("form.words").get_by_role("button", name="Save").click()
    expect(page.locator("#places")).to_contain_text("Told in our own words.")
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("iframe")).to_be_visible()


def read_and_leave(browser: Browser, desk: Served, *, javascript: bool) -> None:
    """The reader opens the archive, asks for a fresh link, changes topics, and leaves by the mail's link."""
    (mail,) = desk.mails("alice@reader.example")
    links = {part: link_in(mail, part) for part in ("/issues/", "/topics-link", "/leave/")}
    with only_at(browser, desk.base, java_script_enabled=javascript, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(links["/issues/"])
        expect(page.locator("h1").first).to_be_visible()
        page.goto(links["/topics-link"])
        page.get_by_role("textbox", name=re.compile("address", re.IGNORECASE)).first.fill("alice@reader.example")
        page.locator("main form").first.get_by_role("button").first.click()
        page.goto(link_in(desk.mail_with("alice@reader.example", "/preferences/"), "/preferences/"))
        page.locator("input[name=topics]").nth(2).check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("Saved.")
        page.goto(links["/leave/"])
        page.get_by_role("button", name="Leave Glabella Weekly").click()
        expect(page.locator("h1")).to_contain_text("You have left")


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def link_in(mail: EmailMessage, part: str) -> str:
    found = re.search(rf"https?://\S*{re.escape(part)}[^\s>\"]*", mail.get_body(("plain",)).get_content())
    assert found, f"no link with {part}"
    return found[0]


def test_keys_do_nothing_where_they_are_switched_off(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.goto("/desk/account")
        page.get_by_label("Single-letter keys").uncheck()
        page.get_by_role("button", name="Save").click()
        page.goto(QUEUE)
        for key in ("j", "p", "?"):
            page.keyboard.press(key)
        expect(page.locator(".done")).to_have_count(0)
        expect(page.locator("#keys")).to_be_hidden()


def test_keys_are_letters_in_a_field_and_a_question_mark_opens_help(browser: Browser, still_desk: Served):
    with only_at(browser, still_desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.keyboard.press("/")
        page.keyboard.type("jpdsux?")
        expect(page.get_by_label("Search")).to_have_value("jpdsux?")
        page.get_by_label("Search").press("Tab")
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()


@pytest.mark.parametrize("key", ["p", "d", "s"])
def test_marked_lines_are_treated_together(browser: Browser, desk: Served, key: str):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        count = page.locator("article.line").count()
        assert count > 2
        for _ in range(2):
            page.keyboard.press("j")
            page.keyboard.press("x")
        page.keyboard.press(key)
        expect(page.locator(".note")).to_contain_text("2 stories")


def test_a_place_at_the_top_keeps_the_focus_and_what_was_moved_in_place_may_be_approved(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.goto(EDITION)
        last = page.locator(".place").last.locator("h4").inner_text()
        page.get_by_role("button", name=f"To the top: {last}").press("Enter")
        own = page.locator(".part", has_text="This week").locator("~ .place")
        expect(own.first.locator("h4")).to_have_text(last)
        expect(page.get_by_role("button", name=f"Down: {last}")).to_be_focused()
        page.get_by_role("button", name=f"Down: {last}").press("Enter")
        expect(own.nth(1).locator("h4")).to_have_text(last)


def test_a_subject_that_was_typed_and_not_saved_goes_along_to_the_last_look(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.goto(EDITION)
        page.get_by_label("Subject").fill("Typed on Monday")
        page.get_by_role("button", name="Check and send").press("Enter")
        expect(page.locator(".inbox .subject")).to_have_text("Typed on Monday")


def test_words_that_are_not_saved_are_not_lost_without_a_question(browser: Browser, desk: Served):
    with only_at(browser, desk.base) as context:
        page = context.new_page()
        sign_in(page)
        page.goto(EDITION)
        page.get_by_label("Subject").fill("Typed on Monday")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        page.get_by_role("button", name="Suggest anew").click(no_wait_after=True)
        page.wait_for_timeout(500)
        assert asked == ["beforeunload"]
        expect(page.get_by_label("Subject")).to_have_value("Typed on Monday")


def test_who_was_signed_out_is_led_to_sign_in_and_back(browser: Browser, desk: Served):
    with only_at(browser, desk.base, expect_refusals=True) as context:
        page = context.new_page()
        sign_in(page)
        queue = page.url
        context.clear_cookies()
        page.locator("article.line").first.focus()
        page.keyboard.press("p")
        page.wait_for_url("**/desk/login?next=*")
        fill_login(page)
        page.wait_for_url(queue)


def test_a_form_that_came_back_says_so_and_leads_to_its_field(browser: Browser, desk: Served):
    with only_at(browser, desk.base, expect_refusals=True) as context:
        page = context.new_page()
        sign_in(page)
        page.goto("/desk/sources/add")
        page.get_by_label("Address").fill("http://10.0.0.1:99999/")
        page.get_by_role("button", name="Add it").click()
        expect(page).to_have_title(re.compile("^Not saved: "))
        expect(page.get_by_role("status").first).to_contain_text("Nothing is saved yet")
        expect(page.get_by_label("Address")).to_be_focused()


@pytest.mark.parametrize(
    ("language", "silent", "refused"),
    [
        ("en-GB", "The server did not answer", "This was refused, and nothing was changed"),
        ("de-DE", "Der Server antwortete nicht", "Das wurde abgelehnt, und nichts hat sich geändert"),
    ],
)
def test_a_server_that_is_silent_or_answers_with_a_page_is_told_in_words(
    browser: Browser, desk: Served, language: str, silent: str, refused: str
):
    """The browser's console calls these errors too, so no `only_at` watches over it."""
    with browser.new_context(base_url=desk.base, locale=language) as context:
        page = context.new_page()
        page.goto("/desk/login")
        page.locator("[name=username]").fill("edith")
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
        page.route("**/decide", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad</h1>"))
        page.keyboard.press("j")
        page.keyboard.press("d")
        expect(page.locator(".note.error")).to_contain_text(refused)
        page.unroute("**/decide")
        page.route("**/decide", lambda route: route.abort())
        page.keyboard.press("d")
        expect(page.locator(".note.error")).to_contain_text(silent)
