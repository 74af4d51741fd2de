"""The command line as a person types it: words, tables, JSON and exit codes."""

import json
import os
import shlex
import subprocess
import sys

import click
import pytest

from desk.cli.examples import EXAMPLES
from desk.cli.verbs import VERBS
from desk.cli.verbs import glabella as line_of_command
from tests.bad_web import PAGE, BadWeb, breaks_off, by_path, rss, says, serve

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


def verbs(group=line_of_command, before=""):
    """Every verb that can be typed, as words."""
    with click.Context(group) as context:
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            yield from verbs(found, f"{before}{name} ") if isinstance(found, click.Group) else (f"{before}{name}",)


def test_every_verb_shows_an_example_and_every_example_can_be_typed():
    assert set(EXAMPLES) == set(verbs())
    for verb, lines in EXAMPLES.items():
        for line in lines:
            words = shlex.split(line.rpartition("| ")[2])
            assert words[0] == "glabella"
            assert " ".join(words[1:]).startswith(verb)
            parse(line_of_command, words[1:])


def parse(group, words):
    with click.Context(group) as context:
        found = group.get_command(context, words[0])
        if isinstance(found, click.Group):
            return parse(found, words[1:])
        asked = ["--password", "given"] if words[0] == "adduser" else []
        return found.make_context(words[0], [*words[1:], *asked])


def test_an_example_stands_under_the_help(home):
    assert "glabella crawl --source paper.example" in glabella("crawl", "--help", home=home).stdout
    assert "--kind listing --tag safety" in glabella("source", "add", "--help", home=home).stdout


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
    why = json.loads(glabella("subscriber", "why", "rosa@reader.example", "--json", home=home).stdout)
    assert (why["suppressed"], [one["what"] for one in why["consents"]], why["deliveries"]) == (
        False,
        ["subscribed"],
        [],
    )


def test_a_row_is_a_line_where_nobody_looks_on(home):
    url = "https://a-paper-of-many-words.example/" + "a-section/" * 8 + "feed"
    glabella("source", "add", url, home=home)
    assert url in glabella("source", "list", home=home).stdout


def test_a_monthly_is_drafted_and_skipped_by_its_rhythm(home):
    glabella("publication", "add", "lip", "--name", "L", "--from", "n@l.example", "--postal", "1 Lane", home=home)
    assert "L monthly 1" in glabella("draft", "lip", "--cadence", "monthly", home=home).stdout
    assert glabella("skip", "lip", "--cadence", "monthly", home=home).stdout == "skipped: L monthly 1\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pick", "nosuchkey1", "--publication", "brow"), "no such story"),
        (("draft", "nosuch"), "no such publication"),
        (("subscriber", "add", "not an address", "--publication", "brow"), "not a mail address"),
        (("subscriber", "add", "a@b.example", "--publication", "brow", "--topic", "knees"), "no such topic"),
        (("source", "add", "ftp://x.example/"), "not an address of the web"),
        (("import", "/no/such/file"), "could not be taken in"),
        (("approve", "brow"), "has no draft; make one with `glabella draft brow`"),
        (("skip", "brow", "--cadence", "monthly"), "make one with `glabella draft brow --cadence monthly`"),
    ],
)
def test_a_refusal_is_one_line_on_stderr_and_exit_code_1(words, said, home):
    glabella("publication", "add", "brow", "--name", "B", "--from", "n@b.example", "--postal", "1 Lane", home=home)
    answer = glabella(*words, home=home)
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    assert said in answer.stderr


@pytest.fixture
def sources(tmp_path):
    """A home with a source that reads and one that is a web page; how to crawl some of them."""
    web = BadWeb(hosts={"good": says(""), "page": says(PAGE, "Content-Type: text/html")})
    with serve(web):
        feed = says(rss(web.url("good", "/nose")), "Content-Type: application/rss+xml")
        web.hosts["good"] = by_path({"/feed": feed, "/nose": says(PAGE, "Content-Type: text/html")})
        for host in web.hosts:
            glabella("source", "add", web.url(host), home=tmp_path)
        yield web, lambda *words: glabella("crawl", *words, home=tmp_path, GLABELLA_ALLOW_PRIVATE="1")


@pytest.mark.servers
def test_a_source_that_cannot_be_read_is_one_line_and_its_neighbour_is_crawled(sources):
    web, crawl = sources
    said = crawl("--json")
    assert said.returncode == 0
    assert said.stderr == f"note: {web.url('page')}: this is a web page, not a feed\n"
    assert json.loads(said.stdout)["outcomes"] == {"robots": 2, "source": 2, "article": 1}


@pytest.mark.servers
def test_a_crawl_in_which_no_source_could_be_read_ends_with_exit_code_1(sources):
    web, crawl = sources
    said = crawl("--source", web.url("page"))
    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        f"note: {web.url('page')}: this is a web page, not a feed",
        "glabella: no source could be read; each says why above",
    ]


@pytest.mark.parametrize("verb", [("source", "list"), ("send",), ("draft", "brow")])
def test_a_damaged_database_is_one_line_and_no_later_try_helps(verb, tmp_path):
    (tmp_path / "glabella.sqlite3").write_bytes(b"no database at all" * 500)
    answer = glabella(*verb, home=tmp_path)
    assert answer.returncode == 1
    assert answer.stderr == "glabella: the database is damaged: put a copy of it back (docs/operating.md, Backup)\n"


def test_the_doctor_says_that_the_database_is_damaged(tmp_path):
    (tmp_path / "glabella.sqlite3").write_bytes(b"no database at all" * 500)
    answer = glabella("doctor", home=tmp_path)
    assert answer.returncode == 1
    assert "damaged: put a copy of it back" in answer.stdout


@pytest.mark.servers
def test_an_answer_that_broke_off_is_said_once_and_by_us(sources):
    web, crawl = sources
    web.hosts["page"] = by_path({"/feed": breaks_off})
    assert crawl().stderr == f"note: {web.url('page')}: the answer broke off\n"


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


def test_models_say_which_one_is_champion(home):
    glabella("topics", "load", home=home)
    (model,) = json.loads(glabella("models", "--json", home=home).stdout)
    assert model["champion"] is True
    assert "yes" in glabella("models", home=home).stdout
