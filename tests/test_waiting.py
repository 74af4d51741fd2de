"""How long a server asks to be left alone, in every spelling of Retry-After."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.waiting import LONGEST_WAIT, answered, asked_wait
from tests.conftest import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("600", timedelta(minutes=10)),
        ("0", timedelta(0)),
        ("99999999999999999999", LONGEST_WAIT),
        ("Fri, 20 Nov 2026 11:00:00 GMT", timedelta(minutes=90)),
        ("Fri, 20 Nov 2026 08:00:00 GMT", HOUR),
        ("Fri, 20 Nov 2099 08:00:00 GMT", LONGEST_WAIT),
        ("", HOUR),
        ("soon", HOUR),
        ("-5", HOUR),
        ("²", HOUR),
    ],
)
def test_a_wait_is_read_from_seconds_and_dates(said, wait):
    assert asked_wait(said, NOW) == wait


@given(st.text())
def test_whatever_the_header_says_the_wait_is_bounded(said):
    assert timedelta(0) <= asked_wait(said, NOW) <= LONGEST_WAIT


def test_a_refusal_says_whether_we_are_to_wait():
    assert (answered(503), answered(500)) == ("the server asked us to wait (503)", "the server answered 500")
