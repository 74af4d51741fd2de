"""Variables that are not what they should be: one line says which and what, before anything begins."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from desk.cli.verbs import VERBS
from desk.errors import DeskError
from desk.secret import secret_of
from desk.variables import VARIABLES, VariableError, check, read
from tests.processes import OURS, ROOT
from tests.servers import free_port

DATABASE = "not a database's address such as postgres://user:word@host/name"
BROKER = "not a broker's address such as redis://host:6379/0"
SITE = "not a web address such as https://news.example.org"
MAIL = "not a mail server's address such as smtp://user:word@host:587"
SECONDS = "not a number of seconds from 0 to 86400"
WRONG = [
    ("GLABELLA_DELAY", "abc", f"{SECONDS}: abc"),
    ("GLABELLA_DELAY", "-5", f"{SECONDS}: -5"),
    ("GLABELLA_DELAY", "nan", f"{SECONDS}: nan"),
    ("GLABELLA_DELAY", "1,5", f"{SECONDS}: 1,5"),
    ("GLABELLA_LOCK_SECONDS", "-x", f"{SECONDS}: -x"),
    ("GLABELLA_LOCK_SECONDS", "1e9", f"{SECONDS}: 1e9"),
    ("DATABASE_URL", "nonsense", DATABASE),
    ("DATABASE_URL", "mysql://me:word@host/name", DATABASE),
    ("DATABASE_URL", "postgres://me:word@host", DATABASE),
    ("DATABASE_URL", "postgres://me:word@host:port/name", DATABASE),
    ("BROKER_URL", "nonsense", BROKER),
    ("BROKER_URL", "amqp://me:word@host", BROKER),
    ("BROKER_URL", "redis://me:word@host:6379/first", BROKER),
    ("SMTP_URL", "mail.example.org:587", MAIL),
    ("SMTP_URL", "smtp://me:word@", MAIL),
    ("SITE_URL", "news.example.org", f"{SITE}: news.example.org"),
    ("SITE_URL", "https://", f"{SITE}: https://"),
    ("SITE_URL", "https://[::1", f"{SITE}: https://[::1"),
    ("SITE_URL", "https://news.example\nBcc: a", f"{SITE}: https://news.example Bcc: a"),
    ("SITE_URL", "https://bücher.example", f"{SITE}: https://bücher.example"),
    ("SITE_URL", "https://news.example/?a=1", f"{SITE}: https://news.example/?a=1"),
    ("SITE_URL", "https://me:word@news.example", SITE),
    ("GLABELLA_ALLOW_PRIVATE", "yes", "not 1 or nothing: yes"),
    ("GLABELLA_CONTACT", "me\r\nX: y", "not a line of text: me X: y"),
    ("GLABELLA_SECRET", "a\tword", "not a line of text"),
]
RIGHT = [
    ("GLABELLA_DELAY", "0.02"),
    ("GLABELLA_DELAY", "0"),
    ("DATABASE_URL", "postgresql://me:w%40rd@127.0.0.1:5432/name"),
    ("DATABASE_URL", "postgres:///name"),
    ("BROKER_URL", "rediss://:word@broker:6379/1"),
    ("BROKER_URL", "redis://broker"),
    ("SMTP_URL", "smtps://me:word@mail.example.org"),
    ("SITE_URL", "http://127.0.0.1:8000/"),
    ("GLABELLA_DEBUG", "0"),
    ("GLABELLA_CONTACT", "Jürgen, jürgen@letters.example"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_what_is_not_of_its_kind_is_refused_with_words_and_no_password_is_printed(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(VariableError) as refused:
        check()
    assert str(refused.value) == f"{name}: {said}"


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_what_is_of_its_kind_is_read_as_it_stands(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    check()
    assert read(name) == value


def test_every_default_is_of_its_kind():
    assert [one.name for one in VARIABLES if one.default and not one.kind.fits(one.default)] == []


@pytest.mark.parametrize("kept", [b"", b" \n", b"\xff\xfe"])
def test_a_home_s_secret_that_holds_nothing_is_said_and_no_new_one_is_made(tmp_path, kept):
    (tmp_path / "secret").write_bytes(kept)
    with pytest.raises(DeskError, match="holds no secret; restore it from the backup"):
        secret_of(tmp_path, "")
    assert (tmp_path / "secret").read_bytes() == kept


def test_a_secret_put_back_by_hand_may_end_with_a_line_s_end(tmp_path):
    made = secret_of(tmp_path, "")
    (tmp_path / "secret").write_text(f"{made}\n")
    assert secret_of(tmp_path, "") == made


def ended(command, tmp_path, **variables):
    """How a command ends that must not begin: its exit code and the lines on stderr."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    env |= {"GLABELLA_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "desk.settings", **variables}
    said = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, input=""
    )
    return said.returncode, said.stderr.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_ends_with_that_one_line(verb, tmp_path):
    said = "glabella: GLABELLA_DELAY: not a number of seconds from 0 to 86400: abc"
    assert ended(["desk", verb], tmp_path, GLABELLA_DELAY="abc") == (1, [said])
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value"), [("DATABASE_URL", "nonsense"), ("BROKER_URL", "nonsense")])
@pytest.mark.parametrize("command", [["worker", "-Q", "crawl"], ["beat"]], ids=["worker", "beat"])
def test_celery_ends_with_that_one_line(command, name, value, tmp_path):
    code, lines = ended(["celery", "-A", "desk.celery", *command], tmp_path, **{name: value})
    assert (code, len(lines)) == (1, 1)
    assert lines[0].startswith(f"glabella: {name}: not a ")


@pytest.mark.slow
@pytest.mark.parametrize("variables", [{"SITE_URL": "news.example.org"}, {}], ids=["variable", "secret"])
def test_a_web_server_ends_too_and_does_not_try_for_ever(variables, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home/secret").touch()
    command = ["gunicorn", "desk.wsgi:application", "--bind", f"127.0.0.1:{free_port()}", "--log-level", "critical"]
    code, lines = ended(command, tmp_path, **variables)
    assert code != 0
    assert len([line for line in lines if line.startswith("glabella: ")]) == 1
    assert "Traceback" not in "\n".join(lines)
