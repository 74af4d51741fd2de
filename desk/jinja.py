"""The Jinja2 environment of the pages."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Autoescape on, undefined names are errors, gettext of the active language."""
    env = Environment(  # noqa: S701 - the options that Django gives set it
        **{
            **options,
            "undefined": StrictUndefined,
            "extensions": ["jinja2.ext.i18n"],
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    # For pages that no view fills, such as that of an error: their words are in the reader's language too.
    env.globals.update(static=static, url=_url, spoken=lambda: translation.get_language() or "en")
    env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
