"""docs/editing.md cannot lag: its pictures are there and taken by the script, its keys are those of desk.js."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs/editing.md").read_text()


def test_every_picture_is_there_and_taken_by_the_script():
    script = (ROOT / "tests/browser/screenshots.py").read_text()
    pictures = re.findall(r"\]\(images/([\w-]+)\.png\)", TEXT)
    assert pictures
    for name in pictures:
        assert (ROOT / f"docs/images/{name}.png").stat().st_size > 10_000
        assert f'"{name}"' in script


def test_the_keys_are_those_of_the_desk():
    script = (ROOT / "desk/static/desk.js").read_text()
    table = script.split("const keys = {")[1].split("\n  };")[0]
    ours = set(re.findall(r'^    "?([\w/?]+)"?:', table, re.MULTILINE))
    told = set(re.findall(r"`([^`]+)`", " ".join(re.findall(r"^\| (`.+?) \|", TEXT, re.MULTILINE))))
    assert ours == told
    parts = (ROOT / "desk/templates/desk/parts.html").read_text()
    assert set(re.findall(r"<kbd>([^<]+)</kbd>", parts)) == ours
