"""The keyed hash by which an address is known, and the refusal to go on under another key than the known ones have.

Under a lost or changed secret every address is a stranger: who reads already would be subscribed, and mailed, a second
time, and who is suppressed would be mailed again.
"""

from __future__ import annotations

from django.conf import settings

from digest.addresses import address_hash
from digest.errors import DigestError
from digest.models import Subscriber


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
