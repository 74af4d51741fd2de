"""README tells the truth: its tables are held against the code, its commands are run as written."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from desk.cli.verbs import VERBS
from desk.demo.server import serve_newsroom
from desk.variables import VARIABLES
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
SHELL = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
SOURCE = "https://www.fda.gov/about-fda/contact-fda/stay-informed/rss-feeds/medwatch/rss.xml"


def test_the_table_of_variables_is_the_list_in_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    assert rows == [(one.name, f"`{one.default}`" if one.default else "", one.help) for one in VARIABLES]


def test_every_variable_that_the_code_reads_is_in_the_list():
    read = re.compile(r"""(?:\bread\(|environ(?:\.get)?[\[(])\s*["']([A-Z_]+)["']""")
    files = [path for folder in ("crawler", "classifier", "digest", "desk") for path in (ROOT / folder).rglob("*.py")]
    found = {name for path in files for name in read.findall(path.read_text())}
    assert found - {"DJANGO_SETTINGS_MODULE"} <= {one.name for one in VARIABLES}


def test_the_make_targets_it_names_exist():
    make = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", make, re.MULTILINE), target


def test_the_verbs_and_files_it_names_exist():
    for verb in set(re.findall(r"glabella ([a-z]+)", README)):
        assert verb in VERBS
    for path in re.findall(r"\]\(((?:docs|desk)/[^)]+)\)", README):
        assert (ROOT / path).exists(), path
    for folder in re.findall(r"^\| `([a-z]+)/` \|", README, re.MULTILINE):
        assert (ROOT / folder).is_dir()


@pytest.mark.servers
@pytest.mark.slow
def test_your_own_sources_in_five_minutes_work_as_written(tmp_path):
    """As written, but for the address of the feed: the network is closed to tests, so a site of the newsroom stands for it."""
    lines = [line for line in SHELL[2].splitlines() if line.startswith("glabella")]
    assert len(lines) == 10
    environment = {**os.environ, "GLABELLA_HOME": str(tmp_path)}
    with serve_newsroom(NOW.date()) as newsroom:
        feed = next(source.url for site in newsroom for source in site.sources if source.kind == "feed")
        for line in lines:
            words = shlex.split(line.replace(SOURCE, feed))[1:]
            said = subprocess.run(
                [sys.executable, "-m", "desk", *words], env=environment, capture_output=True, text=True, timeout=120
            )
            assert said.returncode == 0, f"{line}\n{said.stdout}\n{said.stderr}"
    assert len(list((tmp_path / "outbox").rglob("*.eml"))) == 1
