"""The keyed hash by which an address is known, and the refusal to go on under another key than the known ones have.

Under a lost or changed secret every address is a stranger: who reads already would be subscribed, and mailed, a second
time, and who is suppressed would be mailed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from crawler.events import record
from digest.addresses import address_hash
from digest.errors import DigestError
from digest.models import Subscriber, Suppression

BATCH = 500


@dataclass(frozen=True)
class RekeyCount:
    """People and suppressions that stand under the new secret, and suppressions that hold nobody any more."""

    people: int
    held: int
    lost: int


def hash_of(address: str) -> str:
    """The hash of a normal address. DigestError where the secret is another than that of the rows."""
    check_secret()
    return address_hash(address, settings.SECRET_KEY)


def check_secret() -> None:
    """DigestError where the oldest known address has another hash than its row: what came after the loss proves nothing."""
    known = Subscriber.objects.exclude(address="").order_by("pk").values_list("address", "address_hash").first()
    if known is not None and address_hash(known[0], settings.SECRET_KEY) != known[1]:
        raise DigestError(
            "the secret is not the one that known addresses were filed with",
            "",
            "restore the file `secret` of the home, or GLABELLA_SECRET, from the backup; until then nobody is added "
            "or mailed",
        )


@transaction.atomic
def rekey(*, by: str, now: datetime) -> RekeyCount:
    """File the known addresses under the secret of today, where the old one is lost for good.

    A hash without its address cannot follow: those of erased people, and suppressions of people who are not known.
    DigestError where the secret was never lost, or where two people have one address.
    """
    people = list(Subscriber.objects.exclude(address="").order_by("pk"))
    taken = set(Subscriber.objects.values_list("address_hash", flat=True))
    held = {one.address_hash: one for one in Suppression.objects.all()}
    moved: list[Subscriber] = []
    following: list[Suppression] = []
    for person in people:
        before, person.address_hash = person.address_hash, address_hash(person.address, settings.SECRET_KEY)
        if person.address_hash == before:
            continue
        if person.address_hash in taken:
            raise DigestError("two people have one address", person.address, "erase one of them first")
        moved.append(person)
        if before in held and person.address_hash not in held:
            held[before].address_hash = person.address_hash
            following.append(held[before])
    if not moved:
        raise DigestError("the secret fits the addresses that are known")
    Subscriber.objects.bulk_update(moved, ["address_hash"], batch_size=BATCH)
    Suppression.objects.bulk_update(following, ["address_hash"], batch_size=BATCH)
    known = {person.address_hash for person in people}
    lost = sum(one.address_hash not in known for one in held.values())
    after = {"people": len(moved), "suppressions": len(following), "lost": lost}
    record("rekey", "secret", "home", by=by, now=now, after=after)
    return RekeyCount(len(moved), len(following), lost)
