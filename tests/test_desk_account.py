"""The door: signing in, being throttled, going nowhere else; and one's own switches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from crawler.models import Event
from desk.accounts import add_user
from desk.models import LoginTry, User
from tests.desk_cast import PASSWORD, make_people, signed_in
from tests.factory import NOW, make_publication

pytestmark = pytest.mark.django_db
LOGIN = "/desk/login"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def edith() -> User:
    return add_user("edith", PASSWORD, "editor", by="test", now=NOW)


def sign_in(client: Client, name: str = "edith", password: str = PASSWORD, **more):
    headers = more.pop("headers", {})
    return client.post(LOGIN, {"username": name, "password": password, **more}, **headers)


def test_signing_in_leads_to_the_queue_of_the_publication(edith):
    make_publication()
    client = Client()
    assert sign_in(client).headers["Location"] == "/desk/"
    assert client.get("/desk/").headers["Location"] == "/desk/brow/queue"


def test_a_page_asked_for_is_shown_after_signing_in(edith):
    make_publication()
    client = Client()
    asked = client.get("/desk/brow/queue?lane=all").headers["Location"]
    assert asked == "/desk/login?next=%2Fdesk%2Fbrow%2Fqueue%3Flane%3Dall"
    assert sign_in(client, next="/desk/brow/queue?lane=all").headers["Location"] == "/desk/brow/queue?lane=all"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"],
)
def test_signing_in_leads_nowhere_else(edith, elsewhere):
    assert sign_in(Client(), next=elsewhere).headers["Location"] == "/desk/"


def test_a_wrong_password_and_an_unknown_name_sound_the_same(edith):
    wrong = sign_in(Client(), password="wrong")
    unknown = sign_in(Client(), name="nobody-here")
    assert wrong.status_code == unknown.status_code == 422
    said = [answer.content.decode().split('role="alert">')[1].split("<")[0] for answer in (wrong, unknown)]
    assert said[0] == said[1]


def test_after_five_wrong_tries_even_the_right_password_waits(edith):
    client = Client()
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.content.decode()
    LoginTry.objects.update(at=LoginTry.objects.first().at - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_the_tries_of_one_address_do_not_close_the_door_for_another(edith):
    for _ in range(6):
        sign_in(Client(REMOTE_ADDR="192.0.2.1"), password="wrong")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1")).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="192.0.2.2")).status_code == 302


def test_behind_a_proxy_of_ours_one_stranger_locks_nobody_else_out(edith):
    proxy = {"REMOTE_ADDR": "127.0.0.1"}
    for _ in range(6):
        sign_in(Client(HTTP_X_FORWARDED_FOR="192.0.2.1", **proxy), password="wrong")
    assert sign_in(Client(HTTP_X_FORWARDED_FOR="192.0.2.1", **proxy)).status_code == 429
    assert sign_in(Client(HTTP_X_FORWARDED_FOR="192.0.2.2", **proxy)).status_code == 302


def test_a_stranger_cannot_name_another_network_to_try_on(edith):
    for number in range(6):
        sign_in(Client(REMOTE_ADDR="8.8.4.4", HTTP_X_FORWARDED_FOR=f"9.9.9.{number}"), password="wrong")
    assert sign_in(Client(REMOTE_ADDR="8.8.4.4")).status_code == 429


def test_the_admin_is_no_way_around_the_closed_door(edith):
    User.objects.update(is_staff=True)
    for _ in range(5):
        sign_in(Client(), password="wrong")
    answer = Client().post("/admin/login/", {"username": "edith", "password": PASSWORD})
    assert answer.status_code == 200
    assert "Wait a quarter of an hour" in answer.content.decode()
    LoginTry.objects.all().delete()
    assert Client().post("/admin/login/", {"username": "edith", "password": PASSWORD}).status_code == 302


def test_a_right_password_forgets_the_wrong_tries(edith):
    for _ in range(4):
        sign_in(Client(), password="wrong")
    sign_in(Client())
    assert not LoginTry.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 5000, "\x00", "💉", "édith"])
def test_odd_names_are_refused_and_nothing_breaks(name):
    assert sign_in(Client(), name=name).status_code == 422


def test_the_table_of_tries_holds_no_name_in_clear(edith):
    sign_in(Client(), name="my-password-by-mistake", password="edith")
    assert len(LoginTry.objects.get().who) == 64


def test_signing_out_needs_a_post_and_ends_the_session(edith):
    client = signed_in(edith)
    assert client.get("/desk/logout").status_code == 405
    client.post("/desk/logout")
    assert client.get("/desk/account").status_code == 302


def test_single_letter_keys_can_be_switched_off():
    client = signed_in(make_people()["editor"])
    assert 'data-keys="on"' in client.get("/desk/account").content.decode()
    client.post("/desk/account", {})
    assert 'data-keys="off"' in client.get("/desk/account").content.decode()
    client.post("/desk/account", {"keys_on": "on"})
    assert 'data-keys="on"' in client.get("/desk/account").content.decode()


def test_without_a_publication_the_desk_says_who_makes_one():
    people = make_people()
    assert "An operator makes the first one" in signed_in(people["editor"]).get("/desk/").content.decode()
    assert "/desk/publications/new" in signed_in(people["operator"]).get("/desk/").content.decode()


def test_the_desk_lets_a_browser_say_where_a_form_comes_from():
    # Under "no-referrer" a browser sends `Origin: null` and every form would be refused.
    assert Client().get(LOGIN).headers["Referrer-Policy"] == "same-origin"
    assert signed_in(make_people()["editor"]).get("/desk/account").headers["Referrer-Policy"] == "same-origin"


def test_who_was_let_in_by_whom_stands_in_the_history(edith):
    event = Event.objects.get(verb="add user")
    assert (event.key, event.by, event.after) == ("edith", "test", {"role": "editor"})


def test_a_refused_name_or_password_is_told_in_our_own_words_and_who_can_help(edith):
    said = sign_in(Client(), password="wrong").content.decode()
    assert "This name and this password do not belong together" in said
    assert "case-sensitive" not in said
    assert "Whoever runs this server" in said


def test_the_admin_s_door_says_the_same(edith):
    said = Client().post("/admin/login/", {"username": "edith", "password": "wrong"}).content.decode()
    assert "This name and this password do not belong together" in said


def test_the_account_page_parts_its_sentences():
    page = signed_in(make_people()["operator"]).get("/desk/account").content.decode()
    assert "Signed in as otto. You are an operator" in page
