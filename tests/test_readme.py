"""README tells the truth: its tables are held against the code, its commands are run as written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desk.cli.verbs import VERBS
from desk.demo.server import serve_newsroom
from desk.variables import VARIABLES
from tests.conftest import NOW
from tests.processes import OURS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
SHELL = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
SOURCE = "https://www.fda.gov/about-fda/contact-fda/stay-informed/rss-feeds/medwatch/rss.xml"


def test_the_table_of_variables_is_the_list_in_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    assert rows == [
        (one.name, one.kind.words, f"`{one.default}`" if one.default else "", one.help) for one in VARIABLES
    ]


def test_every_variable_that_the_code_reads_is_in_the_list():
    read = re.compile(r"""(?:\bread\(|environ(?:\.get)?[\[(])\s*["']([A-Z_]+)["']""")
    files = [path for folder in ("crawler", "classifier", "digest", "desk") for path in (ROOT / folder).rglob("*.py")]
    found = {name for path in files for name in read.findall(path.read_text())}
    assert found - {"DJANGO_SETTINGS_MODULE"} <= {one.name for one in VARIABLES}


def test_the_make_targets_it_names_exist():
    make = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", make, re.MULTILINE), target


def test_the_blocks_of_commands_are_those_that_tests_run():
    assert [block.split()[:2] for block in SHELL] == [["make", "demo"], ["make", "test"], ["make", "install"]]


def test_the_verbs_and_files_it_names_exist():
    for verb in set(re.findall(r"glabella ([a-z]+)", README)):
        assert verb in VERBS
    for path in re.findall(r"\]\(((?:docs|desk)/[^)]+)\)", README):
        assert (ROOT / path).exists(), path
    for folder in re.findall(r"^\| `([a-z]+)/` \|", README, re.MULTILINE):
        assert (ROOT / folder).is_dir()


@pytest.fixture
def checkout(tmp_path):
    """The repository as a folder of its own, with this environment as its .venv, as after `make install`."""
    folder = tmp_path / "glabella"
    folder.mkdir()
    for one in ROOT.iterdir():
        if one.name not in (".git", ".venv", "var", "demo", "build"):
            (folder / one.name).symlink_to(one)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def typed(lines, checkout, **variables):
    """What a shell says to these lines; the first that fails ends it."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    env = {**rest, "PATH": f"{_make(checkout.parent / 'bin')}:{os.environ['PATH']}", **variables}
    done = subprocess.run(["sh", "-ec", lines], cwd=checkout, env=env, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, f"{lines}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _make(folder):
    """A folder with a `make` that does not look whether the environment is younger than the lists of packages.

    It is there, and shared: made anew, it would point to this checkout from then on. Make takes no such flag from MAKEFLAGS.
    """
    folder.mkdir(exist_ok=True)
    (folder / "make").write_text(f'#!/bin/sh\nexec {shutil.which("make")} --old-file=.venv/base.ok "$@"\n')
    (folder / "make").chmod(0o755)
    return folder


def test_the_environment_is_left_alone_by_what_is_typed(checkout):
    younger = checkout / "pyproject.toml"
    younger.unlink()
    shutil.copyfile(ROOT / "pyproject.toml", younger)
    typed("make --dry-run install > said", checkout)
    assert "pip install" not in (checkout / "said").read_text()


@pytest.mark.servers
@pytest.mark.slow
def test_make_demo_works_as_written_and_goes_on_with_the_last_one(checkout):
    said = typed(SHELL[0], checkout)
    assert all(words in said for words in ("What happened", "4 accepted", "Links without an article", "paywall"))
    mails = sorted((checkout / "demo/home/outbox").rglob("*.eml"))
    assert len(mails) == 4
    again = typed("make demo KEEP=1", checkout)
    assert all(words in again for words in ("0 new articles", "nobody is mailed twice"))
    assert sorted((checkout / "demo/home/outbox").rglob("*.eml")) == mails


@pytest.mark.servers
@pytest.mark.slow
def test_your_own_sources_in_five_minutes_work_as_written(checkout):
    """As written, but for the address of the feed: the network is closed to tests, so a site of the newsroom stands for it."""
    with serve_newsroom(NOW.date()) as newsroom:
        feed = next(source.url for site in newsroom for source in site.sources if source.kind == "feed")
        typed(SHELL[2].replace(SOURCE, feed), checkout, GLABELLA_ALLOW_PRIVATE="1", GLABELLA_DELAY="0.02")
    assert len(list((checkout / "var/outbox").rglob("*.eml"))) == 1
