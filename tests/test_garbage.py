"""Each field of each form filled with what nobody means: the answer is never a 500, and a refusal has words."""

from __future__ import annotations

import re
from itertools import product
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from digest.links import sign
from digest.models import SignUp, Subscription
from digest.preferences import preferences_link
from digest.signup import KIND as CONFIRM
from tests.desk_cast import make_people, signed_in
from tests.test_permissions import TABLE, address, parts

__all__ = ["parts"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LARGE = "x" * 1_000_000
GARBAGE = (
    "", "\x00", "a\x00b", LARGE, "💉" * 400, "-1", "9" * 400, "1e309", "nan", "²", "١", "\ufffe", "\r\nBcc: x@y.example",
    "2026-02-30", "9999-12-31T23:59", "http://[::1", "javascript:alert(1)", "//evil.example", "' OR 1=1 --", "{{7*7}}",
)  # fmt: skip
PUBLICATION = {
    "name": "A", "tagline": "B", "from_name": "C", "from_address": "a@b.example", "reply_to": "a@b.example",
    "postal_address": "1 Paper Lane", "weekday": "0", "hour": "7", "timezone": "UTC", "language": "en", "items": "9",
    "topics": "nose", "source_tags": "a, b", "accent": "#8a3b55", "audience": "public", "archive": "public", "seen": "",
}  # fmt: skip
SOURCE = {"url": "https://new.example/feed", "kind": "feed", "title": "A", "tags": "a", "step": "add"}
# A step that is not "add" tries the source out, in a process of its own each time.
COSTLY = {("source-add", "step")}
ITEM = {"kind": "own", "headline": "A", "blurb": "B", "url": "https://a.example/", "event_day": "2026-12-01"}
# Every form of the desk with a value for each of its fields; `{story}` becomes the story's key.
FORMS: dict[str, dict[str, str]] = {
    "account": {"keys_on": "on"},
    "login": {"username": "a", "password": "b", "next": "/desk/"},
    "publication": PUBLICATION,
    "publication-new": {"name": "A", "slug": "a", "from_address": "a@b.example", "postal_address": "1 Paper Lane"},
    "decide": {"verb": "snooze", "key": "{story}", "next": "/desk/"},
    "undo": {"event": "1", "next": "/desk/"},
    "undo-last": {"next": "/desk/"},
    "topics": {"topic": "nose", "seen": ""},
    "split": {"copy": "1"},
    "merge": {"into": "{story}"},
    "confirm": {"fact": "date"},
    "draft": {"cadence": "weekly"},
    "words": {"subject": "A", "intro": "B", "seen": "", "then": "check"},
    "place": {"place": "1", "step": "words", "headline": "A", "blurb": "B", "lead": "on", "seen": ""},
    "add-item": ITEM,
    "proof": {"address": "a@b.example"},
    "approve": {"when": "at", "at": "2026-12-01T09:00", "seen": ""},
    "steer": {"step": "revise", "why": "a word"},
    "source-add": SOURCE,
    "source-tend": {"title": "A", "tags": "a", "rhythm_minutes": "60", "trust": "0.5", "excerpts": "normal"},
    "source-pause": {"step": "pause"},
    "source-rules": {"site": "paper.example", "rules": "drop: .plug", "step": "save", "seen": ""},
    "opml-import": {"file": "A"},
    "leave-for": {"publication": "brow"},
    "judge-mail": {"step": "arrived"},
    "people-import": {"publication": "brow", "file": "address", "proof": "A list of the spring fair"},
    "person-erase": {"address": "a@b.example"},
    "person-suppress": {"reason": "A", "step": "hold"},
}
QUERIES = {
    "queue": ("lane", "q", "topic", "source", "before"),
    "edition": ("change",),
    "preview": ("look", "topic"),
    "mail": ("look", "topic"),
    "subscribers": ("q", "publication", "state", "before"),
    "login": ("next",),
}
FILES = ("", "\ufeffaddress\n", "address,name,topics,never,consent\n", '<?xml version="1.0"?><opml><body>')


@pytest.fixture
def operator(parts, home) -> Client:
    client = signed_in(make_people()["operator"])
    client.raise_request_exception = False
    return client


def filled(name: str, parts: dict[str, str]) -> dict[str, str]:
    return {field: value.format(story=parts["key"]) for field, value in FORMS[name].items()}


def refuses_in_words(answer) -> bool:
    """A page of the desk that says what is wrong, at a field or as a whole."""
    return bool(re.search(r'class="error"|class="lede"|role="alert"', answer.content.decode())) or bool(
        answer.headers["Content-Type"].startswith("text/plain") and answer.content
    )


def test_every_form_of_the_desk_is_tried():
    takes_forms = {name for name, rule in TABLE.items() if rule.post is not None}
    assert set(FORMS) == takes_forms - {"logout"} | {"account", "login", "publication", "publication-new", "source-add"}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_field_of_garbage_is_refused_in_words_or_taken_as_words(operator, parts, name):
    client = Client(raise_request_exception=False) if name == "login" else operator
    for field, bad in product(FORMS[name], GARBAGE):
        if (name, field) not in COSTLY:
            answer = client.post(address(name, parts), {**filled(name, parts), field: bad})
            assert answer.status_code < 500, (field, bad[:20])
            if answer.status_code >= 400:
                assert refuses_in_words(answer), (field, bad[:20])
            else:
                assert "evil.example" not in answer.headers.get("Location", ""), (field, bad[:20])


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_query_of_garbage_shows_a_page(operator, parts, name):
    client = Client(raise_request_exception=False) if name == "login" else operator
    for field in QUERIES[name]:
        for bad in GARBAGE:
            assert client.get(address(name, parts), {field: bad[:5000]}).status_code < 500, (field, bad[:20])


@pytest.mark.parametrize("name", ["people-import", "opml-import"])
def test_a_file_of_garbage_is_refused_in_words_or_read_line_by_line(operator, parts, name):
    for head in FILES:
        for bad in (*GARBAGE, "\xff\xfe", '"', ",,,,\n" * 50):
            for data in ((head + bad).encode(), (head + bad).encode("utf-16"), head.encode() + b"\xff\xfe\x00"):
                body = {**filled(name, parts), "file": SimpleUploadedFile("a\x00/../b.csv", data)}
                answer = operator.post(address(name, parts), body)
                assert answer.status_code in (200, 422), (head, bad[:20])


def test_a_public_form_of_garbage_is_refused_in_words_or_answered_alike(parts, home):
    client, now = Client(raise_request_exception=False), timezone.now()
    reader = Subscription.objects.get()
    asked = SignUp.objects.create(publication=reader.publication, address="ben@reader.example", at=now)
    own = preferences_link(reader, now).partition("/preferences")[2]
    forms = {
        "/brow/": {"address": "a@b.example", "topics": "nose", "cadence": "weekly", "website": ""},
        "/brow/topics-link": {"address": "a@b.example", "website": ""},
        f"/leave/{reader.token}": {"do": "pause", "List-Unsubscribe": ""},
        f"/preferences{own}": {"topics": "nose", "never": "", "cadence": "weekly", "do": "save"},
        f"/signup/confirm/{sign(CONFIRM, asked.token, now)}": {"do": "x"},
    }
    for url, body in forms.items():
        for field in body:
            for bad in GARBAGE:
                assert client.post(url, {**body, field: bad}).status_code < 500, (url, field, bad[:20])


@pytest.mark.parametrize("bad", [one for one in GARBAGE if one != LARGE], ids=lambda one: ascii(one[:12]))
def test_garbage_in_an_address_is_no_page(operator, bad):
    odd = quote(bad, safe="")
    for start in (
        "/desk/", "/desk/sources/", "/desk/subscribers/", "/desk/brow/stories/", "/desk/brow/editions/", "/s/", "/leave/",
        "/preferences/", "/signup/confirm/", "/brow/issues/", "/brow/topics/", "/static/", "/admin/",
    ):  # fmt: skip
        assert operator.get(start + odd).status_code < 500, start
