"""The house's measures: sizes, annotations, and words that mark unfinished work."""

import ast
import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("crawler", "classifier", "digest", "desk", "benchmarks")
FILES = [path for folder in OURS for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
TESTS = list((ROOT / "tests").rglob("*.py"))


def functions(path):
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", [*FILES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_over_400_lines_and_no_function_over_60(path):
    assert len(path.read_text().splitlines()) <= 400
    assert [f.name for f in functions(path) if f.end_lineno - f.lineno + 1 > 60] == []


def test_every_function_says_what_it_returns():
    bare = [f"{path}:{f.lineno} {f.name}" for path in FILES for f in functions(path) if f.returns is None]
    assert bare == []


def test_modules_and_functions_are_small_as_a_habit():
    assert statistics.median(len(path.read_text().splitlines()) for path in FILES) <= 150
    lengths = [f.end_lineno - f.lineno + 1 for path in FILES for f in functions(path)]
    assert statistics.median(lengths) <= 10
    assert statistics.quantiles(lengths, n=10)[8] <= 30


def test_modules_are_named_after_what_they_hold():
    assert not [path for path in FILES if path.stem in ("utils", "helpers", "misc", "common")]


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError|for now|simplified|stub)\b")
    assert [str(path) for path in FILES if marks.search(path.read_text())] == []
