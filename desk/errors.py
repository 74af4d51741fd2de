"""Errors of the desk: what the command line and the web say to the person before them."""


class DeskError(Exception):
    """A sentence for the person who reads it; `retry` says whether the same may work later."""

    retry = False


class NotAllDone(DeskError):
    """A round of work in which a step had to be left out; the next round tries again."""

    retry = True
