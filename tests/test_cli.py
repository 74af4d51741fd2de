"""The command line as a person types it: words, tables, JSON and exit codes."""

import json
import os
import subprocess
import sys

import pytest

from desk.cli import VERBS

pytestmark = pytest.mark.slow


def glabella(*words: str, home, stdin: str = "", **more):
    environment = {**os.environ, "GLABELLA_HOME": str(home), **more}
    return subprocess.run(
        [sys.executable, "-m", "desk", *words],
        capture_output=True,
        text=True,
        env=environment,
        input=stdin,
        timeout=120,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


def test_help_teaches_every_verb(home):
    said = glabella("--help", home=home)
    assert said.returncode == 0
    assert all(verb in said.stdout for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_that_needs_no_database(verb, tmp_path):
    said = glabella(verb, "--help", home=tmp_path / "none")
    assert said.returncode == 0, said.stderr
    assert "Usage" in said.stdout
    assert not (tmp_path / "none" / "glabella.sqlite3").exists()


def test_a_first_publication_source_and_subscriber(home):
    for words in (
        ("publication", "add", "brow", "--name", "The Brow", "--from", "n@brow.example", "--postal", "1 Lane, Leeds"),
        ("source", "add", "https://paper.example/feed", "--tag", "press"),
        ("subscriber", "add", "rosa@reader.example", "--publication", "brow", "--topic", "nose"),
    ):
        said = glabella(*words, home=home)
        assert said.returncode == 0, said.stderr
    rows = json.loads(glabella("subscriber", "list", "--json", home=home).stdout)
    assert rows[0]["address"] == "rosa@reader.example"
    assert "active" in glabella("subscriber", "why", "rosa@reader.example", home=home).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pick", "nosuchkey1", "--publication", "brow"), "no such story"),
        (("draft", "nosuch"), "no such publication"),
        (("subscriber", "add", "not an address", "--publication", "brow"), "not a mail address"),
        (("subscriber", "add", "a@b.example", "--publication", "brow", "--topic", "knees"), "no such topic"),
        (("source", "add", "ftp://x.example/"), "not an address of the web"),
        (("import", "/no/such/file"), "could not be taken in"),
        (("approve", "brow"), "has no draft"),
    ],
)
def test_a_refusal_is_one_line_on_stderr_and_exit_code_1(words, said, home):
    glabella("publication", "add", "brow", "--name", "B", "--from", "n@b.example", "--postal", "1 Lane", home=home)
    answer = glabella(*words, home=home)
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    assert said in answer.stderr


def test_wrong_usage_is_exit_code_2(home):
    assert glabella("source", "add", home=home).returncode == 2
    assert glabella("nonsense", home=home).returncode == 2


def test_a_home_that_cannot_be_made_is_said_in_one_line(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    said = glabella("source", "list", home=blocked / "home")
    assert said.returncode in (1, 75)
    assert len(said.stderr.strip().splitlines()) == 1


def test_an_outbox_for_files_needs_nothing_but_smtp_refuses_a_loopback_site(home):
    said = glabella("send", home=home, SMTP_URL="smtp://127.0.0.1:2525")
    assert said.returncode == 1
    assert "SITE_URL" in said.stderr


def test_doctor_says_what_is_set_up(home):
    said = glabella("doctor", "--json", home=home)
    assert said.returncode == 0, said.stderr
    assert {"home", "database", "model"} <= {row["what"] for row in json.loads(said.stdout)}


def test_a_locked_database_is_said_and_may_be_tried_again(home):
    import sqlite3

    with sqlite3.connect(home / "glabella.sqlite3", isolation_level=None) as held:
        held.execute("BEGIN EXCLUSIVE")
        said = glabella("source", "add", "https://b.example/feed", home=home, GLABELLA_LOCK_SECONDS="1")
        held.execute("ROLLBACK")
    assert said.returncode == 75
    assert "locked" in said.stderr
