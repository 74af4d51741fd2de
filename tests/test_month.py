"""A month's best out of the places of its weeklies."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from digest.month import Placed, best_of

PLACES = st.builds(
    Placed,
    st.sampled_from("abcdefghij"),
    st.integers(1, 5),
    st.integers(0, 20),
    lead=st.booleans(),
    safety=st.booleans(),
    copies=st.integers(1, 9),
)


def keys(*placed, most=15):
    return [one.key for one in best_of(placed, most)]


def test_leads_come_first_and_then_what_stood_highest_in_its_week():
    week = [Placed("a", 1, 4), Placed("b", 1, 7), Placed("c", 1, 9, lead=True)]
    assert keys(*week, Placed("d", 2, 0)) == ["c", "d", "a", "b"]


def test_of_two_that_stood_equally_high_more_sources_win_and_then_the_later_week():
    assert keys(Placed("a", 1, 0, copies=3), Placed("b", 2, 0), Placed("c", 3, 0)) == ["a", "c", "b"]


def test_safety_notices_stand_newest_first_and_beyond_the_count():
    old, new = (
        Placed(name, 1, 0, safety=True, dated=datetime(2026, 11, day, tzinfo=UTC))
        for name, day in (("o1", 1), ("n9", 9))
    )
    undated = Placed("undated", 2, 0, safety=True)
    assert keys(old, undated, new, Placed("a", 2, 1), Placed("b", 2, 2), most=1) == ["n9", "o1", "undated", "a"]


def test_a_story_that_two_weeklies_printed_stands_as_the_later_had_it():
    (one,) = best_of([Placed("a", 2, 5, headline="Later"), Placed("a", 1, 0, lead=True)], 15)
    assert (one.headline, one.why, one.lead) == ("Later", "stood in no. 2", False)


@given(st.lists(PLACES, max_size=30), st.integers(0, 12))
def test_each_story_once_never_too_many_and_at_most_two_lead(placed, most):
    found = best_of(placed, most)
    assert len({one.key for one in found}) == len(found)
    assert sum(not one.why.startswith("safety") for one in found) <= most
    assert sum(one.lead for one in found) <= 2
