"""Signing up with double opt-in, the fresh link, preferences and export: over the pages, read in the mails."""

from __future__ import annotations

import email
import email.policy
import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from crawler.models import Event
from digest.errors import DigestError
from digest.knocks import BY_ADDRESS, BY_NETWORK, knock, network_of
from digest.links import LinkExpired, sign, unsign
from digest.models import Consent, Knock, Publication, SignUp, Subscriber, Subscription
from digest.preferences import KIND as PREFERENCES
from digest.signup import KEPT, KIND, LIVES, forget
from digest.subscribing import suppress
from tests.factory import NOW, make_publication, make_reader, make_sent_edition, make_story, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.urls("desk.urls_public")]
ALICE = "alice@reader.example"


@pytest.fixture
def brow(home) -> Publication:
    make_topic("nose"), make_topic("skin"), make_topic("research", facet="angle")
    return make_publication(reply_to="editor@brow.example")


@pytest.fixture
def outbox(home: Path) -> Path:
    return home / "outbox" / "notices"


def mails(outbox: Path) -> list[email.message.EmailMessage]:
    files = sorted(outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def link(mail: email.message.EmailMessage) -> str:
    """The path of the one link in a notice, the same in both parts."""
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    found = re.search(r"http://127\.0\.0\.1:8000(/(?:signup|preferences)/\S+)", text)[1]
    assert found in html
    return found


def ask(client: Client, address: str = ALICE, **more):
    return client.post("/brow/", {"address": address, **more})


def test_a_reader_signs_up_and_confirms(client, brow, outbox):
    answer = ask(client, topics=["nose", "research"], cadence="monthly")
    assert "look into your mailbox" in answer.content.decode()
    assert not Subscriber.objects.exists()
    mail = mails(outbox)[0]
    assert mail["To"] == ALICE
    assert mail["Subject"] == "Please confirm: The Brow"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "editor@brow.example"
    assert mail["List-Unsubscribe"] is None
    page = client.get(link(mail))
    assert "Do you want to get The Brow?" in page.content.decode()
    assert "Welcome" in client.post(link(mail)).content.decode()
    alice = Subscription.objects.get(subscriber__address=ALICE)
    assert (alice.state, alice.topics, alice.cadence) == ("active", ["nose", "research"], "monthly")
    proof = Consent.objects.get(subscription=alice)
    assert "confirmed by the link" in proof.how
    assert "I want to get The Brow by mail" in proof.words


def test_the_words_of_the_proof_are_those_of_the_form(client, brow, outbox):
    page = client.get("/brow/").content.decode()
    ask(client)
    assert SignUp.objects.get().words in page


def test_a_link_scanner_confirms_nothing(client, brow, outbox):
    ask(client)
    for _ in range(3):
        assert client.get(link(mails(outbox)[0])).status_code == 200
        assert client.head(link(mails(outbox)[0])).status_code == 200
    assert not Subscription.objects.exists()


def test_confirming_twice_is_once_and_does_not_undo_leaving(client, brow, outbox):
    ask(client)
    path = link(mails(outbox)[0])
    client.post(path)
    alice = Subscription.objects.get()
    client.post(f"/leave/{alice.token}", {"List-Unsubscribe": "One-Click"})
    assert "confirmed already" in client.post(path).content.decode()
    alice.refresh_from_db()
    assert alice.state == "left"


def test_asking_changes_nothing_of_a_reader_whoever_asks(client, brow, outbox):
    alice = make_reader(brow, ALICE, ["skin"])
    ask(client, topics=["nose"])
    alice.refresh_from_db()
    assert alice.topics == ["skin"]
    assert mails(outbox)[0]["Subject"] == "You get The Brow already"
    assert link(mails(outbox)[0]).startswith("/preferences/")


def test_one_who_left_comes_back_by_confirming_only(client, brow, outbox):
    alice = make_reader(brow, ALICE, ["skin"])
    client.post(f"/leave/{alice.token}", {"List-Unsubscribe": "One-Click"})
    ask(client, topics=["nose"])
    alice.refresh_from_db()
    assert (alice.state, alice.topics) == ("left", ["skin"])
    client.post(link(mails(outbox)[0]))
    alice.refresh_from_db()
    assert (alice.state, alice.topics) == ("active", ["nose"])


def test_an_erased_reader_can_begin_anew(client, brow, outbox):
    alice = make_reader(brow, ALICE)
    Subscriber.objects.filter(pk=alice.subscriber_id).update(address="", name="", erased_at=NOW)
    ask(client)
    client.post(link(mails(outbox)[0]))
    alice.subscriber.refresh_from_db()
    assert (alice.subscriber.address, alice.subscriber.erased_at) == (ALICE, None)


def plain(answer, address: str) -> tuple[int, str]:
    """What a page says beside its token and the address that was typed into it."""
    return answer.status_code, re.sub(r'value="\w{64}"', "", answer.content.decode()).replace(address, "(address)")


@pytest.mark.parametrize("path", ["/brow/", "/brow/topics-link"])
def test_no_word_on_whether_an_address_is_known(client, brow, outbox, path):
    make_reader(brow, "known@reader.example")
    make_reader(brow, "gone@reader.example")
    suppress("gone@reader.example", "a bounce", by="test", now=NOW)
    answers = [
        plain(client.post(path, {"address": f"{name}@reader.example"}), f"{name}@reader.example")
        for name in ("known", "unknown", "gone", *["known"] * 6)
    ]
    assert len(set(answers)) == 1
    assert answers[0][0] == 200


def test_a_machine_that_fills_the_hidden_field_gets_the_same_answer_and_no_mail(client, brow, outbox):
    honest = plain(ask(client, "bob@reader.example"), "bob@reader.example")
    assert plain(ask(client, website="https://spam.example"), ALICE) == honest
    assert len(mails(outbox)) == 1


@pytest.mark.parametrize("website", ["x" * 5000, "a\x00b", " "])
def test_whatever_a_machine_writes_there_is_no_fault_of_the_form(client, brow, outbox, website):
    honest, trapped = ask(client, "ben@reader.example"), ask(client, website=website)
    assert plain(trapped, ALICE) == plain(honest, "ben@reader.example")
    assert len(mails(outbox)) == 1


def test_an_address_is_not_flooded(client, brow, outbox):
    for _ in range(BY_ADDRESS.most + 3):
        ask(client)
    assert len(mails(outbox)) == BY_ADDRESS.most


def test_a_busy_network_is_told_to_wait_in_words(client, brow, outbox):
    answers = [ask(client, f"reader{number}@reader.example") for number in range(BY_NETWORK.most + 2)]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert "Too many at once" in answers[-1].content.decode()
    assert ask(client, "x@reader.example", website="x").status_code == 200
    other = client.post("/brow/", {"address": ALICE}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200


def test_a_ration_is_given_again_after_its_time_and_old_knocks_are_forgotten():
    assert all(knock(BY_ADDRESS, "x", NOW) for _ in range(BY_ADDRESS.most))
    assert not knock(BY_ADDRESS, "x", NOW)
    assert knock(BY_ADDRESS, "y", NOW)
    assert knock(BY_ADDRESS, "x", NOW + timedelta(minutes=61))
    knock(BY_ADDRESS, "x", NOW + timedelta(days=3))
    assert Knock.objects.count() == 1
    assert not Knock.objects.filter(key_hash__contains="x@").exists()


@pytest.mark.parametrize(
    ("remote", "forwarded", "network"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("8.8.4.4", "8.8.8.8", "8.8.4.4"),
        ("172.18.0.1", "10.0.0.1, 8.8.8.8", "8.8.8.8"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("2001:db9:1:2:3::4", "", "2001:db9:1:2::/64"),
        ("", "", "unknown"),
    ],
)
def test_a_network_is_told_apart_by_what_a_proxy_of_ours_says(remote, forwarded, network):
    assert network_of(remote, forwarded) == network


@given(st.text(), st.text())
def test_no_header_breaks_the_ration(remote, forwarded):
    assert network_of(remote, forwarded)


@pytest.mark.parametrize("address", ["", "  ", "alice", "a@b", "a b@c.de", "a@" + "b" * 260 + ".de"])
def test_a_bad_address_is_refused_at_its_field(client, brow, outbox, address):
    for path in ("/brow/", "/brow/topics-link"):
        answer = client.post(path, {"address": address})
        assert answer.status_code == 400
        assert re.search(r'class="error" id="[\w-]+-address-error">[A-Z]', answer.content.decode())
    assert not mails(outbox)


def test_a_topic_that_does_not_exist_is_refused_at_its_field(client, brow, outbox):
    answer = ask(client, topics=["beak"], cadence="hourly")
    assert answer.status_code == 400
    assert "does not exist any more" in answer.content.decode()
    assert "one of the two" in answer.content.decode()


def test_a_link_expires_and_says_so(client, brow, outbox):
    old = sign(KIND, "x" * 22, timezone.now() - LIVES - timedelta(seconds=5))
    answer = client.get(f"/signup/confirm/{old}")
    assert answer.status_code == 410
    assert "expired" in answer.content.decode()
    stale = sign(PREFERENCES, "x" * 22, timezone.now() - timedelta(days=2))
    assert client.get(f"/preferences/{stale}").status_code == 410
    assert client.get(f"/preferences/{stale}/export").status_code == 410


def test_an_expired_link_of_a_reader_leads_to_a_fresh_one_and_tells_no_address(client, brow, outbox):
    alice = make_reader(brow, ALICE)
    stale = sign(PREFERENCES, alice.token, timezone.now() - timedelta(days=2))
    page = client.get(f"/preferences/{stale}").content.decode()
    assert ALICE not in page
    form = BeautifulSoup(page, "lxml").select_one("form[method=post]")
    client.post(form["action"], {"address": ALICE})
    (mail,) = mails(outbox)
    assert "/preferences/" in mail.get_body(("plain",)).get_content()


def test_an_expired_link_to_confirm_leads_back_to_its_own_letter(client, brow, outbox):
    ask(client)
    row = SignUp.objects.get()
    old = sign(KIND, row.token, timezone.now() - LIVES - timedelta(seconds=5))
    page = client.get(f"/signup/confirm/{old}").content.decode()
    assert BeautifulSoup(page, "lxml").select_one("main a.button")["href"] == "/brow/"


def test_a_link_of_one_kind_opens_nothing_of_another(client, brow, outbox):
    alice = make_reader(brow, ALICE)
    wrong = sign(KIND, alice.token, timezone.now())
    assert client.get(f"/preferences/{wrong}").status_code == 404
    assert client.get(f"/preferences/{alice.token}").status_code == 404


@given(st.text(min_size=1), st.text(max_size=3), st.integers(0, 40))
def test_a_changed_link_is_not_ours(token, noise, place):
    signed = sign("x", token, NOW)
    assert unsign("x", signed, NOW, LIVES) == token
    changed = signed[:place] + noise + signed[place + len(noise) :]
    if changed != signed:
        with pytest.raises(DigestError):
            unsign("x", changed, NOW, LIVES)
    with pytest.raises(LinkExpired):
        unsign("x", signed, NOW + LIVES + timedelta(seconds=2), LIVES)


def test_what_was_asked_long_ago_is_forgotten(brow):
    for days in (1, 20):
        SignUp.objects.create(publication=brow, address=ALICE, words="", at=NOW - timedelta(days=days))
    forget(NOW)
    assert [row.at for row in SignUp.objects.all()] == [NOW - timedelta(days=1)]
    assert KEPT > LIVES


def test_a_fresh_link_opens_topics_and_they_are_changed(client, brow, outbox):
    alice = make_reader(brow, ALICE, ["nose"])
    client.post("/brow/topics-link", {"address": " Alice@Reader.Example "})
    path = link(mails(outbox)[0])
    page = client.get(path)
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert re.search(r'name="topics" value="nose" checked', page.content.decode())
    answer = client.post(path, {"topics": ["skin"], "never": ["research"], "cadence": "monthly"}, follow=True)
    assert "Saved" in answer.content.decode()
    alice.refresh_from_db()
    assert (alice.topics, alice.never, alice.cadence) == (["skin"], ["research"], "monthly")
    event = Event.objects.get(verb="change wishes")
    assert "skin" not in json.dumps([event.before, event.after])


def test_a_topic_is_not_wanted_and_hidden_at_once(client, brow, outbox):
    alice = make_reader(brow, ALICE)
    client.post("/brow/topics-link", {"address": ALICE})
    answer = client.post(link(mails(outbox)[0]), {"topics": ["skin"], "never": ["skin"]})
    assert answer.status_code == 400
    assert "cannot be chosen and hidden" in answer.content.decode()
    alice.refresh_from_db()
    assert alice.topics == []


def test_a_reader_takes_their_data_home(client, brow, outbox):
    alice = make_reader(brow, ALICE, ["nose"], name="Alice")
    make_sent_edition(brow, [make_story()])
    client.post("/brow/topics-link", {"address": ALICE})
    answer = client.get(link(mails(outbox)[0]) + "/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    data = answer.json()
    assert data["person"]["address"] == ALICE
    assert data["subscriptions"][0]["topics"] == ["nose"]
    assert data["subscriptions"][0]["consents"][0]["what"] == "subscribed"
    assert data["deliveries"][0]["number"] == 1
    assert alice.token not in answer.content.decode()


def test_forms_need_our_own_page(brow, outbox):
    stranger = Client(enforce_csrf_checks=True)
    alice = make_reader(brow, ALICE)
    paths = ["/brow/", "/brow/topics-link", f"/signup/confirm/{sign(KIND, 'x', timezone.now())}"]
    paths.append(f"/preferences/{sign(PREFERENCES, alice.token, timezone.now())}")
    for path in paths:
        assert stranger.post(path, {"address": ALICE}).status_code == 403


def test_no_topic_stands_in_a_link_a_subject_or_a_header(client, brow, outbox):
    make_reader(brow, "bob@reader.example", ["nose"])
    ask(client, topics=["nose"])
    ask(client, "bob@reader.example", topics=["nose"])
    for mail in mails(outbox):
        for part in (mail["Subject"], link(mail), *mail.values(), mail.get_body(("plain",)).get_content()):
            assert "nose" not in str(part).lower()
        assert mail["To"] not in link(mail)


def test_a_mail_that_cannot_go_out_is_written_down_without_the_address(client, brow, home):
    (home / "outbox").write_text("a file where a folder should be")
    assert ask(client).status_code == 200
    event = Event.objects.get(verb="notice failed")
    assert "alice" not in json.dumps([event.key, event.before, event.after])


def test_a_loopback_address_is_no_reason_for_a_broken_page(client, brow, outbox, settings):
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    assert ask(client).status_code == 200


ODD = st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace").decode())
FIELDS = st.dictionaries(st.sampled_from(["address", "topics", "never", "cadence", "website", "do"]), ODD, max_size=6)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=FIELDS, odd=ODD)
def test_no_form_breaks_a_page(client, brow, fields, odd):
    alice = make_reader(brow, ALICE)
    paths = ["/brow/", "/brow/topics-link", f"/preferences/{sign(PREFERENCES, alice.token, timezone.now())}"]
    for path in paths:
        assert client.post(path, fields).status_code in (200, 303, 400, 429)
    for path in ("/signup/confirm/", "/preferences/"):
        assert client.get(path + quote(odd or "x", safe="")).status_code in (400, 404)


def test_a_mail_server_that_does_not_answer_is_no_reason_for_a_broken_page(client, brow, outbox, settings):
    settings.SMTP_URL, settings.SITE_URL = "smtp://127.0.0.1:9", "https://letters.example"
    assert ask(client).status_code == 200
    assert Event.objects.filter(verb="notice failed").count() == 1


@pytest.mark.parametrize("address", ["o'neil+brow@reader.example", "a&b@reader.example"])
def test_the_page_after_the_form_shows_the_address_that_was_typed_as_text(client, brow, outbox, address):
    html = ask(client, address).content.decode()
    assert f'<p class="typed">{escape(address)}</p>' in html
    assert address not in html
    assert "no-store" in ask(client, address).headers["Cache-Control"]
