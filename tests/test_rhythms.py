"""Weeklies and monthlies over time: what is drafted when, of what, and who gets which. The clock is simulated."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from crawler.models import Event
from desk.running import draft_due, send_all
from digest.approving import approve, skip
from digest.composing import Step, add_item, add_story, move, remove, reword, set_words
from digest.drafting import current_draft, dismiss, draft, pick
from digest.errors import DigestError
from digest.issue import IssueContent
from digest.merging import merge_stories
from digest.models import Delivery, Edition
from digest.renewing import REST, is_touched, news_of
from digest.undoing import undo_choice
from digest.weeks import LEAD
from tests.desk_cast import make_label
from tests.factory import make_edition, make_publication, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
FIRST_MONDAY = datetime(2026, 12, 7, 7, 0, tzinfo=UTC)


def at(moment):
    return lambda: moment


def filed(title, when, **fields):
    """A story that came in and was labelled at this moment."""
    source = make_source("https://board.example/feed", tags=["safety"]) if fields.pop("safety", False) else None
    story = make_story(title, ["nose"], source, published_day=when.date(), **fields)
    story.dated = story.filed_at = when
    story.save()
    make_label(story, at=when, probabilities={"nose": 0.9})
    return story


def titles(edition):
    return [place.headline or str(place.story) for place in edition.placements.select_related("story__lead")]


def weekly(brow, stories, sent, number, leads=()):
    """A weekly that went out at this time, to nobody in particular."""
    edition = make_edition(brow, stories, number=number, send_at=sent, closes_at=sent, state=Edition.State.SENT)
    edition.placements.filter(story__in=leads).update(lead=True)
    return edition


@pytest.fixture
def brow(home):
    return make_publication()


def live(brow, days):
    """Half day by half day: a story a day, and an editor who approves each draft in the last half day before its time."""
    for half_day in range(2 * days):
        now = START + timedelta(hours=12 * half_day)
        if half_day % 2 == 0:
            filed(f"Story of {now:%d %B}", now - timedelta(minutes=1))
        draft_due(at(now))
        for edition in Edition.objects.filter(state="draft", send_at__lte=now + timedelta(hours=12)):
            approve(edition, by="edith", now=now)
        send_all(at(now))


def sent(cadence):
    """The editions of a rhythm that went out, in order, each as it was frozen."""
    rows = Edition.objects.filter(cadence=cadence, state="sent").order_by("send_at")
    return [(row.send_at, IssueContent.from_json(row.issues.get().content)) for row in rows]


@pytest.mark.slow
def test_over_seventy_days_the_weeklies_and_the_monthlies_go_out_each_to_its_readers(brow, home):
    make_reader(brow, "alice@reader.example")
    make_reader(brow, "mona@reader.example", cadence="monthly")
    live(brow, 70)
    weeklies, (first, second) = sent("weekly"), sent("monthly")
    assert [when for when, _ in weeklies] == [MONDAY + timedelta(weeks=number) for number in range(10)]
    assert [when for when, _ in (first, second)] == [FIRST_MONDAY, FIRST_MONDAY + timedelta(weeks=4)]
    mails = Counter(Delivery.objects.filter(state="accepted").values_list("subscriber__address", "edition__cadence"))
    assert mails == {("alice@reader.example", "weekly"): 10, ("mona@reader.example", "monthly"): 2}
    assert len(list((home / "outbox").rglob("*.eml"))) == 12

    printed = {item.key for _, content in weeklies for item in content.items}
    of_first, of_second = ({item.key for item in content.items} for _, content in (first, second))
    assert (len(of_first), len(of_second)) == (13, 15)
    assert of_first | of_second <= printed
    assert not of_first & of_second
    assert [(content.opens, content.closes) for _, content in (first, second)] == [
        ("2026-11-02", "2026-12-06"), ("2026-12-06", "2027-01-03"),
    ]  # fmt: skip


def test_nobody_who_reads_monthly_means_no_monthly(brow):
    make_reader(brow)
    assert draft_due(at(FIRST_MONDAY - LEAD)) == ["The Brow 1"]


def test_a_monthly_draft_does_not_hold_up_the_weekly_nor_the_other_way_round(brow):
    make_reader(brow, cadence="monthly")
    weekly(brow, [filed("Old", START)], MONDAY, 1)
    draft(brow, by="edith", now=MONDAY + timedelta(hours=1), cadence="monthly")
    assert draft_due(at(MONDAY + timedelta(days=3))) == ["The Brow 2"]
    assert current_draft(brow, "monthly").send_at == FIRST_MONDAY


def test_the_first_draft_is_made_at_once_and_the_next_four_days_before_its_time(brow):
    filed("First", START)
    assert draft_due(at(START)) == ["The Brow 1"]
    approve(current_draft(brow), by="edith", now=MONDAY - timedelta(hours=1))
    send_all(at(MONDAY))
    near = MONDAY + timedelta(days=7) - LEAD
    assert draft_due(at(near - timedelta(minutes=1))) == []
    assert draft_due(at(near)) == ["The Brow 2"]


def test_a_story_of_thursday_stands_in_the_untouched_draft_on_friday_and_nothing_is_done_without_news(brow):
    filed("Monday's", START)
    draft_due(at(START))
    place = current_draft(brow).placements.get()
    assert draft_due(at(START + timedelta(hours=1))) == []
    filed("Thursday's", START + timedelta(days=2))
    assert draft_due(at(START + timedelta(days=3))) == ["The Brow 1"]
    assert sorted(titles(current_draft(brow))) == ["Monday's", "Thursday's"]
    assert current_draft(brow).placements.get(pk=place.pk).story == place.story
    assert draft_due(at(START + timedelta(days=3, hours=1))) == []


def test_a_story_that_was_labelled_after_it_was_filed_is_news(brow):
    late = filed("Late", START - timedelta(minutes=5))
    late.labellings.all().delete()
    draft_due(at(START))
    make_label(late, at=START + timedelta(minutes=1))
    assert draft_due(at(START + REST)) == ["The Brow 1"]
    assert titles(current_draft(brow)) == ["Late"]


def test_what_is_off_topic_is_no_news(brow):
    filed("First", START)
    draft_due(at(START))
    filed("Roses", START + timedelta(hours=1)).labellings.update(on_topic=0.2)
    assert draft_due(at(START + timedelta(days=1))) == []


TOUCHES = {
    "picked": lambda draft_, now: pick([draft_.placements.last().story.key], draft_.publication, by="edith", now=now),
    "moved": lambda draft_, now: move(draft_, draft_.placements.last().pk, Step.UP, by="edith", now=now),
    "reworded": lambda draft_, now: reword(draft_, draft_.placements.last().pk, by="edith", now=now, headline="Mine"),
    "taken out": lambda draft_, now: remove(draft_, draft_.placements.last().pk, by="edith", now=now),
    "added": lambda draft_, now: add_item(draft_, "own", "A meeting", by="edith", now=now),
    "introduced": lambda draft_, now: set_words(draft_, "", "Good morning.", by="edith", now=now),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_a_draft_that_a_person_has_touched_is_never_changed_by_itself_and_says_what_is_new(brow, touch):
    for number in range(4):
        filed(f"Story {number}", START)
    draft_due(at(START))
    touch(current_draft(brow), START + timedelta(minutes=5))
    before = list(current_draft(brow).placements.values())
    filed("Thursday's", START + timedelta(days=2))
    assert draft_due(at(START + timedelta(days=3))) == []
    assert list(current_draft(brow).placements.values()) == before
    assert is_touched(current_draft(brow))
    assert news_of(current_draft(brow), START + timedelta(days=3)) == 1


def test_suggested_anew_a_touched_draft_keeps_a_persons_places_in_their_order_and_takes_the_news(brow):
    for number in range(3):
        filed(f"Story {number}", START)
    draft_due(at(START))
    own = list(current_draft(brow).placements.all())[1:]
    for place in own:
        reword(current_draft(brow), place.pk, by="edith", now=START, headline=f"Mine {place.position}")
    filed("Thursday's", START + timedelta(days=2))
    draft(brow, by="edith", now=START + timedelta(days=3))
    found = titles(current_draft(brow))
    assert found[:2] == ["Mine 1", "Mine 2"]
    assert "Thursday's" in found[2:]
    assert news_of(current_draft(brow), START + timedelta(days=3)) == 0


def test_a_draft_that_nobody_approved_becomes_the_next_weeks(brow):
    filed("First", START)
    draft_due(at(START))
    filed("After its time", MONDAY + timedelta(hours=3))
    assert draft_due(at(MONDAY + timedelta(hours=4))) == ["The Brow 1"]
    late = current_draft(brow)
    assert (late.number, late.send_at) == (1, MONDAY + timedelta(days=7))
    assert sorted(titles(late)) == ["After its time", "First"]


def test_a_skipped_edition_is_not_drafted_again_and_the_next_speaks_of_its_days_too(brow):
    filed("First", START)
    draft_due(at(START))
    approve(current_draft(brow), by="edith", now=START, send_at=START)
    send_all(at(START))
    second = draft(brow, by="edith", now=MONDAY + timedelta(days=1))
    skip(second, by="edith", now=MONDAY + timedelta(days=1))
    assert draft_due(at(MONDAY + timedelta(days=6))) == []
    assert draft_due(at(MONDAY + timedelta(days=11))) == ["The Brow 3"]
    assert current_draft(brow).opens_at == START


@pytest.fixture
def month(brow):
    """Two weeklies of November: a lead and two more each, a safety notice in the second, one own headline."""
    first = [filed(f"First {word}", START) for word in ("lead", "two", "three")]
    second = [filed("Recall", START, safety=True)] + [
        filed(f"Second {word}", START) for word in ("lead", "two", "three")
    ]
    weekly(brow, first, MONDAY, 1, leads=first[:1]).placements.filter(story=first[1]).update(headline="In our words")
    weekly(brow, second, MONDAY + timedelta(days=7), 2, leads=second[1:2])
    return [*first, *second]


def monthly(brow, now=FIRST_MONDAY - LEAD):
    return draft(brow, by="edith", now=now, cadence="monthly")


def test_a_monthly_is_chosen_from_its_weeklies_the_leads_first_with_the_editors_words(brow, month):
    filed("In no weekly", START)
    edition = monthly(brow)
    assert titles(edition) == [
        "Recall", "Second lead", "First lead", "Second two", "In our words", "Second three", "First three",
    ]  # fmt: skip
    assert [place.lead for place in edition.placements.all()] == [False, True, True, False, False, False, False]
    assert [place.why for place in edition.placements.all()][:4] == [
        "safety notice; stood in no. 2", "led no. 2", "led no. 1", "stood in no. 2",
    ]  # fmt: skip


def test_a_monthly_leaves_out_what_was_dismissed_since_and_prints_merged_stories_once(brow, month):
    dismiss([month[2].key], brow, by="edith", now=MONDAY)
    merge_stories(month[1].key, month[5].key, by="edith", now=MONDAY)
    placed = [place.story for place in monthly(brow).placements.all()]
    assert placed == [month[3], month[4], month[0], month[5], month[6]]


def test_a_weekly_that_is_not_out_is_not_the_months_yet_and_renews_the_untouched_monthly_when_it_is(brow, month):
    make_reader(brow, cadence="monthly")
    third = weekly(brow, [filed("Third lead", MONDAY)], FIRST_MONDAY - timedelta(days=2), 3)
    Edition.objects.filter(pk=third.pk).update(state=Edition.State.APPROVED)
    monthly(brow)
    assert "Third lead" not in titles(current_draft(brow, "monthly"))
    Edition.objects.filter(pk=third.pk).update(state=Edition.State.SENT)
    assert "The Brow monthly 1" in draft_due(at(FIRST_MONDAY - timedelta(days=1)))
    assert "Third lead" in titles(current_draft(brow, "monthly"))


def test_an_editor_may_place_any_other_story_in_a_monthly(brow, month):
    other = filed("In no weekly", START)
    edition = monthly(brow)
    add_story(edition, other.key, by="edith", now=FIRST_MONDAY - LEAD)
    assert titles(edition)[-1] == "In no weekly"
    with pytest.raises(DigestError, match="stands in this edition already"):
        add_story(edition, other.key, by="edith", now=FIRST_MONDAY - LEAD)


def test_an_issue_that_holds_fewer_takes_the_highest_places_of_each_week(brow, month):
    brow.items = 3
    brow.save()
    assert titles(monthly(brow)) == ["Recall", "Second lead", "First lead", "Second two"]


def test_a_monthly_approved_late_is_late_by_days_not_by_a_month(brow, month):
    edition = monthly(brow)
    approve(edition, by="edith", now=FIRST_MONDAY + timedelta(days=1))
    assert edition.send_at == FIRST_MONDAY + timedelta(days=7)
    make_reader(brow, cadence="monthly")
    assert "The Brow monthly 2" in draft_due(at(datetime(2026, 12, 31, 7, 0, tzinfo=UTC)))


def test_what_is_dismissed_leaves_both_drafts_and_its_undo_puts_it_back_in_both(brow, month):
    now = FIRST_MONDAY - LEAD
    story = month[0]
    drafts = [monthly(brow), draft(brow, by="edith", now=now)]
    for edition in drafts:
        edition.placements.filter(story=story).delete()
        add_story(edition, story.key, by="edith", now=now)
    before = [titles(edition) for edition in drafts]
    dismiss([story.key], brow, by="edith", now=now)
    assert not any(edition.placements.filter(story=story).exists() for edition in drafts)
    undo_choice(Event.objects.filter(verb="dismissed").get(), by="edith", now=now)
    assert [titles(edition) for edition in drafts] == before
