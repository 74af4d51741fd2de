"""The mail benchmark on a handful of readers: every mail once, to files and by SMTP."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parent.parent


def test_a_handful_of_readers_is_mailed_once_each():
    command = [sys.executable, "-m", "benchmarks.mail", "--readers", "6"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    lines = {row.split(" | ")[0]: row.split(" | ")[1:] for row in done.stdout.splitlines() if " | " in row}
    assert len(lines) == 7
    assert lines["readers with more than one file"] == ["0", "<= 0", "met"]
    assert lines["readers with more than one mail"] == ["0", "<= 0", "met"]
    assert {values[-1] for values in lines.values()} == {"met"}
