"""The signing secret: given, or made once and kept in the home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from desk.errors import DeskError

FILE = "secret"


def secret_of(home: Path, given: str) -> str:
    """The given secret, else the home's own. Two processes that start together agree: the first file to be linked wins.

    DeskError where the file holds nothing or is no text: a new secret would not fit the addresses that are known.
    """
    if given:
        return given
    path = home / FILE
    try:
        return _kept(path)
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
    return _kept(path)


def _kept(path: Path) -> str:
    """Without the line's end that a person's editor leaves behind."""
    try:
        secret = path.read_text().strip()
    except UnicodeDecodeError:
        secret = ""
    if not secret:
        raise DeskError(f"{path} holds no secret; restore it from the backup")
    return secret
