"""Who may see and do what at the desk: one table, role by address; an address that is not in it fails."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from crawler.models import Source
from desk.source_keys import key_of
from desk.urls_desk import urlpatterns
from digest.models import Subscriber
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import make_edition, make_publication, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db
ROLES = ("stranger", "nobody", "editor", "operator")
LOGIN, NO, OK, DONE, BAD = 302, 403, 200, 303, 400
WRONG = 422


@dataclass(frozen=True)
class Rule:
    """An address's method, the body posted, and the status for nobody (signed in, no role), editor and operator."""

    nobody: int
    editor: int
    operator: int
    post: dict[str, str] | None = None
    stranger: int = LOGIN


def page(nobody: int = NO, editor: int = OK, operator: int = OK) -> Rule:
    return Rule(nobody, editor, operator)


def step(editor: int = DONE, operator: int | None = None, **body: str) -> Rule:
    return Rule(NO, editor, editor if operator is None else operator, post=body)


TABLE = {
    "home": page(302, 302, 302),
    "help": page(OK),
    "account": page(OK),
    "login": Rule(302, 302, 302, stranger=OK),
    "logout": Rule(302, 302, 302, post={}),
    "publication": page(),
    "publication-new": page(NO, NO, OK),
    "queue": page(),
    "decide": step(verb="snooze", key="{story}"),
    "undo": step(BAD, event="0"),
    "undo-last": step(DONE),
    "story": page(),
    "dropped": page(),
    "topics": step(topic="nose"),
    "split": step(BAD, copy="0"),
    "merge": step(BAD, into="nowhere"),
    "confirm": step(fact="date"),
    "editions": page(),
    "draft": step(cadence="weekly"),
    "edition": page(),
    "words": step(subject="News"),
    "place": step(BAD, place="0", step="up"),
    "add-item": step(kind="own", headline="A meeting"),
    "preview": page(),
    "mail": page(),
    "proof": step(WRONG, address="no address"),
    "check": page(),
    "approve": step(WRONG, when="never"),
    "steer": step(BAD, step="nowhere"),
    "sources": page(),
    "source": page(),
    "source-add": page(),
    "source-tend": step(title="A", rhythm_minutes="60", trust="0.5", excerpts="normal"),
    "source-pause": step(step="pause"),
    "source-rules": step(site="paper.example", rules="drop: .plug", step="save"),
    "opml": page(),
    "opml-import": step(WRONG),
    "subscribers": page(),
    "subscriber": page(),
    "judge-mail": step(BAD, step="arrived"),
    "leave-for": step(BAD, publication="nowhere"),
    "people-import": step(NO, WRONG),
    "people-export": page(NO, NO, OK),
    "person-export": page(NO, NO, OK),
    "person-erase": step(NO, WRONG, address="another@reader.example"),
    "person-suppress": step(NO, WRONG),
}


def named() -> dict[str, URLPattern]:
    return {str(pattern.name): pattern for pattern in urlpatterns}


@pytest.fixture
def parts(settings, home) -> dict[str, str]:
    publication = make_publication()
    story = make_story("One", topics=["nose"])
    make_label(story)
    make_edition(publication, [story])
    reader = make_reader(publication)
    return {
        "slug": publication.slug,
        "key": story.key,
        "which": "weekly-1",
        "token": reader.subscriber.token,
        "source": key_of(make_source().url),
    }


def address(name: str, parts: dict[str, str]) -> str:
    wanted = named()[name].pattern.converters
    key = parts["source"] if name.startswith("source") else parts["key"]
    return reverse(f"desk:{name}", kwargs={part: {**parts, "key": key}[part] for part in wanted})


def ask(client: Client, name: str, parts: dict[str, str]) -> int:
    rule = TABLE[name]
    if rule.post is None:
        return client.get(address(name, parts)).status_code
    body = {field: value.format(story=parts["key"]) for field, value in rule.post.items()}
    return client.post(address(name, parts), body).status_code


def test_every_address_of_the_desk_is_in_the_table():
    assert set(named()) == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(role, parts):
    user = make_people()[role]
    got = {}
    for name in TABLE:
        got[name] = ask(signed_in(user), name, parts)
    assert got == {name: getattr(rule, role) for name, rule in TABLE.items()}


def test_every_write_asks_for_the_csrf_token(parts):
    operator = make_people()["operator"]
    for name, rule in TABLE.items():
        if rule.post is None and name not in ("login", "account", "source-add", "publication", "publication-new"):
            continue
        client = Client(enforce_csrf_checks=True)
        client.force_login(operator)
        assert client.post(address(name, parts), rule.post or {}).status_code == 403, name


def test_a_read_changes_nothing_and_a_step_cannot_be_read(parts):
    client = signed_in(make_people()["operator"])
    for name, rule in TABLE.items():
        if rule.post is not None:
            assert client.get(address(name, parts)).status_code == 405, name


def test_a_user_who_is_switched_off_gets_no_further(parts):
    user = make_people()["editor"]
    client = signed_in(user)
    user.is_active = False
    user.save()
    assert client.get(address("queue", parts)).status_code == LOGIN


def test_an_editor_does_not_see_what_people_chose(parts):
    make_reader(make_publication("other"), "carol@reader.example", topics=["nose"])
    people = make_people()
    token = Subscriber.objects.get(address="carol@reader.example").token
    seen = {
        role: signed_in(people[role]).get(f"/desk/subscribers/{token}").content.decode()
        for role in ("editor", "operator")
    }
    assert "nose" not in seen["editor"].split('id="main"')[1]
    assert "nose" in seen["operator"].split('id="main"')[1]


def test_no_address_of_the_desk_carries_a_row_id(parts):
    assert Source.objects.exists()
    for name in TABLE:
        pieces = address(name, parts).split("/")
        assert not any(piece.isdigit() for piece in pieces), name


def test_every_page_comes_in_german_too(parts):
    client = signed_in(make_people()["operator"])
    for name, rule in TABLE.items():
        if rule.post is None and rule.operator == OK:
            answer = client.get(address(name, parts), headers={"Accept-Language": "de"})
            assert answer.status_code == OK, name
            if answer.headers["Content-Type"].startswith("text/html") and name != "mail":
                assert '<html lang="de">' in answer.content.decode(), name
