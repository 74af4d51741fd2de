"""Whatever comes in ends within 2 s and 500 MB in an article or a reason, and never in another exception."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.extract import Article, Body, NotAnArticle, extract, extract_body, extract_text
from tests.nasty_pages import nasty_pages

ROOT = Path(__file__).parents[1]
URL = "https://journal.example/2031/05/scar-cream-trial"
SECONDS, MEGABYTES = 2.0, 500
# The peak of this process alone: ru_maxrss begins with what the process that started it had.
PEAK = """
import contextlib, re, sys
from pathlib import Path
from crawler.extract import NotAnArticle, extract
from tests.nasty_pages import nasty_pages
pages = nasty_pages()
html = pages[sys.argv[1]]
del pages
with contextlib.suppress(NotAnArticle):
    extract(html, "https://journal.example/2031/05/scars")
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""


LARGEST = (
    "most blocks", "most blocks of links", "longest text", "longest blocks", "most tags", "too many blocks",
    "many line breaks", "json of a huge body", "wide json", "deep json",
)  # fmt: skip


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LARGEST)) for name in nasty_pages()]
)
def test_a_nasty_page_ends_in_two_seconds_in_an_article_or_a_reason(name):
    html = nasty_pages()[name]
    text = html if isinstance(html, str) else html.decode("latin-1")
    runs = ((extract, (html, URL), Article), (extract_body, (html, URL), Body), (extract_text, (text,), Article))
    for run, arguments, kind in runs:
        start = time.process_time()
        with contextlib.suppress(NotAnArticle):
            assert isinstance(run(*arguments), kind)
        assert time.process_time() - start < SECONDS


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux's /proc")
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_pages_stay_within_their_memory(name):
    done = subprocess.run(
        [sys.executable, "-c", PEAK, name], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert int(done.stdout) < MEGABYTES
