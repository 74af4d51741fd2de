"""The kept blocks as text and as plain HTML, with the lists, tables and quotes they stood in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from crawler.blocks import BREAK, SHOWN, Cut, Elements, Run, tidy
from crawler.sanitise import sanitise

# How far above a block its list, row, quote or heading is looked for.
REACH = 6
FRAMES = {"li", "tr", "blockquote", "pre", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"}


def body_text(cut: Cut, kept: Sequence[int]) -> str:
    """The kept runs joined by blank lines; the cells of one table row stand on one line."""
    lines = []
    for (_, row), group in groupby(kept, lambda at: _row_key(cut, at)):
        texts = [cut.runs[at].text for at in group]
        lines += [" | ".join(texts)] if row else texts
    return "\n\n".join(lines).replace("\x00", "")


def body_html(cut: Cut, kept: Sequence[int], base: str) -> str:
    """The kept runs as sanitised HTML; links are resolved against `base`."""
    parts = []
    elements = cut.elements
    framed = [(_frame(elements, cut.runs[at].element), at) for at in kept]
    for (name, wrapper), group in groupby(framed, lambda pair: (pair[0][0], pair[0][1])):
        runs = [cut.runs[at] for _, at in group]
        parts.append(_wrapped(name, elements.tag[wrapper] if wrapper >= 0 else "", runs, elements))
    return sanitise("\n".join(parts), base)


def _row_key(cut: Cut, at: int) -> tuple[int, bool]:
    """Runs with equal keys stand on one line: those of the same table row, if the row is no layout of long text."""
    name, _, frame = _frame(cut.elements, cut.runs[at].element)
    return (frame, True) if name == "tr" and "\n" not in cut.runs[at].text else (-1 - at, False)


def _frame(elements: Elements, element: int) -> tuple[str, int, int]:
    """What a block stands in: the tag that names its kind, the list or table around that, and the tag's element."""
    for _ in range(REACH):
        if element < 0:
            break
        tag = elements.tag[element]
        if tag in FRAMES:
            return tag, _wrapper(elements, element, tag), element
        element = elements.parent[element]
    return "p", -1, -1


def _wrapper(elements: Elements, element: int, tag: str) -> int:
    wanted = {"li": {"ul", "ol"}, "tr": {"table"}, "dt": {"dl"}, "dd": {"dl"}, "blockquote": {"blockquote"}}.get(tag)
    if wanted is None:
        return -1
    for _ in range(REACH):
        if element < 0 or elements.tag[element] in wanted:
            return element
        element = elements.parent[element]
    return -1


def _wrapped(name: str, wrapper: str, runs: list[Run], elements: Elements) -> str:
    if name == "tr":
        rows = groupby(runs, lambda run: _frame(elements, run.element)[2])
        return "<table>" + "".join(f"<tr>{_cells(row, elements)}</tr>" for _, row in rows) + "</table>"
    if name == "blockquote":
        return "<blockquote>" + "".join(f"<p>{inline(run)}</p>" for run in runs) + "</blockquote>"
    items = "".join(f"<{name}>{inline(run)}</{name}>\n" for run in runs)
    if name in ("li", "dt", "dd"):
        around = wrapper if wrapper in ("ul", "ol", "dl") else "ul"
        return f"<{around}>{items}</{around}>"
    return items


def _cells(runs: Iterable[Run], elements: Elements) -> str:
    tags = [("th" if elements.tag[run.element] == "th" else "td", run) for run in runs]
    return "".join(f"<{tag}>{inline(run)}</{tag}>" for tag, run in tags)


def inline(run: Run) -> str:
    """One block's text with its links and emphasis, escaped and balanced."""
    if "\n" not in run.text and all(piece.__class__ is str for piece in run.pieces):
        return escape(run.text, quote=False)
    out: list[str] = []
    open_tags: list[str] = []
    for piece in run.pieces:
        if isinstance(piece, str):
            out.append(escape(piece, quote=False).replace(BREAK, "<br>"))
            continue
        tag, address = piece
        if tag.startswith("/"):
            if open_tags and open_tags[-1] == tag[1:]:
                out.append(f"</{open_tags.pop()}>")
        elif tag in SHOWN:
            open_tags.append(tag)
            out.append(f'<a href="{escape(address)}">' if tag == "a" else f"<{tag}>")
    out += [f"</{tag}>" for tag in reversed(open_tags)]
    return tidy("".join(out)) if "\n" not in run.text else "".join(out).strip()
