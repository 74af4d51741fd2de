"""Labels of blocks from the true body, and folds by domain."""

import gzip
import json
from collections import Counter

import numpy as np
import pytest

from crawler.truth import NoExamples, digest_of, folds_of, label, read_examples, word_f1, words_of

BODY = "The nurse measured every scar again after twelve weeks.\n\nWhat was found\n\nNothing had changed at all."


def test_a_block_counts_by_the_share_of_it_in_the_body():
    texts = ["Home", "The nurse measured every scar again after twelve weeks.", "What was found", "Read our other news"]
    shares, words = label(texts, BODY)
    assert shares.tolist() == [0.0, 1.0, 1.0, 0.0]
    assert words.tolist() == [1.0, 9.0, 3.0, 4.0]


def test_of_two_copies_the_one_among_the_body_counts():
    menu = ["What was found", "Menu and more", "Sign in here", "Our other pages", "About this firm", "Contact us now"]
    texts = [*menu, "The nurse measured every scar again after twelve weeks.", "What was found"]
    shares, _ = label(texts, BODY)
    assert shares[0] == 0.0
    assert shares[7] == 1.0


def test_a_short_line_counts_as_a_line_or_by_its_neighbours():
    shares, _ = label(["scar", "Nothing had changed at all.", "changed"], BODY)
    assert shares[1] == 1.0
    assert shares[0] == pytest.approx(1.0)
    assert label(["scar", "Home and Garden tips"], BODY)[0].tolist() == [0.0, 0.0]


def test_word_f1_is_over_bags_of_words():
    assert word_f1(Counter(["a", "b", "b", "c"]), Counter(["b", "b", "d"])) == pytest.approx(4 / 7)
    assert word_f1(Counter(), Counter()) == 1.0
    assert word_f1(Counter("a"), Counter()) == 0.0
    assert words_of("It’s 5 p.m.") == ["it", "s", "5", "p", "m"]


def folder_with(tmp_path, pages):
    (tmp_path / "ground-truth").mkdir()
    (tmp_path / "html").mkdir()
    for key, url in pages.items():
        truth = {
            "url": url,
            "_internal": {"page_type": {"primary": "category"}},
            "ground_truth": {"main_content": BODY},
        }
        (tmp_path / "ground-truth" / f"{key}.json").write_text(json.dumps(truth))
        (tmp_path / "html" / f"{key}.html.gz").write_bytes(gzip.compress(b"<p>x</p>"))
    return tmp_path


def test_pages_of_one_domain_share_a_fold(tmp_path):
    pages = {f"{number:03}": f"https://site{number // 4}.example/a{number}" for number in range(40)}
    examples = read_examples(folder_with(tmp_path, pages))
    folds = folds_of(examples)
    for number in range(10):
        assert len(set(folds[number * 4 : number * 4 + 4].tolist())) == 1
    assert np.bincount(folds).tolist() == [8] * 5
    assert examples[0].kind == "collection"


def test_the_digest_changes_with_a_page(tmp_path):
    examples = read_examples(folder_with(tmp_path, {"001": "https://a.example/", "002": "https://b.example/"}))
    before = digest_of(examples)
    examples[0].path.write_bytes(gzip.compress(b"<p>y</p>"))
    assert digest_of(examples) != before


def test_an_empty_folder_says_what_was_expected(tmp_path):
    with pytest.raises(NoExamples, match="ground-truth"):
        read_examples(tmp_path)
