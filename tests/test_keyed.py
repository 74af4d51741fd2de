"""A lost or changed secret: addresses are known by their keyed hashes, so nobody is added and nothing is mailed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from crawler.models import Event
from desk.doctor import examine
from digest.addresses import address_hash
from digest.approving import approve
from digest.errors import DigestError
from digest.keyed import RekeyCount, rekey
from digest.models import Subscriber, Subscription, Suppression
from digest.people import erase, take_roster
from digest.preferences import send_link
from digest.roster import Row
from digest.schedule import send_all, transport
from digest.signup import Wish, request
from digest.subscribing import find, is_suppressed, subscribe, suppress
from tests.factory import NOW, make_edition, make_publication, make_reader, make_story
from tests.processes import OURS, ROOT

ALICE = "alice@reader.example"
SAID = (
    "the secret is not the one that known addresses were filed with (restore the file `secret` of the home, or "
    "GLABELLA_SECRET, from the backup; until then nobody is added or mailed)"
)


def now():
    return NOW


VERBS = {
    "subscribe": lambda brow: subscribe(ALICE, brow, by="test", now=NOW, how="a test"),
    "suppress": lambda brow: suppress(ALICE, "a wish", by="test", now=NOW),
    "find": lambda brow: find(ALICE),
    "take a list": lambda brow: take_roster([Row(2, "bob@reader.example")], brow, "a list of yes", by="test", now=NOW),
    "sign up": lambda brow: request(brow, Wish("bob@reader.example"), transport=transport(), now=NOW),
    "ask for a link": lambda brow: send_link(ALICE, brow, transport=transport(), now=NOW),
    "send": lambda brow: send_all(now),
}


@pytest.fixture
def brow(home):
    """An approved edition for alice, and somebody who must not be mailed."""
    brow = make_publication()
    make_reader(brow, ALICE)
    suppress("eve@reader.example", "a complaint", by="test", now=NOW)
    approve(make_edition(brow, [make_story()]), by="test", now=NOW, send_at=NOW)
    return brow


def rows():
    return [model.objects.count() for model in (Subscriber, Subscription, Suppression)]


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_under_another_secret_no_verb_takes_an_address_or_mails_one(brow, home, settings, verb):
    settings.SECRET_KEY = "another secret, long enough to sign with as well as the first"
    before = rows()
    with pytest.raises(DigestError) as refused:
        VERBS[verb](brow)
    assert str(refused.value) == SAID
    assert rows() == before
    assert not (home / "outbox").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_under_the_secret_that_was_put_back_every_verb_works(brow, home, verb):
    VERBS[verb](brow)
    assert Subscriber.objects.filter(address=ALICE).count() == 1


@pytest.mark.django_db
def test_doctor_says_whether_the_secret_fits_the_rows(brow, settings):
    def said():
        return [(one.state, one.said) for one in examine(NOW) if one.what == "secret"]

    assert said() == [("ok", "fits the addresses that are known")]
    settings.SECRET_KEY = "another secret, long enough to sign with as well as the first"
    assert said() == [("bad", SAID)]


@pytest.mark.django_db
def test_where_no_address_is_known_nothing_can_be_held_against_the_secret(settings):
    brow = make_publication()
    erase(make_reader(brow, ALICE).subscriber, by="test", now=NOW)
    settings.SECRET_KEY = "another secret, long enough to sign with as well as the first"
    assert make_reader(brow, "bob@reader.example").state == "active"


@pytest.mark.django_db
def test_where_the_secret_is_lost_for_good_the_known_are_filed_under_a_new_one(brow, settings):
    make_reader(brow, "bob@reader.example")
    suppress("bob@reader.example", "a bounce", by="test", now=NOW)
    before = rows()
    settings.SECRET_KEY = "another secret, long enough to sign with as well as the first"
    assert rekey(by="test", now=NOW) == RekeyCount(people=2, held=1, lost=1)
    assert rows() == before
    assert subscribe(ALICE, brow, by="test", now=NOW, how="a test").subscriber == find(ALICE)
    assert is_suppressed(find("bob@reader.example"))
    assert Event.objects.get(verb="rekey").after == {"people": 2, "suppressions": 1, "lost": 1}
    with pytest.raises(DigestError, match="the secret fits"):
        rekey(by="test", now=NOW)


@pytest.mark.django_db
def test_who_was_added_twice_under_two_secrets_is_told_apart_by_a_person_first(brow, settings):
    settings.SECRET_KEY = "another secret, long enough to sign with as well as the first"
    twice = Subscriber.objects.create(
        address=ALICE, address_hash=address_hash(ALICE, settings.SECRET_KEY), added_at=NOW
    )
    with pytest.raises(DigestError, match="two people have one address"):
        rekey(by="test", now=NOW)
    erase(Subscriber.objects.exclude(pk=twice.pk).get(), by="test", now=NOW)
    assert find(ALICE) == twice


@pytest.mark.slow
def test_after_the_home_s_secret_is_deleted_the_same_address_is_not_added_twice(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}

    def glabella(*words):
        command = [sys.executable, "-m", "desk", *words]
        env["GLABELLA_HOME"] = str(tmp_path)
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)

    add = ("subscriber", "add", ALICE, "--publication", "brow")
    glabella("publication", "add", "brow", "--name", "B", "--from", "n@b.example", "--postal", "1 Lane")
    assert glabella(*add).returncode == 0
    secret = (tmp_path / "secret").read_text()
    (tmp_path / "secret").unlink()
    for words in (add, ("send",)):
        refused = glabella(*words)
        assert (refused.returncode, refused.stderr) == (1, f"glabella: {SAID}\n")
    checked = glabella("doctor", "--json")
    assert checked.returncode == 1
    assert "the secret is not the one" in checked.stdout
    assert glabella("subscriber", "rekey").returncode == 2
    (tmp_path / "secret").write_text(secret)
    assert glabella(*add).returncode == 0
    assert glabella("subscriber", "list", "--json").stdout.count(ALICE) == 1
