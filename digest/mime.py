"""Message -> the bytes that go over the wire: MIME parts and the headers of a well-behaved sender.

RFC 5322, 3834 (made by a machine, so that no out-of-office answers), 3282 (Content-Language); of a list's mail also
RFC 2919 (List-Id) and 8058 (one-click unsubscribe). Lines of headers are not folded inside addresses: a folded
List-Unsubscribe is a broken one.
"""

from __future__ import annotations

import email.errors
import email.policy
import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from digest.errors import DigestError
from digest.issue import Imprint
from digest.message import Message

# So many characters the ledger holds of an id (`Delivery.message_id`).
LONGEST_ID = 120
POLICY = email.policy.SMTP.clone(max_line_length=998)


@dataclass(frozen=True)
class Envelope:
    """To whom, under which lasting id, with which link to leave; a single mail that somebody asked for has none."""

    to_address: str
    to_name: str
    message_id: str
    leave: str = ""


def message_id(slug: str, cadence: str, number: int, token: str, domain: str) -> str:
    """The same for every try of the same mail, so that a receiver can tell a repeat; reveals no address."""
    digest = hashlib.sha256(f"{slug}/{cadence}/{number}/{token}".encode()).hexdigest()[:24]
    whole = f"<{slug}.{number}.{digest}@{domain}>"
    if len(whole) <= LONGEST_ID:
        return whole
    # The digest alone tells mails apart; of a long host its end says whose they are.
    end = domain[-(LONGEST_ID - len(f"<{digest}@>")) :].lstrip(".-")
    return f"<{digest}@{end}>"


def to_bytes(message: Message, imprint: Imprint, envelope: Envelope, now: datetime) -> bytes:
    """The mail, text first and HTML as its alternative. DigestError where an address cannot be written."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _address(imprint.from_name, imprint.from_address)
    mail["To"] = _address(envelope.to_name, envelope.to_address)
    if imprint.reply_to:
        mail["Reply-To"] = _address("", imprint.reply_to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = envelope.message_id
    if envelope.leave:
        mail["List-Id"] = _list_id(imprint)
        mail["List-Unsubscribe"] = f"<{envelope.leave}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    # Last: what sets the parts takes every Content- header away from the top.
    mail["Content-Language"] = imprint.language
    return mail.as_bytes()


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=" ".join(name.split()), addr_spec=address)
    except (ValueError, IndexError, email.errors.MessageError) as error:
        raise DigestError("not an address that a mail can go to", address) from error


def _list_id(imprint: Imprint) -> str:
    """The id, which is what counts, after the name where that needs no encoding: an encoded word inside quotes is none."""
    ident = f"<{imprint.slug}.{imprint.from_address.rpartition('@')[2]}>"
    name = " ".join(imprint.name.split())
    plain = name.isascii() and name.isprintable() and not any(odd in name for odd in ("\\", '"', "=?"))
    return f'"{name}" {ident}' if plain else ident
