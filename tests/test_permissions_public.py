"""What everybody may do: one table by address, for readers, editors and machines alike; a new address fails here."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from desk.accounts import add_user
from desk.urls_public import urlpatterns
from digest.links import sign
from digest.models import Publication, SignUp, Subscription
from digest.preferences import preferences_link
from digest.signup import KIND as CONFIRM
from tests.desk_cast import make_people, signed_in
from tests.factory import make_publication, make_reader, make_sent_edition, make_story

pytestmark = pytest.mark.django_db
OK, LOGIN, NO_TOKEN, ONLY_READ = 200, 302, 403, 405
TAKES_ANY_POST = "leaving_proof"


@dataclass(frozen=True)
class Rule:
    """Whether a form is sent to the address, and whether it is one person's page, to be kept and listed by nobody."""

    form: bool = False
    personal: bool = False


TABLE = {
    "home": Rule(),
    "health": Rule(),
    "publication": Rule(form=True),
    "topics_link": Rule(form=True, personal=True),
    "accent": Rule(),
    "issue": Rule(),
    "monthly_issue": Rule(),
    "topics": Rule(),
    "topic": Rule(),
    "story": Rule(),
    "confirming": Rule(form=True, personal=True),
    "preferences": Rule(form=True, personal=True),
    "exporting": Rule(personal=True),
    "leaving": Rule(form=True, personal=True),
    # Asks for no token, since it changes nothing: mail programs post to the link of a proof as to any other.
    TAKES_ANY_POST: Rule(form=True, personal=True),
    **{f"{kind}_feed": Rule() for kind in ("atom", "rss", "json")},
    **{f"topic_{kind}_feed": Rule() for kind in ("atom", "rss", "json")},
}


@pytest.fixture
def parts(home) -> dict[str, object]:
    now, brow = timezone.now(), make_publication()
    story = make_story("One", topics=["nose"])
    make_sent_edition(brow, [story])
    make_sent_edition(brow, [make_story("Two")], cadence="monthly", number=1)
    reader = make_reader(brow)
    asked = SignUp.objects.create(publication=brow, address="ben@reader.example", at=now)
    return {
        "slug": "brow", "number": 1, "key": "nose", "token": reader.token, "story": story.key,
        "confirming": sign(CONFIRM, asked.token, now), "signed": preferences_link(reader, now).rpartition("/")[2],
    }  # fmt: skip


def named() -> dict[str, URLPattern]:
    return {str(pattern.name): pattern for pattern in urlpatterns}


def address(name: str, parts: dict[str, object]) -> str:
    values = {**parts, "key": parts["story"] if name == "story" else parts["key"]}
    values["signed"] = parts["confirming"] if name == "confirming" else parts["signed"]
    return reverse(name, kwargs={part: values[part] for part in named()[name].pattern.converters})


def rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    ours = ("crawler", "classifier", "digest")
    return {one.__name__: one.objects.count() for label in ours for one in apps.get_app_config(label).get_models()}


def test_every_public_address_is_in_the_table():
    assert set(named()) == set(TABLE)


def test_the_site_is_the_admin_the_desk_and_the_public_pages():
    """An address that none of the two tables and neither the admin's own tests hold would stand here."""
    roots = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    assert len(roots) == len(get_resolver().url_patterns)
    assert [one.namespace for one in roots] == ["admin", "desk", None]


@pytest.mark.parametrize("role", ["stranger", "nobody", "editor", "operator"])
def test_whoever_asks_reads_the_same(role, parts):
    client = signed_in(make_people()[role])
    got = {name: client.get(address(name, parts)).status_code for name in TABLE}
    assert got == dict.fromkeys(TABLE, OK)


def test_a_form_needs_our_own_page(parts):
    client = Client(enforce_csrf_checks=True)
    got = {name: client.post(address(name, parts), {"do": "leave"}).status_code for name in TABLE}
    assert got == {**dict.fromkeys(TABLE, NO_TOKEN), TAKES_ANY_POST: OK}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_page_that_is_read_takes_nothing(method, parts):
    takes = {name for name in TABLE if Client().generic(method, address(name, parts)).status_code != ONLY_READ}
    assert takes == ({name for name, rule in TABLE.items() if rule.form} if method == "POST" else set())


def test_a_read_changes_no_row(parts):
    before, states = rows(), list(Subscription.objects.values())
    for name in TABLE:
        for query in ("", "?do=leave&done=leave", "?List-Unsubscribe=One-Click"):
            Client().get(address(name, parts) + query)
            Client().head(address(name, parts) + query)
    assert (rows(), list(Subscription.objects.values())) == (before, states)


def test_only_the_pages_of_one_person_are_kept_and_listed_by_nobody(parts):
    for name, rule in TABLE.items():
        headers = Client().get(address(name, parts)).headers
        assert ("noindex" in headers.get("X-Robots-Tag", "")) == rule.personal, name
        assert ("no-store" in headers.get("Cache-Control", "")) == (rule.personal or name == "health"), name


def test_no_public_page_leaves_a_cookie_with_one_who_only_reads(parts):
    for name, rule in TABLE.items():
        cookies = Client().get(address(name, parts)).cookies
        assert set(cookies) <= ({"csrftoken"} if rule.form or name == "home" else set()), name


def test_a_closed_archive_shows_strangers_no_issue_topic_or_feed(parts):
    Publication.objects.update(archive="none")
    closed = {name for name in TABLE if Client().get(address(name, parts)).status_code == 404}
    assert closed == {"issue", "monthly_issue", "topics", "topic", "story"} | {name for name in TABLE if "feed" in name}


@pytest.mark.parametrize(("role", "status"), [("stranger", LOGIN), ("nobody", LOGIN), ("editor", LOGIN)])
def test_the_admin_opens_for_staff_alone(role, status):
    assert signed_in(make_people()[role]).get(reverse("admin:index")).status_code == status


def test_an_operator_sees_no_row_in_the_admin_without_being_given_leave(parts):
    client = signed_in(add_user("otto", "brow-lift-monday", "operator", by="test", now=timezone.now()))
    assert client.get(reverse("admin:index")).status_code == OK
    assert client.get(reverse("admin:digest_subscriber_changelist")).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_the_loopback_is_served_by_each_of_its_names(host):
    assert Client().get("/healthz", headers={"Host": host}).status_code == 200
