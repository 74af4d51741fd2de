"""What a person may mistype, or hand over by mistake: one line on stderr, an exit code that is true, no traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import re
import socket

import click
import pytest

from crawler.models import Source
from desk.cli.ending import ending, heals
from desk.cli.verbs import glabella
from desk.models import User
from tests.factory import make_edition, make_publication, make_story, make_topic

pytestmark = pytest.mark.django_db
REFUSED, MISUSED, LATER = 1, 2, 75
BINARY = random.Random(1).randbytes(20_000)
URL = "https://paper.example/feed"


@pytest.fixture
def say(home, monkeypatch, capsys):
    """Type a line; its exit code, what it printed, and its line on stderr."""
    monkeypatch.chdir(home)

    def typed(*words):
        monkeypatch.setattr("sys.argv", ["glabella", *words])
        code = ending(glabella)
        out, err = capsys.readouterr()
        assert len(err.splitlines()) <= 1, err
        return code, out, err.rstrip("\n")

    return typed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("source", "add", URL, "--trust", "nan"), "nan is not in the range"),
        (("source", "add", URL, "--trust", "2"), "2.0 is not in the range"),
        (("source", "check", URL, "--links", "-3"), "-3 is not in the range"),
        (("serve", "--port", "-1"), "-1 is not in the range 1<=x<=65535"),
        (("serve", "--port", "0"), "0 is not in the range"),
        (("serve", "--port", "99999"), "99999 is not in the range"),
        (("import", ""), "a path cannot be empty"),
        (("import", "page.html", ""), "a path cannot be empty"),
        (("preview", "brow", "--to", ""), "a path cannot be empty"),
        (("evaluate", "--to", ""), "a path cannot be empty"),
        (("train-extractor", ".", "--to", ""), "a path cannot be empty"),
        (("story", "list", "--search", "x" * 201), "201 letters, at most 200"),
        (("source", "add"), "Missing argument 'URL'"),
        (("nonsense",), "No such command 'nonsense'"),
        (("skip", "--cadence", "a\nb"), r"'a\nb' is not one of"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(say, words, said):
    code, _, line = say(*words)
    assert code == MISUSED
    assert said in line
    assert Source.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("source", "check", ""), "not an address of the web"),
        (("source", "check", "notaurl"), "not an address of the web: notaurl"),
        (("source", "check", "https://paper.example:x/"), "not an address of the web"),
        (("extract", ""), "cannot read"),
        (("extract", "http://"), "not an address of the web"),
        (("extract", "http://paper.example:x/"), "not an address of the web"),
        (("serve", "--host", ""), "cannot serve on"),
        (("serve", "--host", "203.0.113.77"), "cannot serve on 203.0.113.77:8000"),
        (("serve", "--host", "no host"), "cannot serve on no host:8000"),
        (("reprocess", "--site", "nosuch"), "no such site: nosuch"),
        (("preview", "brow", "--topic", "knees"), "no such topic: knees"),
        (("subscriber", "add", "a@b.example", "--publication", "brow", "--topic", "nose", "--never", "nose"),
         "a topic is both chosen and never to be shown: nose"),
        (("evaluate", "--to", "nonexist/x.html"), "the report cannot be written: nonexist/x.html"),
        (("source", "pause", "a\nb"), r"a\nb"),
        (("extract", "a\x1b[31mb"), r"a\x1b[31mb"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_line_and_exit_code_1(say, words, said):
    make_topic("nose")
    brow = make_publication()
    say("draft", brow.slug)
    code, _, line = say(*words)
    assert code == REFUSED
    assert line.startswith("glabella: ")
    assert said in line


@pytest.mark.parametrize("content", [b"", BINARY, b"PK\x03\x04" + BINARY, b"\x93NUMPY" + BINARY, None])
@pytest.mark.parametrize("words", [("extract", "page.html"), ("classify", "texts.jsonl"), ("evaluate",)])
def test_a_file_that_is_no_model_of_ours_is_said_in_our_words(say, home, words, content):
    import numpy as np

    model = home / "random.npz"
    model.write_bytes(content or b"")
    if content is None:
        np.savez(model, other=np.zeros(3))
    (home / "page.html").write_text("<p>A straight nose</p>")
    (home / "texts.jsonl").write_text("")
    code, _, line = say(*words, "--model", str(model))
    assert code == REFUSED
    assert line.startswith("glabella: this file is no ")
    assert "random.npz" in line
    assert "pickle" not in line


def test_a_busy_port_is_said_before_anything_is_started(say):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        code, out, line = say("serve", "--port", str(port))
    assert (code, out) == (REFUSED, "")
    assert line == f"glabella: cannot serve on 127.0.0.1:{port} (Address already in use)"


@pytest.mark.parametrize(
    ("number", "later"),
    [
        *((getattr(errno, name), True) for name in ("ENOSPC", "EDQUOT", "EIO", "EAGAIN", "EMFILE", "ENOMEM", "EFBIG")),
        *((getattr(errno, name), True) for name in ("ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "ENFILE")),
        *((getattr(errno, name), False) for name in ("EEXIST", "ENOTDIR", "EISDIR", "EACCES", "ENAMETOOLONG")),
    ],
    ids=lambda value: errno.errorcode.get(value, "") if isinstance(value, int) else str(value),
)
def test_only_what_may_heal_by_itself_is_tried_again_later(number, later):
    assert heals(OSError(number, os.strerror(number))) is later


def test_a_home_that_is_a_file_never_heals(say, settings, home):
    settings.HOME = home / "file"
    settings.HOME.write_text("")
    code, _, line = say("source", "list")
    assert code == REFUSED
    assert str(settings.HOME) in line


def test_a_folder_that_is_a_file_never_heals(say, home):
    make_publication()
    say("draft", "brow")
    (home / "file").write_text("")
    assert say("preview", "brow", "--to", "file")[0] == REFUSED


@pytest.mark.parametrize(
    ("more", "piped", "code", "said"),
    [
        ((), "", MISUSED, "there is no terminal to ask for a password at"),
        (("--password-stdin",), "brow-lift-monday\nmore\n", 0, ""),
        (("--password-stdin",), "", REFUSED, "too short"),
        (("--password", "brow-lift-monday"), "", 0, ""),
        (("--password", "brow-lift-monday", "--password-stdin"), "", MISUSED, "two ways"),
    ],
)
def test_a_password_comes_by_one_way(say, monkeypatch, more, piped, code, said):
    monkeypatch.setattr("sys.stdin", io.StringIO(piped))
    found, _, line = say("adduser", "edith", *more)
    assert found == code
    assert said in line
    assert [one.check_password("brow-lift-monday") for one in User.objects.all()] == [True] * (code == 0)


def test_others_words_reach_a_terminal_as_words(say):
    say("source", "add", URL, "--title", "a\x1b[31mred\nline [/b] \x9b1m \u202eback")
    _, table, _ = say("source", "list")
    assert r"a\x1b[31mred\nline [/b] \x9b1m \u202eback" in table
    _, listed, _ = say("source", "list", "--json")
    assert not set(listed) & {"\x1b", "\x9b", "\u202e"}
    assert json.loads(listed)[0]["title"] == Source.objects.get().title


def test_a_list_of_sources_as_json_says_what_the_table_has_no_room_for(say):
    say("source", "add", URL, "--tag", "press", "--trust", "0.7")
    (one,) = json.loads(say("source", "list", "--json")[1])
    assert (one["tags"], one["trust"], one["rhythm minutes"], one["next visit"]) == (["press"], 0.7, 120, None)


def test_a_field_that_cannot_be_is_named_by_its_option(say):
    names = ("--name", "Lip", "--from", "n@lip.example", "--postal")
    assert "SLUG" in say("publication", "add", "l" * 41, *names, "1 Lane")[2]
    assert "--postal" in say("publication", "add", "lip", *names, "")[2]


def test_places_of_a_draft_are_counted_from_1(say):
    edition = make_edition(make_publication(), [make_story("A straight nose"), make_story("A crooked nose")])
    edition.placements.update(by="ed")
    _, table, _ = say("draft", "brow")
    lines = [
        [cell.strip() for cell in re.split("[│┃]", line)] for line in table.splitlines() if re.search("[│┃]", line)
    ]
    assert lines[0][:3] == ["place", "story", "mark"]
    assert [line[0] for line in lines[1:]] == ["1", "2"]


def test_ctrl_c_is_said_in_one_line(say, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("desk.ready.make_ready", interrupted)
    code, _, line = say("source", "list")
    assert (code, line) == (130, "glabella: interrupted; nothing is lost, the next run continues")


def options(group=glabella, name=""):
    with click.Context(group) as context:
        for word in group.list_commands(context):
            found = group.get_command(context, word)
            if isinstance(found, click.Group):
                yield from options(found, f"{name} {word}")
            else:
                yield from ((f"{name} {word}", one) for one in found.params if isinstance(one, click.Option))


def test_every_option_of_every_verb_has_help():
    assert [f"{verb} {one.opts[0]}" for verb, one in options() if not one.help] == []
