"""Labelling as a task of the queue `process`. It finds what is unlabelled by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from celery import shared_task

from classifier.labelling import label_due
from classifier.registry import taxonomies

# What is left is found at the next beat; the task stays shorter than the broker's patience.
MOST = 5000


@shared_task  # type: ignore[untyped-decorator]
def label_stories() -> int:
    """Label what is due in every taxonomy; how many stories."""
    return sum(label_due(taxonomy, now=datetime.now(UTC), most=MOST) for taxonomy in taxonomies())
