"""`send` and `subscriber`: who gets mail, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from crawler.stopping import stopping
from desk.cli.printing import say, say_json
from desk.cli.session import JSON, clock, me, show, step, working
from desk.errors import NotAllDone
from desk.running import send_all
from digest.drafting import publication_of
from digest.keyed import rekey
from digest.models import Cadence, Consent, Delivery, Subscription
from digest.recovering import judge
from digest.subscribing import find, is_suppressed, subscribe

CONSENT = ("publication", "now", "at", "what", "how")
MAIL = ("edition", "state", "settled", "what was said")


@click.command()
@JSON
@step
def send(as_json: bool) -> None:
    """Mail every approved edition whose time has come. A mail is sent once, whatever is killed on the way.

    SIGTERM ends it after the mail at hand; the rest stays due.
    """
    with working("sending"), stopping() as stop:
        count = send_all(clock, stop=stop)
    if as_json:
        say_json({"deliveries": dict(count.states), "notes": count.notes})
    elif not count.states:
        say("nothing is due")
    else:
        show("Deliveries", ("state", "mails"), sorted(count.states.items()))
    for note in count.notes:
        say(f"note: {note}", err=True)
    if count.away:
        raise NotAllDone("mail cannot go out now, see above")


@click.group()
def subscriber() -> None:
    """The people who asked for the mail."""


@subscriber.command("add")
@click.argument("address")
@click.option("--publication", "slug", required=True, help="Its short name, as `publication list` shows it.")
@click.option("--topic", "topics", multiple=True, help="Wanted topics; none means all. May be repeated.")
@click.option("--never", multiple=True, help="Topics never to be shown.")
@click.option("--name", default="", help="What the reader is called.")
@click.option("--how", default="added by an operator who vouches for the consent", help="The proof of consent, kept.")
@click.option(
    "--cadence", type=click.Choice(Cadence.values), default=str(Cadence.WEEKLY), show_default=True, help="How often."
)
@step
def subscriber_add(
    address: str, slug: str, topics: tuple[str, ...], never: tuple[str, ...], name: str, how: str, cadence: str
) -> None:
    """Subscribe somebody who has already said yes elsewhere; the proof is kept. Others sign up on the web."""
    publication = publication_of(slug)
    subscription = subscribe(
        address, publication, topics, by=me(), now=clock(), how=how, name=name, never=never, cadence=cadence
    )
    say(f"{subscription.subscriber.address} gets {publication.name}: {', '.join(subscription.topics) or 'all topics'}")


@subscriber.command("list")
@click.option("--publication", "slug", help="Only of this newsletter; else of all.")
@JSON
@step
def subscriber_list(slug: str | None, as_json: bool) -> None:
    """All subscriptions."""
    rows = Subscription.objects.select_related("subscriber", "publication").order_by("publication__slug", "pk")
    if slug:
        rows = rows.filter(publication=publication_of(slug))
    columns = ("address", "publication", "state", "topics", "never", "since")
    cells = [
        (
            one.subscriber.address or "(erased)",
            one.publication.slug,
            one.state,
            ", ".join(one.topics) or "all",
            ", ".join(one.never),
            one.since.date() if one.since else "",
        )
        for one in rows
    ]
    show("Subscriptions", columns, cells, as_json=as_json)


@subscriber.command("why")
@click.argument("address")
@JSON
@step
def subscriber_why(address: str, as_json: bool) -> None:
    """Why somebody gets mail, or does not: consent, deliveries, suppression."""
    person = find(address)
    suppressed = is_suppressed(person)
    consents = [
        (one.subscription.publication.name, one.subscription.state, _minute(one.at), one.what, one.how)
        for one in Consent.objects.filter(subscription__subscriber=person)
        .select_related("subscription__publication")
        .order_by("subscription__pk", "at")
    ]
    rows = Delivery.objects.filter(subscriber=person).select_related("edition__publication").order_by("-pk")[:20]
    deliveries = [(str(one.edition), one.state, _minute(one.settled_at), one.why) for one in rows]
    if as_json:
        said = {"suppressed": suppressed, "consents": _named(CONSENT, consents), "deliveries": _named(MAIL, deliveries)}
        say_json(said)
        return
    if suppressed:
        say("suppressed: no mail goes to this address")
    show("Consent", CONSENT, consents)
    show("Last deliveries", MAIL, deliveries)


@subscriber.command("unknown")
@JSON
@step
def subscriber_unknown(as_json: bool) -> None:
    """Mails that may or may not have arrived: their sender was stopped in the middle.

    Look for each Message-ID in the mail server's log, then say so with `subscriber judge`.
    """
    rows = Delivery.objects.filter(state=Delivery.State.UNKNOWN).select_related("subscriber", "edition__publication")
    cells = [
        (one.subscriber.address, str(one.edition), _minute(one.settled_at), one.message_id)
        for one in rows.order_by("pk")
    ]
    show("Unknown", ("address", "edition", "since", "Message-ID"), cells, as_json=as_json)


@subscriber.command("judge")
@click.argument("address")
@click.option("--arrived/--again", required=True, default=None, help="What the mail server's log says: taken, or not.")
@step
def subscriber_judge(address: str, arrived: bool) -> None:
    """Settle somebody's "unknown" mails (`subscriber unknown` lists them); one that did not arrive goes out again."""
    for edition in judge(find(address), arrived, by=me(), now=clock()):
        say(f"{edition}: {'arrived' if arrived else 'due again, the next send mails it'}")


@subscriber.command("rekey")
@click.option("--secret-is-lost", is_flag=True, required=True, help="Say so: a backup of it would lose nothing.")
@step
def subscriber_rekey(secret_is_lost: bool) -> None:
    """File known addresses under a new secret, where the old one is in no backup. Erased people are strangers then."""
    count = rekey(by=me(), now=clock())
    say(
        f"filed anew: people {count.people}, suppressions {count.held}; suppressions that hold nobody now: {count.lost}"
    )


def _named(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[dict[str, object]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


COMMANDS = {"send": send, "subscriber": subscriber}
