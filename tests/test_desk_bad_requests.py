"""Headers, bodies and addresses that no browser sends: the desk answers 4xx with words, never 500."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import make_edition, make_publication, make_reader, make_story

DB = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
QUEUE = "/desk/brow/queue"
ODD = ("", "\x7f", "é" * 50, "x" * 9000, "{}", "../..", "%00", "' OR 1=1 --", "<script>")


@pytest.fixture
def editor():
    publication = make_publication()
    story = make_story("One", topics=["nose"])
    make_label(story)
    make_edition(publication, [story])
    make_reader(publication)
    return signed_in(make_people()["operator"])


@DB
@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    "name", ["Accept-Language", "HX-Request", "Referer", "User-Agent", "Cookie", "X-Forwarded-For", "Accept"]
)
def test_odd_headers_change_nothing(editor, name, value):
    assert editor.get(QUEUE, headers={name: value}).status_code in (200, 302)


@DB
@pytest.mark.parametrize("host", ["evil.example", "a b", "[::1", "<script>"])
def test_another_host_is_refused(editor, host):
    assert editor.get(QUEUE, headers={"Host": host}).status_code == 400


@DB
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="verb"\r\n\r\npick'),
        ("application/json", b"{"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"verb=pick"),
        ("application/x-www-form-urlencoded", b"verb=%ff%fe&key=%80"),
        ("application/x-www-form-urlencoded", b"&".join(b"key=a" for _ in range(2000))),
        ("", b"\x00\xff"),
    ],
)
def test_bodies_that_cannot_be_read_are_refused(editor, kind, body):
    answer = editor.generic("POST", f"{QUEUE}/decide", body, content_type=kind)
    assert 400 <= answer.status_code < 500


@DB
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("address", [QUEUE, f"{QUEUE}/decide", "/desk/account", "/desk/undo", "/desk/sources/add"])
def test_other_methods_are_refused(editor, method, address):
    assert editor.generic(method, address).status_code == 405


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40))
@DB
def test_no_address_below_the_desk_breaks(editor, path):
    assert editor.get("/desk/" + path).status_code < 500


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(
        st.sampled_from(["verb", "key", "place", "step", "event", "topic", "into", "copy", "next"]),
        st.text(max_size=30),
    )
)
@DB
def test_no_form_breaks_a_step(editor, body):
    for address in (
        f"{QUEUE}/decide",
        "/desk/undo",
        "/desk/brow/editions/weekly-1/place",
        "/desk/brow/editions/weekly-1/steer",
    ):
        assert editor.post(address, body).status_code < 500


@DB
def test_a_page_without_a_session_is_the_door(editor):
    client = Client()
    client.cookies["sessionid"] = "'; drop table desk_user; --"
    assert client.get(QUEUE).status_code == 302


def test_the_vendored_htmx_is_the_version_that_was_read_and_brings_its_licence():
    script = (ROOT / "desk/static/vendor/htmx.min.js").read_text()
    assert re.search(r'version:"([\d.]+)"', script)[1] == "2.0.11"
    assert "BSD" in (ROOT / "desk/static/vendor/htmx.LICENSE.txt").read_text()


def test_no_style_or_script_stands_in_a_template():
    for template in (ROOT / "desk/templates/desk").glob("*.html"):
        text = template.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)|javascript:|hx-on|hx-vals", text), (
            template.name
        )
