"""Which stories an edition might take."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.suggest import Candidate, reason, suggest
from digest.words import words_of


@pytest.fixture
def one(now):
    return Candidate("a", ("nose",), 0.9, False, now - timedelta(days=1), 1, 0.5)


def keys(suggestions):
    return [suggestion.key for suggestion in suggestions]


def test_off_topic_undated_and_old_stories_are_not_suggested(one, now):
    bad = [
        replace(one, key="off", on_topic=0.4),
        replace(one, key="none", topics=()),
        replace(one, key="undated", dated=None),
        replace(one, key="old", dated=now - timedelta(days=22)),
        replace(one, key="future", dated=now + timedelta(days=3)),
    ]
    assert suggest(bad, now, 10) == ()


def test_what_an_editor_picked_is_taken_whatever_it_is(one, now):
    picked = replace(one, key="p", dated=None, on_topic=0.1, topics=(), picked=True)
    (suggestion,) = suggest([picked], now, 10)
    assert suggestion.why == "picked by hand, undated"


def test_safety_notices_come_first_and_beyond_the_count(one, now):
    notice = replace(one, key="s", safety=True, on_topic=0.2, topics=())
    glucose = replace(notice, key="g", on_topic=0.01)
    assert keys(suggest([one, notice, glucose], now, 1)) == ["s", "a"]


def test_the_newest_notice_stands_first_however_sure_its_topics_are(one, now):
    notice = replace(one, safety=True)
    newest = replace(notice, key="new", doubtful=True, on_topic=0.2, dated=now)
    older = replace(notice, key="old", dated=now - timedelta(days=3))
    undated = replace(notice, key="none", dated=None, picked=True)
    assert keys(suggest([older, undated, newest], now, 9)) == ["new", "old", "none"]


def test_a_week_is_varied(one, now):
    noses = [replace(one, key=f"n{n}") for n in range(6)]
    hair = replace(one, key="h", topics=("hair",), on_topic=0.85)
    assert "h" in keys(suggest([*noses, hair], now, 3))


def test_the_first_two_lead_unless_they_are_doubtful_or_sell(one, now):
    doubtful = replace(one, key="d", doubtful=True, topics=("hair",), trust=1.0)
    seller = replace(one, key="p", promotion=True, topics=("body",), trust=1.0)
    found = suggest([one, doubtful, seller], now, 9)
    assert [suggestion.key for suggestion in found if suggestion.lead] == ["a"]


def test_the_reason_is_said_in_words(one, now):
    (suggestion,) = suggest([replace(one, copies=3)], now, 1)
    assert suggestion.why == "on topic 90%, 1 day old, told by 3 sources"


def test_the_reason_is_said_in_the_words_of_a_catalogue(one, now):
    german = words_of("de").translations
    notice = replace(one, copies=3, safety=True, dated=now - timedelta(days=2))
    assert reason(notice, now, german) == "Sicherheitshinweis; zum Thema 90 %, 2 Tage alt, bei 3 Quellen"
    assert reason(notice, now) == "safety notice; on topic 90%, 2 days old, told by 3 sources"
