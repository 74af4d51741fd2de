"""Where mails go: files of an outbox, or an SMTP server. Each try ends in one of four results."""

from __future__ import annotations

import contextlib
import hashlib
import os
import smtplib
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from digest.errors import DigestError

TIMEOUT = 60


class Result(StrEnum):
    """What became of a try. LOST: the connection broke after the content was begun, nobody knows."""

    ACCEPTED = "accepted"
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
            return Answer(Result.LATER, f"the outbox cannot be written: {error.strerror}")
        return Answer(Result.ACCEPTED, path.name)

    def accepted_before(self, letter: Letter) -> bool | None:
        return self._path(letter).exists()

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, letter: Letter) -> Path:
        name = hashlib.sha256(letter.message_id.encode()).hexdigest()[:16]
        return self.folder / letter.folder / f"{name}.eml"


class SmtpTransport:
    """One connection, reused. `url` is smtp://user:word@host:port (STARTTLS where offered) or smtps://."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise DigestError("not an SMTP address", parts.scheme, "use smtp://host:port or smtps://host")
        self._parts = parts
        self._server: smtplib.SMTP | None = None

    def deliver(self, letter: Letter) -> Answer:
        try:
            server = self._connected()
            server.rset()
            _check(server.mail(letter.sender, _options(server)))
            code, said = server.rcpt(letter.to)
            if code not in (250, 251):
                return _refusal(code, said, of_address=True)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer(Result.LATER, _words(error))
        return self._data(server, letter)

    def accepted_before(self, letter: Letter) -> bool | None:
        return None

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
            return _refusal(error.smtp_code, error.smtp_error, of_address=False)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer(Result.LOST, _words(error))
        if code == 250:
            return Answer(Result.ACCEPTED, _text(said))
        return _refusal(code, said, of_address=False)

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        parts, host = self._parts, self._parts.hostname or ""
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _check(answer: tuple[int, bytes]) -> None:
    if answer[0] != 250:
        raise smtplib.SMTPResponseException(*answer)


def _options(server: smtplib.SMTP) -> list[str]:
    return ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []


def _refusal(code: int, said: bytes | str, *, of_address: bool) -> Answer:
    """RFC 5321 4.2.1: 4xx may pass later, 5xx will not. 5.1.x (RFC 3463) says that the address is at fault."""
    text = f"{code} {_text(said)}"
    if 400 <= code < 500:
        return Answer(Result.LATER, text)
    return Answer(Result.REFUSED, text, bad_address=of_address and (" 5.1." in text or code == 550))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _text(said: bytes | str) -> str:
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:250]
