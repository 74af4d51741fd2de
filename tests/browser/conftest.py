"""A filled desk behind a real server, and a browser that may speak with no other host."""

from __future__ import annotations

import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.cast import PASSWORD
from tests.browser.launching import launch_options
from tests.processes import Installation, installation
from tests.servers import free_port

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PATIENCE = 60.0
REFUSED = re.compile(r"responded with a status of 4\d\d")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Served:
    """A server at `base` over a home of its own."""

    base: str
    installation: Installation

    def mails(self, to: str) -> list[EmailMessage]:
        """What lies in the outbox for an address, oldest first."""
        files = sorted((self.installation.home / "outbox").rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        return [mail for mail in found if mail["To"] and to in mail["To"]]

    def mail_with(self, to: str, words: str) -> EmailMessage:
        """The first mail to an address whose text has these words, as soon as it lies there."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for mail in self.mails(to):
                if words in mail.get_body(("plain",)).get_content():
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no mail to {to} has {words}")

    def send(self) -> None:
        child = self.installation.start("tests.browser.steps", "send")
        assert child.wait(PATIENCE) == 0, self.installation.said(child)


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: the newsroom's week as an editor finds it on Monday."""
    home = tmp_path_factory.mktemp("filled")
    with installation(home) as made:
        child = made.start("tests.browser.steps", "fill")
        assert child.wait(PATIENCE) == 0, made.said(child)
    return home


@contextmanager
def serve(home: Path) -> Iterator[Served]:
    """The web of an installation, ended with the block."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with installation(home, SITE_URL=base) as made:
        options = [
            "--bind",
            f"127.0.0.1:{port}",
            "--threads",
            "4",
            "--worker-class",
            "gthread",
            "--log-level",
            "warning",
        ]
        child = made.start("gunicorn", "desk.wsgi:application", *options)
        wait_for(f"{base}/desk/login", lambda: made.said(child))
        yield Served(base, made)


def wait_for(address: str, said: Any) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {said()}")


@pytest.fixture
def desk(filled_home: Path, tmp_path: Path) -> Iterator[Served]:
    """A server over a copy of the filled home: what one test does, no other sees."""
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    with serve(home) as served:
        yield served


@pytest.fixture(scope="session")
def still_desk(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server shared by tests that only look."""
    home = tmp_path_factory.mktemp("still") / "home"
    shutil.copytree(filled_home, home)
    with serve(home) as served:
        yield served


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    options = launch_options()
    if options is None:
        pytest.skip("no Chromium: `make .browser/ok` puts one beside the repository")
    return {**browser_type_launch_args, **options}


@contextmanager
def only_at(browser: Browser, base: str, *, expect_refusals: bool = False, **options: Any) -> Iterator[BrowserContext]:
    """A context that fails the test when a page asks another host, or says an error on its console.

    A browser calls every answer of 4xx an error; where such pages are looked at on purpose, those are passed over.
    """
    context = browser.new_context(base_url=base, **{"viewport": WIDE, **options})
    asked: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield context
    context.close()
    assert {url for url in asked if not url.startswith((base, "data:", "about:", "blob:"))} == set()
    assert [said for said in errors if not (expect_refusals and REFUSED.search(said))] == []


def sign_in(page: Page, name: str = "edith") -> None:
    page.goto("/desk/login")
    fill_login(page, name)
    page.wait_for_url("**/queue")


def fill_login(page: Page, name: str = "edith") -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
