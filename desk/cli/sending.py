"""`send` and `subscriber`: who gets mail, and what became of it."""

from __future__ import annotations

import click

from desk.cli.session import JSON, clock, me, show, step
from desk.running import send_all
from digest.drafting import publication_of
from digest.models import Delivery, Subscription
from digest.subscribing import find, is_suppressed, subscribe


@click.command()
@step
def send() -> None:
    """Mail every approved edition whose time has come. A mail is sent once, whatever is killed on the way."""
    count = send_all(clock)
    if not count.states:
        click.echo("nothing is due")
    else:
        show("Deliveries", ("state", "mails"), sorted(count.states.items()))
    for note in count.notes:
        click.echo(f"note: {note}", err=True)


@click.group()
def subscriber() -> None:
    """The people who asked for the mail."""


@subscriber.command("add")
@click.argument("address")
@click.option("--publication", "slug", required=True)
@click.option("--topic", "topics", multiple=True, help="Wanted topics; none means all. May be repeated.")
@click.option("--never", multiple=True, help="Topics never to be shown.")
@click.option("--name", default="")
@click.option("--how", default="added by an operator who vouches for the consent", help="The proof of consent, kept.")
@step
def subscriber_add(
    address: str, slug: str, topics: tuple[str, ...], never: tuple[str, ...], name: str, how: str
) -> None:
    """Subscribe somebody who has already said yes elsewhere; the proof is kept. Others sign up on the web."""
    publication = publication_of(slug)
    subscription = subscribe(address, publication, topics, by=me(), now=clock(), how=how, name=name, never=never)
    click.echo(
        f"{subscription.subscriber.address} gets {publication.name}: {', '.join(subscription.topics) or 'all topics'}"
    )


@subscriber.command("list")
@click.option("--publication", "slug")
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
@step
def subscriber_why(address: str) -> None:
    """Why somebody gets mail, or does not: consent, deliveries, suppression."""
    person = find(address)
    if is_suppressed(person):
        click.echo("suppressed: no mail goes to this address")
    for subscription in person.subscriptions.select_related("publication"):
        click.echo(f"{subscription.publication.name}: {subscription.state}")
        for proof in subscription.consents.order_by("at"):
            click.echo(f"  {proof.at:%Y-%m-%d %H:%M} UTC {proof.what}: {proof.how}")
    rows = Delivery.objects.filter(subscriber=person).select_related("edition__publication").order_by("-pk")[:20]
    cells = [(str(one.edition), one.state, one.settled_at or "", one.why) for one in rows]
    show("Last deliveries", ("edition", "state", "settled", "what was said"), cells)


COMMANDS = {"send": send, "subscriber": subscriber}
