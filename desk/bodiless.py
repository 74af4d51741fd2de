"""HEAD is answered without a body (RFC 9110 9.3.2): Django leaves that to its server, and gunicorn complains each time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Bodiless:
    """The headers of GET, its Content-Length too, and nothing after them. Link scanners in mail programs ask this way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""
        return response
