"""Leaving, pausing and resuming by the link of a mail."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.models import Topic
from crawler.models import Event
from digest.models import Consent, Subscription
from digest.people import erase
from digest.subscribing import end_pauses, leave, pause, resume, suppress
from tests.factory import NOW, make_publication, make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.urls("desk.urls_public")]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def visitor() -> Client:
    """A browser whose forms must carry the CSRF token."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def alice() -> Subscription:
    return make_reader(make_publication(), topics=["nose"], name="Alice Reader")


def state(subscription: Subscription) -> str:
    subscription.refresh_from_db()
    return subscription.state


def press(visitor: Client, subscription: Subscription, what: str):
    page = visitor.get(f"/leave/{subscription.token}").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    return visitor.post(f"/leave/{subscription.token}", {"csrfmiddlewaretoken": token, "do": what}, follow=True)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("query", ["", "?do=leave", "?List-Unsubscribe=One-Click", "?done=leave"])
def test_a_link_scanner_opts_nobody_out(visitor, alice, method, query):
    answer = getattr(visitor, method)(f"/leave/{alice.token}{query}")
    assert answer.status_code == 200
    assert state(alice) == "active"
    assert Consent.objects.filter(subscription=alice).count() == 1


def test_one_click_leaves_without_cookie_question_or_redirect(visitor, alice):
    answer = visitor.post(f"/leave/{alice.token}", ONE_CLICK)
    assert answer.status_code == 200
    assert state(alice) == "left"
    assert "You have left The Brow" in answer.content.decode()
    assert Consent.objects.filter(subscription=alice, what="left", how__contains="one click").exists()


def test_one_click_is_understood_as_urlencoded_body_too_and_twice_is_once(visitor, alice):
    for _ in range(2):
        answer = visitor.post(
            f"/leave/{alice.token}",
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
    assert Consent.objects.filter(subscription=alice, what="left").count() == 1


def test_a_post_without_csrf_token_changes_nothing(visitor, alice):
    for what in ("leave", "pause", "everywhere", "resume"):
        assert visitor.post(f"/leave/{alice.token}", {"do": what}).status_code == 403
    assert state(alice) == "active"


def test_a_reader_leaves_and_takes_it_back(visitor, alice):
    answer = press(visitor, alice, "leave")
    assert answer.redirect_chain[0][1] == 303
    assert "You have left The Brow" in answer.content.decode()
    assert state(alice) == "left"
    assert "You get The Brow" in press(visitor, alice, "resume").content.decode()
    assert state(alice) == "active"


def test_a_pause_says_how_long_it_lasts_and_can_be_ended(visitor, alice):
    page = press(visitor, alice, "pause").content.decode()
    assert state(alice) == "paused"
    assert "It comes again after" in page
    press(visitor, alice, "resume")
    assert state(alice) == "active"


def test_leaving_all_letters_leaves_each(visitor, alice):
    other = make_reader(make_publication("smile", name="The Smile"))
    stranger = make_reader(other.publication, "bob@reader.example")
    press(visitor, alice, "everywhere")
    assert [state(alice), state(other), state(stranger)] == ["left", "left", "active"]


def test_a_suppressed_reader_is_told_that_it_cannot_be_taken_back(visitor, alice):
    press(visitor, alice, "leave")
    suppress("alice@reader.example", "a complaint", by="test", now=NOW)
    assert "could not be taken back" in press(visitor, alice, "resume").content.decode()
    assert state(alice) == "left"


def test_the_link_of_an_erased_reader_brings_no_mail_back(visitor, alice):
    erase(alice.subscriber, by="test", now=NOW)
    assert "could not be taken back" in press(visitor, alice, "resume").content.decode()
    assert state(alice) == "left"


def test_a_button_that_is_none_of_ours_is_refused_in_words(visitor, alice):
    answer = press(visitor, alice, "dance")
    assert answer.status_code == 400
    assert "none of the choices" in answer.content.decode()
    assert state(alice) == "active"


def test_a_forwarded_mail_tells_nothing_of_its_reader(visitor, alice):
    make_reader(make_publication("smile", name="The Smile"))
    answer = visitor.get(f"/leave/{alice.token}")
    page = answer.content.decode().lower()
    for secret in ("alice", "reader.example", "nose", "smile"):
        assert secret not in page
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_token_is_answered_in_plain_words(client, method):
    answer = getattr(client, method)("/leave/abcdefgh", ONE_CLICK)
    assert answer.status_code == 404
    assert "cut short" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_of_a_preview_says_that_it_is_one(client, alice, method):
    answer = getattr(client, method)("/leave/preview", ONE_CLICK)
    assert answer.status_code == 200
    assert "This is a test mail" in answer.content.decode()
    assert "Your readers' link leads to their own page" in answer.content.decode()
    assert state(alice) == "active"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    token=st.text(min_size=1, max_size=80),
    body=st.dictionaries(st.sampled_from(["do", "List-Unsubscribe", "x"]), st.text(max_size=40), max_size=3),
)
def test_no_token_and_no_form_breaks_the_page(client, token, body):
    path = f"/leave/{quote(token, safe='', errors='replace')}"
    assert client.get(path).status_code in (200, 400, 404)
    encodable = {key: value.encode("utf-8", "replace").decode() for key, value in body.items()}
    assert client.post(path, encodable).status_code in (200, 400, 404)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace").decode()))
def test_only_the_words_of_the_buttons_change_a_subscription(client, alice, what):
    answer = client.post(f"/leave/{alice.token}", {"do": what})
    known = {"leave", "everywhere", "pause", "resume"}
    assert answer.status_code == (303 if what in known else 400)


def test_leaving_pausing_and_coming_back_stand_in_the_history_with_who_did_it(alice):
    before = Event.objects.count()
    pause(alice.token, NOW + timedelta(days=28), how="test", now=NOW)
    assert end_pauses(NOW + timedelta(days=29)) == 1
    leave(alice.token, how="asked by telephone", now=NOW, by="edith")
    leave(alice.token, how="twice", now=NOW)
    resume(alice.token, how="test", now=NOW)
    told = Event.objects.order_by("pk").values_list("verb", "by")[before:]
    assert list(told) == [
        ("pause", "reader"), ("resume", "rule:pause is over"), ("leave", "edith"), ("resume", "reader"),
    ]  # fmt: skip


def test_who_reads_weekly_can_have_it_once_a_month_and_keeps_their_topics(visitor, alice):
    page = press(visitor, alice, "monthly").content.decode()
    alice.refresh_from_db()
    assert (alice.state, alice.cadence, alice.topics) == ("active", "monthly", ["nose"])
    assert "From now on it comes once a month" in page
    assert "Once a month instead" not in page
    assert Consent.objects.filter(subscription=alice, what="changed").count() == 1
    press(visitor, alice, "monthly")
    assert Consent.objects.filter(subscription=alice, what="changed").count() == 1


def test_a_topic_that_is_gone_does_not_keep_a_reader_from_once_a_month(visitor, alice):
    Topic.objects.filter(key="nose").update(retired_at=NOW)
    press(visitor, alice, "monthly")
    alice.refresh_from_db()
    assert (alice.cadence, alice.topics) == ("monthly", ["nose"])


@pytest.mark.parametrize(
    ("now", "loud", "quiet"),
    [
        ("active", ["Leave The Brow"], ["Pause for four weeks", "Once a month instead", "Leave all our letters"]),
        ("pause", ["Get The Brow again"], ["Leave The Brow", "Leave all our letters"]),
        ("leave", ["Get The Brow again"], ["Leave all our letters"]),
    ],
)
def test_the_loud_button_is_what_a_reader_most_likely_wants(visitor, alice, now, loud, quiet):
    answer = visitor.get(f"/leave/{alice.token}") if now == "active" else press(visitor, alice, now)
    buttons = BeautifulSoup(answer.content, "lxml").select("form.choices button")
    assert [one.get_text() for one in buttons if "second" not in one["class"]] == loud
    assert [one.get_text() for one in buttons if "second" in one["class"]] == quiet
