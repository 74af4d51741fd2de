"""What a signed-in person may do: editors make the letter, operators also look after people's data."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from desk.accounts import EDITORS, OPERATORS
from desk.models import User

ALL_ROLES = frozenset({EDITORS, OPERATORS})


def roles_of(user: User | AnonymousUser) -> frozenset[str]:
    """The roles of a user; a superuser has all, a user without a group none."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return ALL_ROLES
    return ALL_ROLES & set(user.groups.values_list("name", flat=True))
