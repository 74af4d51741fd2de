"""One filing at a time: two copies of one article that arrive in two workers must see each other."""

from __future__ import annotations

from django.db import connection

FILING = 0x676C6162


def take_turn() -> None:
    """Wait, inside a transaction, until no other one files; the turn ends with the transaction.

    SQLite does this by itself: its transactions are IMMEDIATE. Without it PostgreSQL lets two see neither the other's
    article nor its links, and two feeds that name the same links in another order can block each other for good.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FILING])
