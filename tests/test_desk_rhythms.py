"""The composer of drafts that renew themselves: stories added by hand, what is new, what is gone, both rhythms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import make_edition, make_publication, make_story

pytestmark = pytest.mark.django_db
EDITION = "/desk/brow/editions/weekly-1"


@pytest.fixture
def edition():
    stories = [make_story(title, topics=["nose"]) for title in ("One", "Two", "Three")]
    return make_edition(make_publication(), stories, send_at=timezone.now() + timedelta(days=2))


@pytest.fixture
def editor(edition):
    return signed_in(make_people()["editor"])


def heads(edition):
    return [place.headline or str(place.story) for place in edition.placements.all()]


def test_a_story_is_added_by_its_key_or_the_address_of_its_page_and_a_wrong_one_is_said(editor, edition):
    story, other = make_story("By its key"), make_story("By its address")
    editor.post(f"{EDITION}/add", {"story": story.key})
    editor.post(f"{EDITION}/add", {"story": f"https://desk.example/desk/brow/stories/{other.key}/"})
    assert heads(edition)[3:] == ["By its key", "By its address"]
    answer = editor.post(f"{EDITION}/add", {"story": story.key})
    assert answer.status_code == 422
    assert "the story stands in this edition already" in answer.content.decode()
    assert editor.post(f"{EDITION}/add", {"story": "nosuchkey1"}).status_code == 422
    assert len(heads(edition)) == 5


def test_a_touched_draft_says_how_many_stories_have_come_since_its_suggestion(editor, edition):
    assert "since this suggestion" not in editor.get(EDITION).content.decode()
    for number in range(2):
        fresh = make_story(f"New {number}", topics=["nose"])
        fresh.dated = fresh.filed_at = timezone.now()
        fresh.save()
        make_label(fresh, at=timezone.now())
    edition.closes_at = timezone.now() + timedelta(days=2)
    edition.save()
    assert "2 new stories since this suggestion." in editor.get(EDITION).content.decode()
    editor.post("/desk/brow/editions/draft", {"cadence": "weekly"})
    assert "since this suggestion" not in editor.get(EDITION).content.decode()


def test_the_composer_shows_a_story_whose_articles_are_gone_and_says_to_take_it_out(editor, edition):
    story = edition.placements.first().story
    story.lead = None
    story.save()
    html = editor.get(EDITION).content.decode()
    assert "One story has no article any more: take it out." in html
    assert story.key in html
    assert "story of this edition has no article any more" in editor.get(f"{EDITION}/preview").content.decode()


def test_each_rhythm_has_a_button_until_it_has_a_draft(editor, edition):
    html = editor.get("/desk/brow/editions").content.decode()
    assert ("Draft the next weekly edition" in html, "Draft a monthly edition" in html) == (False, True)
    answer = editor.post("/desk/brow/editions/draft", {"cadence": "monthly"}, follow=True)
    assert "what the weeklies of the month printed" in answer.content.decode()
    assert "Draft a monthly edition" not in editor.get("/desk/brow/editions").content.decode()
