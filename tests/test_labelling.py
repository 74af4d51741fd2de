"""Stories get labels; an editor's word stands; topics can be renamed, merged and split."""

import pytest

from classifier.errors import ClassifierError
from classifier.labelling import due, label_due, retag
from classifier.models import Labelling, Model, Tag, Topic
from classifier.pack import load_pack, shipped_model_bytes
from classifier.registry import champion, install, promote, rollback
from classifier.topics import load_topics, rename, retire
from classifier.training import corrections
from crawler.models import Event, Story
from desk.undoing import undo
from digest.candidates import candidates
from digest.suggest import suggest
from tests.factory import NOW, make_publication, make_source, make_story

pytestmark = pytest.mark.django_db
TAXONOMY = "aesthetics"
NOSE = (
    "Ninety people who had a rhinoplasty in Leeds were followed for a year. The surgeons report that nine in ten were content "
    "with the shape of their nose and that four needed a revision rhinoplasty. The study was paid for by a hospital fund."
)


@pytest.fixture(autouse=True)
def topics():
    pack = load_pack()
    load_topics(pack.taxonomy, by="test", now=NOW)
    install(shipped_model_bytes(pack), by="test", now=NOW)


@pytest.fixture
def story():
    return make_story("A year after rhinoplasty", text=NOSE)


def keys(story):
    return set(story.tags.values_list("topic__key", flat=True))


def test_a_story_is_labelled_once_with_reasons_that_stand_in_its_text(story):
    assert label_due(TAXONOMY, now=NOW) == 1
    assert label_due(TAXONOMY, now=NOW) == 0
    labelling = Labelling.objects.get(story=story)
    assert labelling.on_topic > 0.5
    assert "nose" in keys(story)
    whole = f"{story.lead.title}\n{story.lead.text}"
    for term, start, end, _ in labelling.why["nose"]:
        assert whole[start:end] == term


def test_a_changed_lead_is_due_again(story):
    label_due(TAXONOMY, now=NOW)
    type(story.lead).objects.update(digest="another")
    assert due(TAXONOMY, champion(TAXONOMY).id).count() == 1


def test_signals_are_read_with_the_labels_and_anew_with_each_labelling(story):
    label_due(TAXONOMY, now=NOW)
    labelling = Labelling.objects.get(story=story)
    assert labelling.signals["promotion"] is False
    assert labelling.signals["study"]["funder"][0] == "a hospital fund"
    Labelling.objects.update(digest="another", signals={"promotion": True})
    label_due(TAXONOMY, now=NOW)
    assert Labelling.objects.get(story=story).signals == labelling.signals


def test_a_labelling_from_before_signals_were_read_is_due(story):
    label_due(TAXONOMY, now=NOW)
    Labelling.objects.update(signals={})
    assert label_due(TAXONOMY, now=NOW) == 1
    assert Labelling.objects.get(story=story).signals != {}


def test_the_tags_of_all_who_named_a_copy_count_as_a_sign():
    story = make_story("A new filler", text=NOSE + " “It is a fine nose,” said Ann Quill, Chief Executive.")
    label_due(TAXONOMY, now=NOW)
    assert Labelling.objects.get().signals["promotion"] is False
    wire = make_source("https://wire.example/feed", host="wire.example", tags=["releases"])
    copy = make_story("A new filler", source=wire, url="https://wire.example/1")
    copy.lead.story = story
    copy.lead.save()
    Labelling.objects.update(digest="another")
    label_due(TAXONOMY, now=NOW)
    signals = Labelling.objects.get(story=story).signals
    assert (signals["promotion"], signals["labelled"]) == (True, False)
    assert ["release", "releases"] in signals["signs"]


def test_a_story_that_sells_leads_no_edition_and_says_why():
    story = make_story("A year after rhinoplasty", ["nose"], text="Sponsored by Quill & Sons\n\n" + NOSE)
    make_story("A year after rhinoplasty, told by others", ["nose"], text=NOSE)
    label_due(TAXONOMY, now=NOW)
    found = {one.key: one for one in candidates(make_publication(), Story.objects.select_related("lead"))}
    assert [key for key, one in found.items() if one.promotion] == [story.key]
    said = {one.key: (one.lead, one.why) for one in suggest(found.values(), NOW, 10)}
    assert said[story.key][0] is False
    assert said[story.key][1].endswith("promotion")


def test_an_editors_topics_are_never_overwritten_by_a_model(story):
    label_due(TAXONOMY, now=NOW)
    retag(story.key, ["hair"], TAXONOMY, by="ed", now=NOW)
    Labelling.objects.update(model="an older one")
    label_due(TAXONOMY, now=NOW)
    assert keys(story) == {"hair"}
    assert Labelling.objects.get().decided_by == "ed"


@pytest.mark.parametrize("said", [["hair"], []], ids=["a topic of the editor's", "no topic at all"])
def test_what_an_editor_settles_before_any_model_has_judged_stands(story, said):
    retag(story.key, said, TAXONOMY, by="ed", now=NOW)
    assert keys(story) == set(said)
    assert label_due(TAXONOMY, now=NOW) == 1
    labelling = Labelling.objects.get(story=story)
    assert (keys(story), labelling.decided_by, labelling.doubtful) == (set(said), "ed", False)
    assert labelling.model == champion(TAXONOMY).id


def test_a_correction_taken_back_before_any_model_has_judged_leaves_nothing_behind(story):
    retag(story.key, ["hair"], TAXONOMY, by="ed", now=NOW)
    undo(str(Event.objects.get(verb="retag").pk), by="ed", now=NOW)
    assert (keys(story), Labelling.objects.exists()) == (set(), False)
    label_due(TAXONOMY, now=NOW)
    assert "nose" in keys(story)


def test_a_correction_taken_back_after_a_model_has_judged_gives_the_story_to_the_model(story):
    retag(story.key, ["hair"], TAXONOMY, by="ed", now=NOW)
    label_due(TAXONOMY, now=NOW)
    undo(str(Event.objects.get(verb="retag").pk), by="ed", now=NOW)
    assert label_due(TAXONOMY, now=NOW) == 1
    assert "nose" in keys(story)
    assert Labelling.objects.get(story=story).decided_by == ""


def test_topics_given_back_to_the_model_bear_its_name(story):
    label_due(TAXONOMY, now=NOW)
    retag(story.key, ["hair"], TAXONOMY, by="ed", now=NOW)
    undo(str(Event.objects.get(verb="retag").pk), by="ed", now=NOW)
    given = set(Tag.objects.filter(story=story).values_list("topic__key", "by"))
    assert ("nose", f"model:{champion(TAXONOMY).id}") in given
    assert "ed" not in {by for _key, by in given}


def test_a_second_correction_taken_back_leaves_the_first(story):
    retag(story.key, ["hair"], TAXONOMY, by="ed", now=NOW)
    retag(story.key, ["face"], TAXONOMY, by="edna", now=NOW)
    undo(str(Event.objects.latest("pk").pk), by="edna", now=NOW)
    label_due(TAXONOMY, now=NOW)
    assert keys(story) == {"hair"}


def test_a_correction_is_an_event_and_a_training_example(story):
    label_due(TAXONOMY, now=NOW)
    retag(story.key, ["hair"], TAXONOMY, by="ed", now=NOW)
    event = Event.objects.get(verb="retag")
    assert (event.by, event.after["topics"]) == ("ed", ["hair"])
    (correction,) = corrections(TAXONOMY)
    assert (correction.title, correction.after) == (story.lead.title, ("hair",))


def test_a_topic_that_is_not_there_is_refused(story):
    with pytest.raises(ClassifierError, match="no such topic"):
        retag(story.key, ["knees"], TAXONOMY, by="ed", now=NOW)


def test_loading_again_finds_nothing_and_takes_no_name_back():
    rename("nose", "Noses", TAXONOMY, by="ed", now=NOW)
    assert load_topics(load_pack().taxonomy, by="test", now=NOW) == []
    assert Topic.objects.get(key="nose").name == "Noses"


def test_a_merge_moves_stories_to_the_successor(story):
    label_due(TAXONOMY, now=NOW)
    retire("nose", ["face"], TAXONOMY, by="ed", now=NOW)
    assert "face" in keys(story)
    assert "nose" not in keys(story)
    Labelling.objects.all().delete()
    label_due(TAXONOMY, now=NOW)
    assert "nose" not in keys(story)


def test_a_split_judges_undecided_stories_anew(story):
    label_due(TAXONOMY, now=NOW)
    retire("nose", ["face", "eyes"], TAXONOMY, by="ed", now=NOW)
    assert not Labelling.objects.exists()


def test_a_rollback_makes_the_champion_before_champion_again():
    first = Model.objects.get()
    Model.objects.create(pk="other", taxonomy=TAXONOMY, made_at=NOW, data=first.data, card={})
    promote("other", by="test", now=NOW)
    assert rollback(TAXONOMY, by="test", now=NOW).pk == first.pk
    assert list(Model.objects.filter(champion=True)) == [first]


def test_text_in_another_language_is_kept_and_gets_no_topics():
    german = make_story(
        "Ein Jahr nach der Nasenkorrektur",
        text="Neunzig Menschen wurden nach einer Operation der Nase ein Jahr lang beobachtet. Die meisten waren zufrieden "
        "mit dem Ergebnis, und nur wenige brauchten einen zweiten Eingriff, wie die Klinik berichtet.",
    )
    label_due(TAXONOMY, now=NOW)
    labelling = Labelling.objects.get(story=german)
    assert (labelling.language, labelling.on_topic, labelling.doubtful) == ("de", 0.0, True)
    assert keys(german) == set()


def test_no_tags_are_left_of_a_story_that_is_off_topic():
    off = make_story(
        "Parliament votes", text="The chamber voted on the budget of the railways after a long debate. " * 5
    )
    label_due(TAXONOMY, now=NOW)
    assert Tag.objects.filter(story=off).count() == 0
