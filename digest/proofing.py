"""A proof: the edition as it stands, mailed to one address before anybody else has it. It is no delivery."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.events import record
from digest.addresses import normal_address
from digest.errors import DigestError
from digest.issue import IssueContent
from digest.message import Links, Message, render
from digest.mime import Envelope, to_bytes
from digest.models import Edition
from digest.selection import Wishes, select
from digest.transports import Letter, Result, Transport


def proof_links(site_url: str) -> Links:
    """Links of a preview: they look like a reader's and change nothing."""
    return Links(f"{site_url}/leave/preview", site_url, site_url)


def proof_of(content: IssueContent, wishes: Wishes, site_url: str) -> Message:
    """The mail of a reader with these wishes."""
    return render(content, select(content, wishes), proof_links(site_url))


def send_proof(
    edition: Edition,
    content: IssueContent,
    address: str,
    transport: Transport,
    site_url: str,
    *,
    by: str,
    now: datetime,
) -> str:
    """Mail the proof; what the transport said. DigestError for a bad address or a refusal."""
    to = normal_address(address)
    message = proof_of(content, Wishes(), site_url)
    message = replace(message, subject=f"[Proof] {message.subject}")
    domain = urlsplit(site_url).hostname or "localhost"
    ident = f"<proof.{secrets.token_hex(12)}@{domain}>"
    envelope = Envelope(to, "", ident, proof_links(site_url).leave)
    mail = to_bytes(message, content.imprint, envelope, now)
    folder = f"{content.imprint.slug}-{content.number}-proof"
    answer = transport.deliver(Letter(content.imprint.from_address, to, ident, folder, mail))
    if answer.result is not Result.ACCEPTED:
        raise DigestError("the proof was not taken", to, answer.said)
    record("proof", "edition", edition.pk, by=by, now=now, after={"said": answer.said})
    return answer.said
