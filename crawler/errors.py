"""The error tree of this package. Each says what, which, why, and whether to try again."""


class CrawlerError(Exception):
    """What went wrong, with which thing, why; `retry` says whether the same call may succeed later."""

    retry = False

    def __init__(self, what: str, which: str = "", why: str = "", *, retry: bool | None = None) -> None:
        self.what, self.which, self.why = what, which, why
        if retry is not None:
            self.retry = retry
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """One line for the person who reads it."""
        subject = f"{self.what}: {self.which}" if self.which else self.what
        return f"{subject} ({self.why})" if self.why else subject
