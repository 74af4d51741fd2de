"""People who work at the desk, and their roles, which are Groups."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from crawler.events import record
from crawler.models import Event
from desk.errors import DeskError
from desk.models import User

EDITORS, OPERATORS = "editors", "operators"
# Every row that says who did a thing holds so much of a name (`by`).
LONGEST_NAME = Event._meta.get_field("by").max_length
ROLES = {"editor": (EDITORS,), "operator": (EDITORS, OPERATORS)}


@transaction.atomic
def add_user(name: str, password: str, role: str, *, by: str, now: datetime) -> User:
    """A user with a role; operators may do what editors may. DeskError for a taken or bad name or a weak password."""
    check_name(name)
    if User.objects.filter(username=name).exists():
        raise DeskError(f"there is a user {name} already")
    try:
        validate_password(password)
    except ValidationError as error:
        raise DeskError(" ".join(error.messages)) from error
    user = User.objects.create_user(name, password=password, is_staff=role == "operator")
    for group in ROLES[role]:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    record("add user", "user", name, by=by, now=now, after={"role": role})
    return user


def check_name(name: str) -> None:
    """DeskError where nobody can be called so."""
    if len(name) > LONGEST_NAME:
        raise DeskError(f"the name is too long: {name[:40]}… ({len(name)} letters, at most {LONGEST_NAME})")
    try:
        User._meta.get_field("username").clean(name, None)
    except ValidationError as error:
        raise DeskError(f"not a name for a user: {name[:40]} ({' '.join(error.messages)})") from error
