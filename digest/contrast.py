"""Colours that can be read: an editor's accent, moved until it stands out from the ground (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re

# The least favourable grounds of pages and mails: the box of a form by day, and by night.
PAPER, NIGHT = "#f0e8e1", "#272124"
FALLBACK = "#8a3b55"
ENOUGH = 4.6
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 20


def readable(colour: str, ground: str) -> str:
    """The colour, mixed with black on a light ground or white on a dark one as far as needed. `#rrggbb` in and out."""
    start = colour if _HEX.fullmatch(colour) else FALLBACK
    towards = 0 if luminance(ground) > 0.4 else 255
    for step in range(_STEPS + 1):
        mixed = _mixed(start, towards, step / _STEPS)
        if contrast(mixed, ground) >= ENOUGH:
            return mixed
    return mixed


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, 0 to 1."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: str, towards: int, share: float) -> str:
    return "#" + "".join(f"{round(part + (towards - part) * share):02x}" for part in _channels(colour))
