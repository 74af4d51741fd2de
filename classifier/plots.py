"""Small drawings as SVG text: no library, no script, so that a report is one file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, MARGIN = 460, 320, 46
INK, QUIET, LINE = "#1d2a33", "#9aa5ac", "#7a3b5d"


def line_plot(points: Sequence[tuple[float, float]], x_name: str, y_name: str, *, diagonal: bool = False) -> str:
    """Points joined by a line. Axes begin at 0; y ends at 1, and x too where there is a diagonal."""
    right = 1.0 if diagonal else max((x for x, _ in points), default=1.0)
    placed = [(_x(x / right if right else 0), _y(y)) for x, y in points]
    parts = [_axes(x_name, y_name, right)]
    if diagonal:
        parts.append(_line([(_x(0), _y(0)), (_x(1), _y(1))], QUIET, dashed=True))
    parts.append(_line(placed, LINE))
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE}"/>' for x, y in placed]
    return _svg(parts, WIDTH, HEIGHT)


def interval_plot(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """One row per (name, value, low, high), all in 0..1."""
    left, step = 130, 22
    height = MARGIN + step * len(rows)
    scale = WIDTH - left - 20
    parts = []
    for tick in range(0, 11, 2):
        x = left + scale * tick / 10
        parts.append(_line([(x, 14), (x, height - 24)], "#e3e7ea"))
        parts.append(_text(x, height - 8, f"{tick / 10:.1f}", "middle"))
    for number, (name, value, low, high) in enumerate(rows):
        y = 26 + step * number
        parts.append(_text(left - 8, y + 4, name, "end"))
        parts.append(_line([(left + scale * low, y), (left + scale * high, y)], LINE))
        parts.append(f'<circle cx="{left + scale * value:.1f}" cy="{y}" r="4" fill="{LINE}"/>')
    return _svg(parts, WIDTH, height)


def heat_table(names: Sequence[str], table: Sequence[Sequence[int]]) -> str:
    """A square of counts, row by column; the diagonal is left pale, the rest is as dark as it is frequent."""
    cell, left = 26, 120
    size = left + cell * len(names) + 10
    most = max((value for i, row in enumerate(table) for j, value in enumerate(row) if i != j), default=1) or 1
    parts = []
    for i, name in enumerate(names):
        middle = left + cell * i + cell / 2
        parts.append(_text(left - 6, middle + 4, name, "end"))
        parts.append(
            f'<text x="{middle:.0f}" y="{left - 6}" transform="rotate(-60 {middle:.0f} {left - 6})"'
            f' fill="{INK}">{escape(name)}</text>'
        )
        for j, value in enumerate(table[i]):
            shade = 0.08 if i == j else 0.9 * value / most
            x, y = left + cell * j, left + cell * i
            parts.append(
                f'<rect x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}" fill="{LINE}"'
                f' fill-opacity="{shade:.2f}"/>'
            )
            if value:
                parts.append(_text(x + cell / 2, y + cell / 2 + 4, str(value), "middle"))
    return _svg(parts, size, size)


def _axes(x_name: str, y_name: str, right: float) -> str:
    parts = [_line([(_x(0), _y(1)), (_x(0), _y(0)), (_x(1), _y(0))], QUIET)]
    for tick in range(0, 11, 2):
        share = tick / 10
        label = f"{share * right:.1f}" if right <= 1 else f"{share * right:.0f}"
        parts.append(_text(_x(share), _y(0) + 16, label, "middle"))
        parts.append(_text(_x(0) - 6, _y(share) + 4, f"{share:.1f}", "end"))
    parts.append(_text(_x(0.5), HEIGHT - 6, x_name, "middle"))
    parts.append(
        f'<text x="14" y="{_y(0.5):.0f}" transform="rotate(-90 14 {_y(0.5):.0f})" text-anchor="middle"'
        f' fill="{INK}">{escape(y_name)}</text>'
    )
    return "".join(parts)


def _x(share: float) -> float:
    return MARGIN + share * (WIDTH - MARGIN - 16)


def _y(share: float) -> float:
    return HEIGHT - MARGIN - share * (HEIGHT - MARGIN - 16)


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(words)}</text>'


def _svg(parts: Sequence[str], width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' font-family="sans-serif" font-size="11">{"".join(parts)}</svg>'
    )
