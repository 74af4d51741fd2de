"""Where mails go: files of an outbox, or an SMTP server. Each try ends in one of six results."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from digest.errors import DigestError

TIMEOUT = 60
CLOSING = 421
# RFC 4954 6: the server wants a login, or TLS, first.
WANTS_LOGIN = 530
STATUS = re.compile(r"^\d{3}[ -](?P<status>[245]\.\d{1,3}\.\d{1,3})\b")
# RFC 3463 3.2: no such mailbox, no such system, bad syntax, moved without a new address; RFC 7505: the domain takes none.
DEAD_ADDRESS = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")


class InClear(smtplib.SMTPException):
    """A password would cross the network for everybody to read."""


TROUBLES: dict[type[Exception], str] = {
    InClear: "the server offers no TLS, and a password is not sent in clear",
    smtplib.SMTPServerDisconnected: "the connection broke",
    ConnectionRefusedError: "the host refuses connections",
    socket.gaierror: "the host is not found",
    TimeoutError: "no answer in time",
    ConnectionError: "the connection broke",
}


class Result(StrEnum):
    """What became of a try.

    AWAY: the transport itself cannot be used now, which says nothing of the letter. SENDER: the sender is refused, to
    whomever it writes. LATER: this letter was put off. LOST: the connection broke after the content was begun, nobody knows.
    """

    ACCEPTED = "accepted"
    AWAY = "away"
    SENDER = "sender"
    LATER = "later"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True)
class Answer:
    """A result, and what the other side said."""

    result: Result
    said: str = ""
    bad_address: bool = False


@dataclass(frozen=True)
class Letter:
    """Bytes with their envelope."""

    sender: str
    to: str
    message_id: str
    folder: str
    content: bytes


class Transport(Protocol):
    """Something that takes letters."""

    def deliver(self, letter: Letter) -> Answer: ...

    def accepted_before(self, letter: Letter) -> bool | None:
        """Whether a letter of an interrupted try arrived; None: cannot be known."""
        ...

    def close(self) -> None: ...


class FileOutbox:
    """Each mail a file, named by its Message-ID, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, letter: Letter) -> Answer:
        path = self._path(letter)
        draft = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(letter.content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink()
            return Answer(Result.AWAY, f"the outbox cannot be written: {error.strerror}")
        return Answer(Result.ACCEPTED, path.name)

    def accepted_before(self, letter: Letter) -> bool | None:
        return self._path(letter).exists()

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, letter: Letter) -> Path:
        name = hashlib.sha256(letter.message_id.encode()).hexdigest()[:16]
        return self.folder / letter.folder / f"{name}.eml"


class SmtpTransport:
    """One connection, reused. `url` is smtp://user:word@host:port (STARTTLS where offered) or smtps://.

    A name and a password leave this machine under TLS only: who sits between could take the offer of STARTTLS away.
    """

    def __init__(self, url: str, timeout: int = TIMEOUT) -> None:
        parts = urlsplit(url)
        self._timeout = timeout
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise DigestError("not an SMTP address", parts.scheme, "use smtp://host:port or smtps://host")
        self._host, self._port = parts.hostname, _port(url)
        self._parts = parts
        self._server: smtplib.SMTP | None = None

    def deliver(self, letter: Letter) -> Answer:
        """A server may end a connection after so many letters: only a new one that fails says that it is away."""
        used = self._server is not None
        answer = self._try(letter)
        return self._try(letter) if used and answer.result is Result.AWAY else answer

    def _try(self, letter: Letter) -> Answer:
        try:
            server = self._connected()
            server.rset()
            code, said = server.mail(letter.sender, _options(server))
            if code != 250:
                return self._sender_refused(code, said)
            code, said = server.rcpt(letter.to)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._drop()
            return Answer(Result.AWAY, _words(error))
        if code in (250, 251):
            return self._data(server, letter)
        return self._refused(code, said, of_address=True)

    def accepted_before(self, letter: Letter) -> bool | None:
        return None

    def trouble(self) -> str:
        """Why no letter could go out now; empty where the server answers and takes the login."""
        try:
            self._connected().noop()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._drop()
            return _words(error)
        return ""

    def close(self) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()
            self._server = None

    def _data(self, server: smtplib.SMTP, letter: Letter) -> Answer:
        """From here on a broken connection leaves it open whether the mail was taken."""
        try:
            code, said = server.data(letter.content)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error, of_address=False)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer(Result.LOST, _words(error))
        if code == 250:
            return Answer(Result.ACCEPTED, _text(said))
        return self._refused(code, said, of_address=False)

    def _sender_refused(self, code: int, said: bytes | str) -> Answer:
        text = f"{code} {_text(said)}"
        if code >= 500 and code != WANTS_LOGIN:
            return Answer(Result.SENDER, text)
        self._drop()
        return Answer(Result.AWAY, text)

    def _refused(self, code: int, said: bytes | str, *, of_address: bool) -> Answer:
        """RFC 5321: 421 (3.8) closes the channel, other 4xx may pass later, 5xx will not (4.2.1)."""
        text = f"{code} {_text(said)}"
        if code == CLOSING:
            self._drop()
            return Answer(Result.AWAY, text)
        if 400 <= code < 500:
            return Answer(Result.LATER, text)
        return Answer(Result.REFUSED, text, bad_address=of_address and _no_such_mailbox(code, text))

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        parts, host = self._parts, self._host
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self._port or 465, timeout=self._timeout, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, self._port or 587, timeout=self._timeout)
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif parts.scheme == "smtp" and parts.username and not is_loopback(host):
            server.close()
            raise InClear(host)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def is_loopback(host: str) -> bool:
    """Whether a host's name means this machine (RFC 1122 3.2.1.3, RFC 6761 6.3)."""
    return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError as error:
        raise DigestError("not an SMTP address", urlsplit(url).scheme, str(error)) from error


def _options(server: smtplib.SMTP) -> list[str]:
    return ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []


def _no_such_mailbox(code: int, text: str) -> bool:
    """Whether the address is at fault by RFC 3463 3.2; a bare 550 is read so, one that names a policy (5.7.1) is not."""
    status = STATUS.search(text)
    return status["status"] in DEAD_ADDRESS if status else code == 550


def _words(error: Exception) -> str:
    """What went wrong on the way, as the sources' page says it too where it is the same."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    for kind, words in TROUBLES.items():
        if isinstance(error, kind):
            return words
    return f"{type(error).__name__}: {error}"[:300]


def _text(said: bytes | str) -> str:
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:250]
