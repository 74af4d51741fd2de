"""A round of work: a step that cannot be done is said and stops no other."""

from contextlib import nullcontext

import pytest

from desk.doctor import examine
from desk.running import run_once, transport
from digest.approving import approve
from digest.errors import DigestError
from tests.factory import NOW, make_edition, make_publication, make_reader, make_story
from tests.servers import free_port

pytestmark = pytest.mark.django_db


def now():
    return NOW


@pytest.fixture
def approved(home):
    brow = make_publication()
    make_reader(brow)
    edition = make_edition(brow, [make_story("A straight nose", ["nose"])])
    approve(edition, by="test", now=NOW, send_at=NOW)
    return edition


def test_a_round_sends_what_is_approved(approved, home):
    assert run_once(now).sent.states == {"accepted": 1}
    assert len(list((home / "outbox").rglob("*.eml"))) == 1


def test_mail_that_may_not_go_out_stops_no_other_step_and_is_said(approved, settings):
    settings.SMTP_URL, settings.SITE_URL = "smtp://127.0.0.1:2525", "http://127.0.0.1:8000"
    count = run_once(now)
    assert count.troubles == [
        "send: SITE_URL is a loopback address: 127.0.0.1 (readers could not leave; set it before mails go out by SMTP)"
    ]
    assert approved.deliveries.get().state == "due"


@pytest.mark.parametrize(
    ("site", "state", "said"),
    [
        ("http://127.0.0.1:8000", "bad", "SITE_URL is a loopback address"),
        ("https://letters.localhost", "bad", "SITE_URL is a loopback address"),
        ("http://letters.example", "bad", "SITE_URL does not begin with https://: http://letters.example"),
        ("https://letters.example", "ok", "by SMTP through 127.0.0.1"),
    ],
)
@pytest.mark.servers
def test_mail_goes_out_by_smtp_only_where_readers_can_leave(home, settings, smtp_sink, site, state, said):
    settings.SMTP_URL, settings.SITE_URL = smtp_sink.url, site
    (found,) = [one for one in examine(NOW) if one.what == "mail"]
    assert (found.state, said in found.said) == (state, True)
    with pytest.raises(DigestError, match="SITE_URL") if state == "bad" else nullcontext():
        transport().close()


@pytest.mark.servers
def test_the_doctor_asks_the_mail_server(home, settings):
    settings.SMTP_URL, settings.SITE_URL = f"smtp://127.0.0.1:{free_port()}", "https://letters.example"
    (found,) = [one for one in examine(NOW) if one.what == "mail"]
    assert (found.state, found.said) == ("bad", "127.0.0.1: the host refuses connections")
