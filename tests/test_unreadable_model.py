"""A home whose topic model was fitted by another version of this program goes on with the one that comes with it."""

import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest

from classifier.arrays import arrays_of, bytes_of
from classifier.errors import ClassifierError, ModelError
from classifier.labelling import label_due, retag
from classifier.models import Labelling, Model
from classifier.pack import BACKGROUND, DEFAULT, EXAMPLES, Pack, load_pack, shipped_model_bytes
from classifier.registry import champion, install, install_shipped, promote, rollback
from classifier.topicmodel import FORMAT, TopicModel
from classifier.topics import load_topics
from classifier.training import corrections, train_candidate
from crawler.models import Event
from desk.doctor import examine
from desk.running import run_once
from tests.factory import NOW, make_story
from tests.topic_cast import garden_bytes, garden_examples, gardens

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TAXONOMY = "aesthetics"
OLD = "an old model"


def of_another_format(data: bytes, taxonomy: str = TAXONOMY) -> Model:
    """A champion as an earlier program left it."""
    arrays = arrays_of(data)
    card = json.loads(bytes(arrays["card"])) | {"format": FORMAT - 1}
    arrays["card"] = np.frombuffer(json.dumps(card).encode(), dtype=np.uint8)
    Model.objects.filter(taxonomy=taxonomy).update(champion=False)
    return Model.objects.create(pk=OLD, taxonomy=taxonomy, made_at=NOW, data=bytes_of(arrays), card=card, champion=True)


@pytest.fixture
def shipped() -> str:
    return TopicModel.load(shipped_model_bytes(load_pack())).id


@pytest.fixture
def old(shipped) -> Model:
    load_topics(load_pack().taxonomy, by="test", now=NOW)
    return of_another_format(shipped_model_bytes(load_pack()))


@pytest.fixture
def stories(old):
    """One that the old model labelled, and one that an editor settled."""
    made = [make_story("Rhinoplasty after a year"), make_story("A year after rhinoplasty")]
    for story in made:
        Labelling.objects.create(
            story=story, taxonomy=TAXONOMY, model=OLD, digest=story.lead.digest, on_topic=1, doubtful=False, at=NOW
        )
    retag(made[1].key, ["hair"], TAXONOMY, by="ed", now=NOW)
    return made


def champions() -> list[str]:
    return list(Model.objects.filter(champion=True).values_list("pk", flat=True))


def test_labelling_goes_on_with_the_shipped_model_and_says_so(stories, shipped, caplog):
    assert label_due(TAXONOMY, now=NOW) == 2
    assert champions() == [shipped]
    assert Model.objects.filter(pk=OLD).exists(), "the old row stays"
    assert set(Labelling.objects.values_list("model", flat=True)) == {shipped}
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"the topic model {OLD} cannot be read (a model of another format: {FORMAT - 1}")
    assert shipped in line
    event = Event.objects.get(verb="promote")
    assert (event.by, event.before, event.after) == (
        "rule:unreadable model", {"champion": OLD}, {"champion": shipped},
    )  # fmt: skip


def test_it_takes_over_once(stories, caplog):
    assert [label_due(TAXONOMY, now=NOW) for _ in range(2)] == [2, 0]
    assert Event.objects.filter(verb="promote").count() == len(caplog.records) == 1


def test_what_editors_said_stays_and_can_be_learnt_again(stories):
    label_due(TAXONOMY, now=NOW)
    settled = stories[1]
    assert list(settled.tags.values_list("topic__key", "by")) == [("hair", "ed")]
    assert Labelling.objects.get(story=settled).decided_by == "ed"
    assert [one.after for one in corrections(TAXONOMY)] == [("hair",)]


def test_a_run_labels_without_a_trouble(stories, home):
    count = run_once(lambda: NOW)
    assert (count.labelled, count.troubles) == (2, [])


def test_nobody_goes_back_to_a_model_that_cannot_be_read(old, shipped):
    label_due(TAXONOMY, now=NOW)
    for step in (lambda: promote(OLD, by="ed", now=NOW), lambda: rollback(TAXONOMY, by="ed", now=NOW)):
        with pytest.raises(
            ClassifierError, match=f"this model cannot be champion: {OLD} .*this program reads {FORMAT}"
        ):
            step()
    assert champions() == [shipped]


def test_doctor_says_what_is_wrong_and_what_to_do(old):
    (found,) = [one for one in examine(NOW) if one.what == "model"]
    assert found.state == "bad"
    assert OLD in found.said
    assert "another format" in found.said
    assert "glabella label" in found.said
    label_due(TAXONOMY, now=NOW)
    assert [one.state for one in examine(NOW) if one.what == "model"] == ["ok"]


def test_topics_load_installs_the_packs_model_too(old, shipped):
    assert install_shipped(load_pack(), by="ed", now=NOW).pk == shipped
    assert champions() == [shipped]
    assert install_shipped(load_pack(), by="ed", now=NOW) is None, "a model that can be read stays"


def test_without_a_pack_that_ships_one_the_refusal_says_what_brings_another():
    load_topics(gardens(), by="test", now=NOW)
    of_another_format(garden_bytes(), "gardens")
    with pytest.raises(ModelError, match=r"the champion cannot be read: gardens .*glabella train --pack"):
        label_due("gardens", now=NOW)
    assert champions() == [OLD]


def test_training_takes_over_where_there_is_nothing_to_compare_with(tmp_path):
    of_another_format(garden_bytes(), "gardens")
    (tmp_path / EXAMPLES).mkdir()
    lines = [asdict(one.text) | {"topics": sorted(one.topics), "group": one.group} for one in garden_examples()]
    (tmp_path / EXAMPLES / "gardens.jsonl").write_text("\n".join(map(json.dumps, lines)))
    shutil.copy(DEFAULT / BACKGROUND, tmp_path)
    done = train_candidate(Pack(tmp_path, gardens()), by="ed", now=NOW)
    assert (done.verdict, done.promoted) == (None, True)
    assert champions() == [done.model]
    assert champion("gardens").id == done.model


def test_a_broken_champion_is_one_that_cannot_be_read(old, shipped):
    Model.objects.filter(pk=OLD).delete()
    Model.objects.create(pk="broken", taxonomy=TAXONOMY, made_at=NOW, data=b"no model", card={}, champion=True)
    label_due(TAXONOMY, now=NOW)
    assert champions() == [shipped]


def test_a_shipped_model_that_cannot_be_read_is_not_installed():
    with pytest.raises(ModelError):
        install(b"no model", by="test", now=NOW)
    assert not Model.objects.exists()
