"""A NUL in an address is refused at the door: PostgreSQL stores none, and no person types one."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound

NUL = "\x00"


class RefuseNul:
    """404 where it stands in the path, 400 in the query. A form says it at the field; 400 where a field has no form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            return HttpResponseNotFound("There is no such page.", content_type="text/plain")
        if any(NUL in text for name, values in request.GET.lists() for text in (name, *values)):
            return _refusal()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The database's own refusal, for what reached it past the forms."""
        return _refusal() if isinstance(error, DataError) and "NUL" in str(error) else None


def _refusal() -> HttpResponse:
    return HttpResponseBadRequest("A NUL character is no text.", content_type="text/plain")
