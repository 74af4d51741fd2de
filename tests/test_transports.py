"""Mail over real SMTP: a sink on the loopback that answers as a test tells it."""

import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from digest.errors import DigestError
from digest.transports import Answer, Letter, Result, SmtpTransport
from tests.servers import free_port

LETTER = Letter("news@brow.example", "rosa@reader.example", "<a@b>", "brow-1", b"Subject: hi\r\n\r\nText\r\n")
pytestmark = pytest.mark.servers


class Sink:
    """Keeps what it is given; says something else where it is told to: answers in turn, the last for ever."""

    def __init__(self) -> None:
        self.got, self.mail, self.rcpt, self.data = [], ["250 OK"], ["250 OK"], ["250 OK"]

    async def handle_MAIL(self, server: SMTP, session, envelope, address, options):
        said = in_turn(self.mail)
        if said.startswith("250"):
            envelope.mail_from = address
        return said

    async def handle_RCPT(self, server: SMTP, session, envelope, address, options):
        said = in_turn(self.rcpt)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server, session, envelope):
        said = in_turn(self.data)
        if said == "hang up":
            server.transport.abort()
            return "250 never heard"
        self.got.append(envelope.content)
        return said


def in_turn(answers: list[str]) -> str:
    return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def sink():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    sink.url = f"smtp://127.0.0.1:{port}"
    yield sink
    controller.stop()


def test_one_connection_carries_many_letters(sink):
    way = SmtpTransport(sink.url)
    assert [way.deliver(LETTER).result for _ in range(3)] == [Result.ACCEPTED] * 3
    way.close()
    assert sink.got[0].replace(b"\r\n", b"\n") == LETTER.content.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    ("rcpt", "data", "result", "bad_address"),
    [
        ("550 5.1.1 no such user", "250 OK", Result.REFUSED, True),
        ("550 no such user", "250 OK", Result.REFUSED, True),
        ("550 5.7.1 blocked by policy", "250 OK", Result.REFUSED, False),
        ("553 5.1.8 we do not like the sender", "250 OK", Result.REFUSED, False),
        ("552 5.2.2 mailbox full", "250 OK", Result.REFUSED, False),
        ("451 4.3.0 busy", "250 OK", Result.LATER, False),
        ("421 4.7.0 too many mails from you", "250 OK", Result.AWAY, False),
        ("250 OK", "554 5.7.1 looks like spam", Result.REFUSED, False),
        ("250 OK", "452 4.2.2 mailbox full", Result.LATER, False),
        ("250 OK", "hang up", Result.LOST, False),
    ],
)
def test_each_refusal_is_what_it_is(sink, rcpt, data, result, bad_address):
    sink.rcpt, sink.data = [rcpt], [data]
    answer = SmtpTransport(sink.url).deliver(LETTER)
    assert (answer.result, answer.bad_address) == (result, bad_address)


@pytest.mark.parametrize(
    ("mail", "result"),
    [
        ("553 5.7.1 sender not allowed", Result.SENDER),
        ("530 5.7.0 log in first", Result.AWAY),
        ("451 4.7.1 later", Result.AWAY),
    ],
)
def test_a_refused_sender_is_told_from_a_server_that_is_away(sink, mail, result):
    sink.mail = [mail]
    assert SmtpTransport(sink.url).deliver(LETTER) == Answer(result, mail)


def test_after_a_broken_connection_the_next_letter_gets_a_new_one(sink):
    way = SmtpTransport(sink.url)
    sink.data = ["hang up", "250 OK"]
    way.deliver(LETTER)
    assert way.deliver(LETTER).result is Result.ACCEPTED


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_server_that_ends_the_connection_after_some_letters_gets_the_next_by_a_new_one(sink, step):
    way = SmtpTransport(sink.url)
    setattr(sink, step, ["250 OK", "421 enough for one connection", "250 OK"])
    assert [way.deliver(LETTER).result for _ in range(2)] == [Result.ACCEPTED] * 2


def test_a_wrong_port_is_refused():
    with pytest.raises(DigestError, match="Port could not be cast"):
        SmtpTransport("smtp://mail.example:smtp")


def test_a_server_that_is_away_says_nothing_of_the_letter():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        answer = SmtpTransport(f"smtp://127.0.0.1:{closed.getsockname()[1]}").deliver(LETTER)
    assert (answer.result, answer.said) == (Result.AWAY, "the host refuses connections")


def test_what_is_no_smtp_address_is_refused():
    with pytest.raises(DigestError, match="not an SMTP address"):
        SmtpTransport("http://mail.example")


@pytest.fixture
def keyed_sink():
    """A server that takes a name and a password without TLS, and keeps what it is told."""
    heard = []

    def take(server, session, envelope, mechanism, data):
        heard.append(data)
        return AuthResult(success=True)

    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port(), authenticator=take, auth_require_tls=False)
    controller.start()
    yield controller.port, heard
    controller.stop()


def test_a_password_is_not_sent_in_clear_to_another_machine(keyed_sink):
    """The loopback as one number: a host of which nobody can say by its name that it is this machine."""
    port, heard = keyed_sink
    answer = SmtpTransport(f"smtp://rosa:word@2130706433:{port}").deliver(LETTER)
    assert (answer.result, answer.said) == (
        Result.AWAY,
        "the server offers no TLS, and a password is not sent in clear",
    )
    assert heard == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_on_this_machine_a_password_needs_no_tls(keyed_sink, host):
    port, heard = keyed_sink
    assert SmtpTransport(f"smtp://rosa:w%40rd@{host}:{port}").deliver(LETTER).result is Result.ACCEPTED
    assert [(said.login, said.password) for said in heard] == [(b"rosa", b"w@rd")]


def test_without_a_password_a_relay_of_the_house_needs_no_tls(sink):
    port = sink.url.rpartition(":")[2]
    assert SmtpTransport(f"smtp://2130706433:{port}").deliver(LETTER).result is Result.ACCEPTED


def test_a_server_is_asked_before_any_letter_whether_it_would_take_one(sink):
    assert SmtpTransport(sink.url).trouble() == ""
    assert SmtpTransport(f"smtp://127.0.0.1:{free_port()}").trouble() == "the host refuses connections"
