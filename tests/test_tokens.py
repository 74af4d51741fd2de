"""One palette: what the desk and the public pages both name is the same, by day and by night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent / "desk/static"
DAY, NIGHT = 0, 1


def tokens(sheet: str, time: int) -> dict[str, str]:
    """The custom properties of a stylesheet's first root (day) or of the one for dark schemes (night)."""
    block = re.findall(r":root\s*{(.*?)}", (STATIC / sheet).read_text(), re.DOTALL)[time]
    return {name: " ".join(value.split()) for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", block)}


@pytest.mark.parametrize("time", [DAY, NIGHT], ids=["day", "night"])
def test_the_two_stylesheets_name_the_same_colours(time):
    desk, public = tokens("glabella.css", time), tokens("public.css", time)
    shared = set(desk) & set(public)
    assert len(shared) >= 9
    assert {name: desk[name] for name in shared} == {name: public[name] for name in shared}


@pytest.mark.parametrize("sheet", ["glabella.css", "public.css"])
def test_every_colour_of_the_night_has_one_of_the_day_and_every_name_is_used(sheet):
    text = (STATIC / sheet).read_text()
    assert set(tokens(sheet, NIGHT)) <= set(tokens(sheet, DAY))
    assert {name for name in tokens(sheet, DAY) if f"var({name})" not in text} == set()
    assert {name for name in re.findall(r"var\((--[\w-]+)\)", text) if name not in tokens(sheet, DAY)} == set()
