"""Who works at the desk in tests: edith edits, otto operates, nobody has no role, and labels for stories."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from classifier.models import Labelling, Tag
from crawler.models import Story
from desk.accounts import ROLES
from desk.models import User
from tests.factory import NOW, make_topic

PASSWORD = "brow-lift-monday"


def make_people() -> dict[str, User | None]:
    """The cast by role; `stranger` is not signed in."""
    return {
        "stranger": None,
        "nobody": User.objects.create(username="norah"),
        "editor": _make_user("edith", "editor"),
        "operator": _make_user("otto", "operator"),
    }


def _make_user(name: str, role: str) -> User:
    """Without a password: hashing one takes longer than the test."""
    user = User.objects.create(username=name)
    user.groups.set(Group.objects.get_or_create(name=group)[0] for group in ROLES[role])
    return user


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def make_label(story: Story, **fields: Any) -> Labelling:
    """What a model thought of a story: on topic, sure, English, with topics as given by `probabilities`."""
    assert story.lead is not None
    values: dict[str, Any] = {
        "taxonomy": "aesthetics",
        "model": "test",
        "digest": story.lead.digest,
        "on_topic": 0.9,
        "doubtful": False,
        "language": "en",
        "at": NOW,
        **fields,
    }
    for key in values.get("probabilities", {}):
        Tag.objects.get_or_create(story=story, topic=make_topic(key), defaults={"by": "model:test"})
    return Labelling.objects.create(story=story, **values)
