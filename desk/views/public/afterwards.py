"""An answer first, the work after it: how long a page takes must not tell whether an address is known."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpResponse

from crawler.errors import CrawlerError
from desk.errors import DeskError

LOG = logging.getLogger(__name__)


class Afterwards(HttpResponse):
    """The server calls `close` once the reader has the whole page; then `work` runs, whatever becomes of it."""

    def __init__(self, page: HttpResponse, work: Callable[[], object]) -> None:
        super().__init__(page.content, status=page.status_code, headers=dict(page.headers))
        self.cookies = page.cookies
        self._work: Callable[[], object] | None = work

    def close(self) -> None:
        work, self._work = self._work, None
        try:
            if work is not None:
                work()
        except (CrawlerError, DeskError, OSError) as error:
            LOG.warning("a notice was not sent: %s", type(error).__name__)
        finally:
            super().close()
