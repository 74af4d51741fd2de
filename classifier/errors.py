"""The error tree of this package. Each says what, which, why, and whether to try again."""

from crawler.errors import CrawlerError


class ClassifierError(CrawlerError):
    """What went wrong in judging texts, with which thing, and why."""


class PackError(ClassifierError):
    """A file of a pack cannot be read as what it should be."""


class ModelError(ClassifierError):
    """Bytes that are no model, or a model that this program cannot read."""


class TrainingError(ClassifierError):
    """There is too little, or nothing of one kind, to learn from."""


class LineError(ClassifierError):
    """A line of a stream is no text to judge."""
