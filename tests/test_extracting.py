"""`glabella extract`: the article of a file, what was kept and dropped, and one line where there is none."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nasty_pages import BODY, PARAGRAPHS, TITLE, page

ROOT = Path(__file__).parents[1]
MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/news/'>News</a></li></ul></nav>"


def extract(*words, given="", **environment):
    return subprocess.run(
        [sys.executable, "-m", "desk", "extract", *words],
        input=given, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(page(MENU + BODY))
    return str(path)


def test_the_article_of_a_file_is_its_title_its_facts_and_its_text(file):
    said = extract(file)
    assert (said.returncode, said.stdout) == (
        0,
        "\n".join([TITLE, "no author; undated\n", "\n\n".join(PARAGRAPHS), ""]),
    )


def test_standard_input_is_read_and_json_is_the_whole_article():
    said = extract("-", "--json", given=page(MENU + BODY))
    found = json.loads(said.stdout)
    assert (found["title"], found["text"].split("\n\n")) == (TITLE, list(PARAGRAPHS))
    assert {"html", "evidence", "reuse", "published_from", "precision", "modified", "paywalled"} <= found.keys()


def test_kept_and_dropped_blocks_have_their_scores(file):
    lines = extract(file, "--show-dropped").stdout.splitlines()
    assert [line.split()[0] for line in lines if "Home" in line or TITLE in line] == ["dropped", "dropped"]
    kept = [line for line in lines if line.startswith("kept")]
    assert 0.5 < float(kept[0].split()[1]) <= 1
    assert "\x1b[" not in "".join(lines)


def test_blocks_are_coloured_where_somebody_looks_on(file):
    assert "\x1b[32m" in extract(file, "--show-dropped", FORCE_COLOR="1").stdout


@pytest.mark.parametrize("flags", [(), ("--show-dropped",), ("--json",)])
def test_one_line_says_why_a_page_is_no_article(flags):
    said = extract("-", *flags, given=page("<p>Come back in a while.</p>", "404 Not Found"))
    assert said.returncode == 1
    assert [line for line in said.stderr.splitlines() if "error page" in line] == said.stderr.splitlines()


def test_a_dump_is_read_line_by_line():
    dump = "\n\n".join(["* Home", "* News", TITLE, *PARAGRAPHS])
    assert extract("-", "--text", given=dump).stdout.endswith("\n\n".join(PARAGRAPHS) + "\n")
    shown = extract("-", "--text", "--show-dropped", given=dump).stdout
    assert shown.startswith("dropped")
    assert shown.count("kept") >= 3
