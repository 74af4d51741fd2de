"""Sending: claim a delivery, render it, commit `sending`, speak to the transport, settle. Never twice.

A crash between the last two leaves `sending` behind; `recovering.py` judges it. A transport that cannot be had says
nothing of the letter: the round ends and all that waits is tried again a little later.
"""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from babel import UnknownLocaleError
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce
from jinja2 import TemplateError

from crawler import leases
from crawler.events import record
from crawler.stopping import Stop, never
from digest import ledger
from digest.approving import hold, newest_issue
from digest.errors import DigestError
from digest.issue import IssueContent
from digest.message import Links, render
from digest.mime import Envelope, message_id, to_bytes
from digest.models import Delivery, Edition, Issue, Subscription
from digest.published import issue_path
from digest.recovering import recover
from digest.selection import Wishes, select
from digest.subscribing import is_suppressed, suppress
from digest.transports import Answer, Letter, Result, Transport

State = Delivery.State
RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
BY = "rule:sending"
log = logging.getLogger(__name__)
# What making a letter may raise where code or data are wrong; a database that is away is no fault of the letter.
CANNOT_BE_MADE = (ValueError, TypeError, LookupError, AttributeError, TemplateError, UnknownLocaleError)
Clock = Callable[[], datetime]


@dataclass
class SendCount:
    """Deliveries by the state they came to, and what a person should know. `away`: why the transport cannot be had."""

    states: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    away: str = ""


@dataclass
class _Round:
    """One sender at work: by which way, under which name, until when, and what it has done."""

    transport: Transport
    me: str
    clock: Clock
    stop: Stop
    count: SendCount = field(default_factory=SendCount)

    def over(self) -> bool:
        return bool(self.count.away) or self.stop()


def send_due(transport: Transport, *, clock: Clock, stop: Stop = never) -> SendCount:
    """Send every edition whose time has come; several senders share the work. What is left at a stop stays due."""
    round_ = _Round(transport, leases.holder(), clock, stop)
    count = round_.count
    for state, note in recover(transport, clock()):
        count.states[state] += 1
        count.notes += [note] if note else []
    for edition in _open_editions(clock(), count):
        _send_edition(edition, round_)
        _close(edition, clock())
    if count.away:
        waiting = ledger.put_off(count.away, clock())
        count.notes.append(f"mail cannot go out now ({count.away}); {waiting} wait and nothing is lost")
    return count


def _send_edition(edition: Edition, round_: _Round) -> None:
    """Send while the edition is going out: a hold, a call-off and a correction act from the next mail on."""
    issue: Issue | None = None
    content: IssueContent | None = None
    while not round_.over() and (batch := ledger.claim(edition, round_.me, round_.clock())):
        for delivery in batch:
            newest = None if round_.over() else _newest_revision(edition)
            if newest is None:
                ledger.give_back(edition, round_.me)
                return
            try:
                if issue is None or content is None or issue.revision != newest:
                    issue = newest_issue(edition)
                    content = IssueContent.from_json(issue.content)
                round_.count.states[_send_one(delivery, content, round_)] += 1
            except CANNOT_BE_MADE as error:
                _hold_broken(edition, error, round_)


def _hold_broken(edition: Edition, error: Exception, round_: _Round) -> None:
    """A fault of ours in one letter must not stop the other publications: the edition waits for a person."""
    log.exception("a mail of %s cannot be made", edition)
    if _held(edition, "rule:fault", round_.clock()):
        why = f"{type(error).__name__}: {error}"[:200]
        round_.count.notes.append(f"{edition} is held: a mail of it cannot be made ({why}); this is a bug, report it")


def _newest_revision(edition: Edition) -> int | None:
    """Asked before every mail; None where the edition is not going out any more."""
    going = Issue.objects.filter(edition=edition, edition__state=Edition.State.SENDING)
    return going.order_by("-revision").values_list("revision", flat=True).first()


def letter_of(delivery: Delivery, content: IssueContent, subscription: Subscription, now: datetime) -> Letter | None:
    """The mail of one delivery; None where nothing in the issue is for this reader."""
    wishes = Wishes(frozenset(delivery.selection.get("topics", ())), frozenset(delivery.selection.get("never", ())))
    selection = select(content, wishes)
    if selection.empty:
        return None
    imprint, subscriber = content.imprint, subscription.subscriber
    message = render(content, selection, links_of(subscription, content))
    domain = urlsplit(settings.SITE_URL).hostname or "localhost"
    ident = message_id(imprint.slug, content.cadence, content.number, subscriber.token, domain)
    envelope = Envelope(subscriber.address, subscriber.name, ident, leave_link(subscription))
    folder = f"{imprint.slug}-{content.number}"
    return Letter(imprint.from_address, subscriber.address, ident, folder, to_bytes(message, imprint, envelope, now))


def leave_link(subscription: Subscription) -> str:
    return f"{settings.SITE_URL}/leave/{subscription.token}"


def links_of(subscription: Subscription, content: IssueContent) -> Links:
    """The addresses in one reader's mail."""
    slug = content.imprint.slug
    path = issue_path(slug, content.cadence, content.number)
    archive = f"{settings.SITE_URL}{path}" if content.imprint.archived else ""
    return Links(leave_link(subscription), archive, f"{settings.SITE_URL}/{slug}/topics-link")


def _open_editions(now: datetime, count: SendCount) -> list[Edition]:
    """Editions whose time has come. One that has been due, or going out, for too long is held for a person."""
    due = Edition.objects.filter(state__in=(Edition.State.APPROVED, Edition.State.SENDING), send_at__lte=now)
    for edition in due.filter(send_at__lt=now - ledger.STALE).select_related("publication"):
        if _held(edition, "rule:stale", now):
            count.notes.append(f"{edition} was due {edition.send_at:%d %B %H:%M} UTC and is held: it may be stale")
    for edition in due.filter(state=Edition.State.APPROVED).order_by("send_at", "pk"):
        with transaction.atomic():
            if due.filter(pk=edition.pk, state=Edition.State.APPROVED).update(state=Edition.State.SENDING):
                record("begin sending", "edition", edition.pk, by=BY, now=now, after={"state": "sending"})
    going = Edition.objects.filter(state=Edition.State.SENDING).select_related("publication")
    return list(going.order_by("send_at", "pk"))


def _send_one(delivery: Delivery, content: IssueContent, round_: _Round) -> str:
    me, now = round_.me, round_.clock()
    subscription = (
        Subscription.objects.filter(
            subscriber=delivery.subscriber, publication__slug=content.imprint.slug, state=Subscription.State.ACTIVE
        )
        .select_related("subscriber")
        .first()
    )
    if subscription is None or is_suppressed(delivery.subscriber):
        return ledger.settle(delivery, me, State.WITHDRAWN, "left or suppressed since approval", now)
    try:
        letter = letter_of(delivery, content, subscription, now)
    except DigestError as error:
        return ledger.settle(delivery, me, State.FAILED, error.sentence(), now)
    if letter is None:
        return ledger.settle(delivery, me, State.WITHDRAWN, "nothing in this issue is for this reader", now)
    delivery.message_id, delivery.revision = letter.message_id, content.revision
    if not ledger.begin(delivery, me, now):
        return "lost lease"
    return _settle_answer(delivery, round_.transport.deliver(letter), round_)


def _settle_answer(delivery: Delivery, answer: Answer, round_: _Round) -> str:
    me, now = round_.me, round_.clock()
    if answer.result is Result.ACCEPTED:
        return ledger.settle(delivery, me, State.ACCEPTED, answer.said, now)
    if answer.result is Result.LOST:
        return ledger.settle(delivery, me, State.UNKNOWN, answer.said, now)
    if answer.result is Result.AWAY:
        round_.count.away = answer.said
        # After all others: should it be this very letter that breaks the server, it holds nobody up.
        return ledger.wait(delivery, me, answer.said, now + 2 * ledger.AWAY_PAUSE, tries=delivery.tries)
    if answer.result is Result.SENDER:
        if _held(delivery.edition, "rule:sender", now):
            round_.count.notes.append(f"{delivery.edition} is held: its sender is refused ({answer.said})")
        return ledger.wait(delivery, me, answer.said, now, tries=delivery.tries)
    if answer.result is Result.LATER and delivery.tries < len(RETRIES):
        return ledger.wait(delivery, me, answer.said, now + RETRIES[delivery.tries], tries=delivery.tries + 1)
    if answer.bad_address:
        suppress(delivery.subscriber.address, f"refused: {answer.said}", by="rule:bounce", now=now)
    return ledger.settle(delivery, me, State.FAILED, answer.said, now)


def _held(edition: Edition, by: str, now: datetime) -> bool:
    """Hold an edition for a person; False where somebody else has moved it."""
    with contextlib.suppress(DigestError):
        hold(edition, by=by, now=now)
        return True
    return False


def _close(edition: Edition, now: datetime) -> None:
    """An edition is sent when nothing of it is left to do; the day of that stays, whatever a person sends after it."""
    left = edition.deliveries.filter(state__in=(State.DUE, State.CLAIMED, State.SENDING))
    with transaction.atomic():
        open_ = Edition.objects.filter(pk=edition.pk, state=Edition.State.SENDING)
        if not left.exists() and open_.update(state=Edition.State.SENT, sent_at=Coalesce("sent_at", now)):
            record("sent", "edition", edition.pk, by=BY, now=now, after={"state": "sent"})
