"""Layers: what is pure stays pure, and the list of modules over rows is true."""

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
RIMS = {"django", "celery", "scrapy", "twisted"}
PACKAGES = ("crawler", "classifier", "digest")


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(*PACKAGES, "desk", include_external_packages=True)


@pytest.fixture(scope="module")
def over_rows():
    """The modules that pyproject.toml names as touching Django, Celery or Scrapy: mypy is less strict with them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {name for group in project["tool"]["mypy"]["overrides"] for name in group["module"] if "*" not in name}


def test_the_thinking_imports_no_rim_and_the_list_of_modules_that_do_is_true(graph, over_rows):
    """A pure module reaches neither Django nor Celery nor Scrapy, however far its imports are followed."""
    ours = [
        name
        for name in graph.modules
        if name.split(".")[0] in PACKAGES and ".migrations" not in name and not name.endswith(".apps")
    ]
    reaching = {name for name in ours if graph.find_upstream_modules(name) & RIMS}
    assert reaching - over_rows == set(), "these reach a rim: mend them, or name them in pyproject.toml"
    assert over_rows - reaching == set(), "these are pure now: take them out of pyproject.toml"


@pytest.mark.parametrize("module", ["crawler.extract", "classifier.topicmodel"])
def test_text_is_judged_without_loading_what_models_are_fitted_with(module):
    """Start-up counts: fitting needs scikit-learn, judging does not."""
    code = f"import sys, {module}; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
