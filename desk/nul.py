"""A NUL in an address or a form is refused at the door: PostgreSQL stores none, and no person types one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound

NUL = "\x00"


class RefuseNul:
    """404 where it stands in the path, 400 in a query or a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            return HttpResponseNotFound("There is no such page.", content_type="text/plain")
        if any(NUL in text for text in _said(request)):
            return HttpResponseBadRequest("A NUL character is no text.", content_type="text/plain")
        return self.get_response(request)


def _said(request: HttpRequest) -> Iterator[str]:
    """Names and values of the query and of a form; files pass, their readers judge them."""
    yield from _texts(request.GET.lists())
    if request.method == "POST":
        yield from _texts(request.POST.lists())


def _texts(lists: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    for name, values in lists:
        yield name
        yield from values
