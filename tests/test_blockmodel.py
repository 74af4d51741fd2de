"""Trees as arrays predict what scikit-learn predicts; the shipped model is small data."""

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from crawler.blockmodel import Trees, of_boosting
from crawler.extractor_model import SHIPPED, ExtractorModel, OtherFeatures

MOST_BYTES = 2_000_000


@pytest.fixture(scope="module")
def fitted() -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(3000, 6)).astype(np.float32)
    rows[rng.random(rows.shape) < 0.2] = np.nan
    rows[:, 3] = np.round(rows[:, 3])
    # The third feature says something by being missing, which makes a split with an infinite threshold.
    content = (np.nan_to_num(rows[:, 0]) + 2 * np.isnan(rows[:, 2]) + rows[:, 3] ** 2 > 1) & (rng.random(3000) < 0.9)
    # Threads that wait for each other on a busy machine take a minute for what one does in a second.
    with threadpool_limits(limits=1):
        return HistGradientBoostingClassifier(max_iter=30, random_state=0).fit(rows, content), rows


def test_trees_predict_as_scikit_learn_does(fitted):
    model, rows = fitted
    expected = model.predict_proba(rows)[:, 1]
    assert np.abs(of_boosting(model).predict(rows) - expected).max() < 1e-12


def test_trees_survive_the_file_they_ship_in(fitted, tmp_path):
    model, rows = fitted
    trees = of_boosting(model)
    np.savez(tmp_path / "m.npz", **trees.arrays("x_"))
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        again = Trees.of_arrays({name: file[name] for name in file.files}, "x_")
    assert (again.predict(rows) == trees.predict(rows)).all()


def test_many_rows_are_predicted_as_few_are(fitted):
    trees, rows = of_boosting(fitted[0]), np.tile(fitted[1], (2, 1))
    assert np.array_equal(trees.predict(rows)[:10], trees.predict(rows[:10]))


def test_the_shipped_model_is_small_and_has_its_card():
    folder = SHIPPED.parent
    assert sum(file.stat().st_size for file in folder.glob("extractor.*")) <= MOST_BYTES
    card = json.loads(SHIPPED.with_suffix(".json").read_text())
    assert card["data"]["pages"] > 1000
    assert len(card["data"]["sha256"]) == 64
    assert card["scores"]["body F1, articles"] >= 0.948
    assert card["scores"]["body F1, articles, forum, service, documentation"] >= 0.915
    assert card["scores"]["text-only F1, articles"] >= 0.925
    assert card["scores"]["articles and Q&A refused"] <= 0.02
    assert card["scores"]["listing and collection pages refused"] >= 0.60


def test_a_model_of_other_features_says_so(tmp_path):
    model = ExtractorModel.load(SHIPPED)
    with pytest.raises(OtherFeatures):
        model.check("blocks", ("own_words",))


def test_a_saved_model_is_the_same_model(tmp_path):
    model = ExtractorModel.load(SHIPPED)
    model.save(tmp_path / "again.npz")
    again = ExtractorModel.load(tmp_path / "again.npz")
    assert again.lexicon == model.lexicon
    assert again.thresholds == model.thresholds
    assert again.names == model.names
    assert again.card == model.card
    assert np.array_equal(again.blocks.threshold, model.blocks.threshold)
