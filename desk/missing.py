"""What an address of the desk names is not there."""


class Missing(Exception):
    """A page of status 404 that says so in a sentence."""
