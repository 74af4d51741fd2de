"""The two text-only dumps of the kind this service exists for come out word-exact."""

from pathlib import Path

import pytest

from crawler.extract import extract_text

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def dump_of(name: str) -> str:
    path = SEEDS / name
    if not path.exists():
        pytest.skip(f"../shared/seeds/{name} is not there")
    return path.read_text(encoding="utf-8")


def body_lines(dump: str, first: int, last: int) -> list[str]:
    return [" ".join(line.split()) for line in dump.splitlines()[first - 1 : last] if line.strip()]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "first", "last", "title_line", "author"),
    [
        ("question-page.txt", 5, 11, 1, "Amiya Prasad, M.D."),
        ("news-page.txt", 66, 90, 60, "Sarah Mitchell"),
    ],
)
def test_a_seed_keeps_exactly_the_lines_of_its_article(name, first, last, title_line, author):
    dump = dump_of(name)
    article = extract_text(dump)
    assert article.text.split("\n\n") == body_lines(dump, first, last)
    assert article.title == dump.splitlines()[title_line - 1].strip()
    assert article.author == author
    assert article.published is None
    assert article.language == "en"
