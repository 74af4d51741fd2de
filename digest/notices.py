"""Single mails that somebody just asked for: confirm a sign-up, a fresh link. They go out at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from crawler.events import record
from digest.contrast import NIGHT, PAPER, readable
from digest.freezing import imprint_of
from digest.issue import Imprint
from digest.message import Message, lighter, render_named
from digest.mime import Envelope, to_bytes
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
    mail = to_bytes(message, imprint, Envelope(address, "", ident), now)
    letter = Letter(imprint.from_address, address, ident, FOLDER, mail)
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
