"""Single mails that somebody just asked for: confirm a sign-up, a fresh link. They go out at once."""

from __future__ import annotations

import email.errors
import secrets
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings

from crawler.events import record
from digest.contrast import NIGHT, PAPER, readable
from digest.errors import DigestError
from digest.freezing import imprint_of
from digest.issue import Imprint
from digest.message import Message, lighter, render_named
from digest.mime import POLICY
from digest.models import Publication
from digest.transports import Answer, Letter, Result, Transport

FOLDER = "notices"


def send_notice(
    kind: str,
    publication: Publication,
    address: str,
    links: Mapping[str, str],
    *,
    transport: Transport,
    now: datetime,
) -> Answer:
    """Render `digest/<kind>/` and hand it over. A refusal leaves an Event without the address; nothing is retried."""
    imprint = imprint_of(publication)
    message = notice(kind, imprint, links)
    domain = urlsplit(settings.SITE_URL).hostname or "localhost"
    ident = f"<{kind}.{secrets.token_hex(12)}@{domain}>"
    letter = Letter(imprint.from_address, address, ident, FOLDER, notice_bytes(message, imprint, address, ident, now))
    answer = transport.deliver(letter)
    if answer.result is not Result.ACCEPTED:
        said = {"notice": kind, "result": str(answer.result)}
        record("notice failed", "publication", publication.slug, by="rule:notices", now=now, after=said)
    return answer


def notice(kind: str, imprint: Imprint, links: Mapping[str, str]) -> Message:
    """Subject, HTML and text of a notice in the publication's language."""
    accent = readable(imprint.accent, PAPER)
    context = {
        "imprint": imprint,
        "links": links,
        "accent": accent,
        "dark_accent": readable(lighter(accent), NIGHT),
    }
    return render_named(f"digest/{kind}", imprint.language, context)


def notice_bytes(message: Message, imprint: Imprint, address: str, ident: str, now: datetime) -> bytes:
    """RFC 5322 and 3834: marked as made by a machine, so that no out-of-office answers."""
    mail = EmailMessage(policy=POLICY)
    try:
        mail["From"] = Address(display_name=" ".join(imprint.from_name.split()), addr_spec=imprint.from_address)
        mail["To"] = Address(addr_spec=address)
        if imprint.reply_to:
            mail["Reply-To"] = Address(addr_spec=imprint.reply_to)
    except (ValueError, IndexError, email.errors.MessageError) as error:
        raise DigestError("not an address that a mail can go to", address[:80]) from error
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = ident
    mail["Content-Language"] = imprint.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()
