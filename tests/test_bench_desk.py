"""What the desk's benchmark concludes from pages asked, and who asks for which; its filling is in test_desk_large."""

import pytest

from benchmarks.desk import measures, who_reads
from tests.large import Asked

QUICK = Asked("queue", 200, 15, [9.0, 0.01, 0.02, 0.03])


def lines(*pages: Asked) -> list[str]:
    return [measure.line() for measure in measures(list(pages))]


def test_the_slowest_page_and_the_one_of_most_queries_are_named():
    assert lines(QUICK, Asked("story", 200, 21, [0.1, 0.004, 0.004])) == [
        "slowest page, queue, ms | 20 | <= 300 | met",
        "most queries of a page, story | 21 | <= 20 | short",
        "pages that did not open | 0 | <= 0 | met",
    ]


def test_a_file_of_all_readers_is_no_slow_page_but_its_queries_count():
    slowest, most, _ = lines(QUICK, Asked("people-export", 200, 16, [5.0, 5.0]))
    assert slowest.startswith("slowest page, queue")
    assert most.startswith("most queries of a page, people-export")


def test_a_page_that_refuses_is_told():
    assert lines(QUICK, Asked("story", 403, 1, [0.1, 0.1]))[-1] == "pages that did not open | 1 | <= 0 | short"


@pytest.mark.parametrize(
    ("name", "role"),
    [("queue", "editor"), ("public topic", "editor"), ("people-export", "operator"), ("login", "stranger")],
)
def test_who_asks(name, role):
    assert who_reads(name) == role
