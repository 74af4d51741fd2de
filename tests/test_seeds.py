"""The two page dumps of the kind this service exists for: from file to digest."""

import pytest

from classifier.labelling import label_due
from crawler.importing import import_paths
from crawler.models import Story
from desk.ready import fill
from digest.approving import approve
from digest.drafting import draft, pick
from digest.sending import send_due
from digest.transports import FileOutbox
from tests.factory import NOW, make_publication, make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.shared]
TOPICS = {
    "Amiya Prasad, M.D.": {"toxin", "guidance", "safety"},
    "Sarah Mitchell": {"toxin-therapy", "reconstructive", "research"},
}


def now():
    return NOW


@pytest.fixture
def stories(shared):
    fill(NOW)
    done = list(import_paths([shared / "seeds"], by="ed", now=NOW))
    assert all(one.story for one in done)
    label_due("aesthetics", now=NOW)
    return list(Story.objects.all())


def test_both_become_articles_with_their_authors_and_topics(stories):
    found = {story.lead.author: set(story.tags.values_list("topic__key", flat=True)) for story in stories}
    assert found == TOPICS


def test_neither_is_picked_by_itself_and_a_person_may_pick_both(stories, tmp_path):
    assert all(story.undated for story in stories)
    brow = make_publication()
    make_reader(brow)
    assert not draft(brow, by="test", now=NOW).placements.exists()
    pick([story.key for story in stories], brow, by="ed", now=NOW)
    edition = draft(brow, by="test", now=NOW)
    approve(edition, by="ed", now=NOW, send_at=NOW)
    send_due(FileOutbox(tmp_path), clock=now)
    (mail,) = tmp_path.rglob("*.eml")
    text = mail.read_bytes()
    assert text.count(b"undated") >= 4
    assert all(f"/s/{story.key}".encode() in text for story in stories)


def test_the_same_file_again_is_known(stories, shared):
    assert [one.why for one in import_paths([shared / "seeds"], by="ed", now=NOW)] == ["known already"] * 2
