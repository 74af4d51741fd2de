"""Two ways to flatten a page to text, as dumps come: with bullets and blank lines, and bare, a block a line."""

from __future__ import annotations

from crawler.blocks import Cut


def with_layout(html: str, page: Cut) -> str:
    """As the text dumps of resiliparse have it: bullets, indents, blank lines between paragraphs."""
    from resiliparse.extract.html2text import extract_plain_text  # in the bench extra; training alone needs it

    text: str = extract_plain_text(
        html, main_content=False, preserve_formatting=True, list_bullets=True, alt_texts=False, links=False,
        form_fields=False, noscript=False,
    )  # fmt: skip
    return text or ""


def bare(html: str, page: Cut) -> str:
    """As WET files have it: one block a line, nothing between."""
    return "\n".join(run.text for run in page.runs)


WAYS = (with_layout, bare)
