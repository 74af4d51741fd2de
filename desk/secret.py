"""The signing secret: given, or made once and kept in the home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "secret"


def secret_of(home: Path, given: str) -> str:
    """The given secret, else the home's own. Two processes that start together agree: the first file to be linked wins."""
    if given:
        return given
    path = home / FILE
    try:
        return path.read_text()
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
    draft = home / f".{FILE}.{os.getpid()}"
    draft.write_text(secrets.token_urlsafe(48))
    draft.chmod(0o600)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()
