"""Safe HTML: only text markup is left; links are absolute and vouch for nothing."""

from __future__ import annotations

import nh3

TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "table",
    "thead", "tbody", "tr", "td", "th", "caption", "a", "b", "strong", "em", "i", "sub", "sup", "q", "cite", "br", "hr",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto"}
DROPPED = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "select", "textarea", "title"}


def sanitise(html: str, base: str = "") -> str:
    """A fragment without script, style, frames, forms, images (so no tracking pixel), handlers or odd schemes.

    Relative links are resolved against `base`, or lose their address where it is no http address.
    """
    web = base.startswith(("http://", "https://"))
    try:
        return _clean(html, ("rewrite_with_base", base) if web else "deny")
    except ValueError:
        # A base that urllib accepts and the WHATWG rules do not.
        return _clean(html, "deny")


def _clean(html: str, relative: str | tuple[str, str]) -> str:
    return nh3.clean(
        html.encode("utf-8", "replace").decode("utf-8"),
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        link_rel="nofollow noopener",
        url_schemes=SCHEMES,
        url_relative=relative,  # type: ignore[arg-type]
    )
