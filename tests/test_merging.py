"""No story twice: not after a call-off in the middle, not after a merge; and no decision is lost by one."""

import pytest

from crawler.models import Event
from digest.approving import approve, cancel
from digest.candidates import open_stories
from digest.drafting import dismiss, draft, pick
from digest.freezing import content_of
from digest.merging import merge_stories, undo_merging
from digest.models import Choice, Edition
from digest.sending import send_due
from digest.transports import Answer, Result
from tests.factory import NOW, make_edition, make_publication, make_reader, make_sent_edition, make_story
from tests.test_sending import Postman

pytestmark = pytest.mark.django_db


@pytest.fixture
def brow():
    return make_publication()


def open_keys(publication):
    return {story.key for story in open_stories(publication, "weekly", NOW, NOW)}


def merged(gone, kept):
    merge_stories(gone.key, kept.key, by="edith", now=NOW)
    return Event.objects.get(verb="merge", key=gone.key)


def choices(publication, story):
    return list(Choice.objects.filter(publication=publication, story=story).values_list("state", flat=True))


def test_what_some_readers_had_before_a_call_off_is_used(brow):
    story = make_story("A straight nose")
    for name in ("alice", "bob"):
        make_reader(brow, f"{name}@reader.example")
    edition = make_edition(brow, [story])
    approve(edition, by="test", now=NOW, send_at=NOW)
    send_due(Postman(Answer(Result.ACCEPTED), Answer(Result.LATER, "451")), clock=lambda: NOW)
    edition.refresh_from_db()
    cancel(edition, by="edith", now=NOW)
    assert open_keys(brow) == set()


def test_what_was_called_off_before_anybody_had_it_is_open_again(brow):
    story = make_story("A straight nose")
    make_reader(brow)
    edition = make_edition(brow, [story])
    approve(edition, by="test", now=NOW, send_at=NOW)
    cancel(edition, by="edith", now=NOW)
    assert open_keys(brow) == {story.key}


@pytest.mark.parametrize("steps", [1, 2])
def test_a_sent_story_is_used_under_whatever_it_is_merged_into(brow, steps):
    sent, *chain = (make_story(f"Story {number}") for number in range(steps + 1))
    make_sent_edition(brow, [sent])
    before = sent
    for story in chain:
        merged(before, story)
        before = story
    assert open_keys(brow) == set()


def test_a_story_that_another_publication_sent_is_open(brow):
    make_sent_edition(make_publication("nose"), [sent := make_story("Sent")])
    merged(sent, kept := make_story("Kept"))
    assert open_keys(brow) == {kept.key}


@pytest.mark.parametrize(
    ("gone_was", "kept_was", "then"),
    [
        ("", "", []),
        ("picked", "", ["picked"]),
        ("dismissed", "", ["dismissed"]),
        ("", "dismissed", ["dismissed"]),
        ("picked", "dismissed", ["picked"]),
        ("dismissed", "picked", ["picked"]),
    ],
)
def test_a_choice_goes_along_and_nothing_picked_is_lost_and_an_undo_restores_both(brow, gone_was, kept_was, then):
    gone, kept = make_story("Gone"), make_story("Kept")
    verbs = {"picked": pick, "dismissed": dismiss}
    for story, was in ((gone, gone_was), (kept, kept_was)):
        if was:
            verbs[was]([story.key], brow, by="edith", now=NOW)
    event = merged(gone, kept)
    assert choices(brow, kept) == then
    undo_merging(event, by="edith", now=NOW)
    assert choices(brow, gone) == ([gone_was] if gone_was else [])
    assert choices(brow, kept) == ([kept_was] if kept_was else [])


def test_two_stories_of_one_draft_are_printed_once_and_an_undo_brings_the_place_back(brow):
    first, second, third = (make_story(f"Story {name}") for name in "ABC")
    edition = make_edition(brow, [first, second, third])
    edition.placements.filter(story=first).update(headline="Mine", lead=True)
    event = merged(first, second)
    assert [item.key for item in content_of(edition, "").items] == [second.key, third.key]
    undo_merging(event, by="edith", now=NOW)
    assert list(edition.placements.values_list("story__key", "headline", "lead")) == [
        (first.key, "Mine", True),
        (second.key, "", False),
        (third.key, "", False),
    ]


def test_a_draft_prints_the_remaining_story_where_the_other_stood(brow):
    gone, kept, other = make_story("Gone"), make_story("Kept"), make_story("Other")
    edition = make_edition(brow, [gone, other])
    event = merged(gone, kept)
    assert [item.key for item in content_of(edition, "").items] == [kept.key, other.key]
    undo_merging(event, by="edith", now=NOW)
    assert list(edition.placements.values_list("story__key", flat=True)) == [gone.key, other.key]


def test_an_edition_that_is_out_is_not_changed_by_a_merge(brow):
    gone, kept = make_story("Gone"), make_story("Kept")
    edition = make_sent_edition(brow, [gone])
    merged(gone, kept)
    assert edition.placements.get().story == gone
    assert draft(brow, by="test", now=NOW).placements.count() == 0
    assert Edition.objects.count() == 2
