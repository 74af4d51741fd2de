"""What all tests share: a home of their own, a fixed clock, and real servers started once where a test asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
pytest_plugins = ["tests.servers", "tests.processes"]
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser comes last: Playwright's loop stays on this thread, and no other can run beside it."""
    items.sort(key=drives_a_browser)


def drives_a_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page that a test has asked for leaves its language to no other test."""
    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    """Friday 20 November 2026, half past nine UTC."""
    return NOW


@pytest.fixture
def clock(now: datetime):
    """A clock that stands still."""
    return lambda: now


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring material; tests that need it are skipped where it is absent."""
    if not SHARED.exists():
        pytest.skip("the measuring material is not beside the repository")
    return SHARED


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    """A home folder of the test's own."""
    settings.HOME = tmp_path
    settings.ARCHIVE, settings.OUTBOX = tmp_path / "archive", tmp_path / "outbox"
    return tmp_path
