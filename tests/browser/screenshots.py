"""`python -m tests.browser.screenshots`: the pictures of docs/editing.md, taken on an editor's first Monday."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import PHONE, WIDE, serve, sign_in
from tests.browser.launching import launch_options
from tests.processes import installation

IMAGES = Path(__file__).resolve().parent.parent.parent / "docs/images"
QUEUE = "/desk/glabella-weekly/queue"
EDITION = "/desk/glabella-weekly/editions/weekly-1"


def take(browser: Browser, base: str, folder: Path) -> None:
    """One walk through the desk; a picture at each station."""
    light = browser.new_context(base_url=base, viewport=WIDE, color_scheme="light")
    page = light.new_page()
    sign_in(page)
    queue(page, folder)
    story(page, folder)
    composer(page, folder)
    rest(page, folder)
    light.close()
    dark = browser.new_context(base_url=base, viewport=PHONE, color_scheme="dark", device_scale_factor=2)
    page = dark.new_page()
    sign_in(page)
    page.evaluate("window.scrollTo(0, 300)")
    shoot(page, folder, "queue-phone")
    dark.close()


def queue(page: Page, folder: Path) -> None:
    page.goto(f"{QUEUE}?lane=open&topic=safety")
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.locator(".done").first.wait_for()
    page.keyboard.press("j")
    page.evaluate("window.scrollTo(0, 0)")
    shoot(page, folder, "queue")


def story(page: Page, folder: Path) -> None:
    page.goto(f"{QUEUE}?lane=all&q=wrinkle")
    page.locator("article.line h2 a").first.click()
    page.wait_for_url("**/stories/*")
    shoot(page, folder, "story")
    page.get_by_role("link", name="What was dropped").click()
    page.locator(".blocks .kept").first.wait_for()
    page.evaluate("document.querySelector('.blocks .kept').previousElementSibling.scrollIntoView({block: 'center'})")
    shoot(page, folder, "dropped")


def composer(page: Page, folder: Path) -> None:
    page.goto(EDITION)
    page.get_by_label("Subject").fill("Recalls, and a clinic for scars")
    page.get_by_label("Introduction").fill("Good morning. Recalls and warnings head this week; please read them first.")
    page.get_by_role("button", name="Save subject").click()
    page.locator(".note").wait_for()
    page.goto(EDITION)
    shoot(page, folder, "composer")
    page.goto(f"{EDITION}/preview")
    page.frame_locator("iframe").locator("h1").wait_for()
    shoot(page, folder, "preview")
    digest(page, folder)
    page.goto(f"{EDITION}/preview?look=dark")
    page.frame_locator("iframe").locator("h1").wait_for()
    shoot(page, folder, "preview-dark")


def digest(page: Page, folder: Path) -> None:
    """The mail alone, as wide as a mail program shows it, down to the first items of a reader's own."""
    page.set_viewport_size({"width": 760, "height": 1800})
    page.goto(f"{EDITION}/mail")
    shoot(page, folder, "digest")
    page.set_viewport_size(WIDE)


def rest(page: Page, folder: Path) -> None:
    page.goto("/desk/sources")
    shoot(page, folder, "sources")
    page.goto("/desk/subscribers")
    page.get_by_role("link", name="erin").click()
    page.locator("h1.address").wait_for()
    shoot(page, folder, "subscriber")


def shoot(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png")
    print(folder / f"{name}.png")


def main() -> int:
    options = launch_options()
    if options is None:
        print("no Chromium: run `make .browser/ok` first", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with installation(home) as made:
            if made.start("tests.browser.steps", "fill").wait(120):
                return 1
        with serve(home) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**options)
            take(browser, served.base, IMAGES)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
