"""The topics of mentoring: nine fields of a form, each short enough to choose from."""

from bot.chat.content import content
from bot.domain.areas import Area
from bot.domain.topics import LABEL_LIMIT, MOST_IN_AREA, Topics

TOPICS = Topics.from_data(content("mentoring/topics"))


def test_every_area_fits_one_field() -> None:
    for area in Area:
        assert 2 <= len(TOPICS.of(area)) <= MOST_IN_AREA, area
    assert sum(len(TOPICS.of(area)) for area in Area) == len(TOPICS.tags)
    assert 40 <= len(TOPICS.tags) <= 50


def test_labels_are_short_and_told_apart() -> None:
    labels = [tag.label for tag in TOPICS.tags.values()]
    assert all(len(label) <= LABEL_LIMIT for label in labels)
    assert len({label.casefold() for label in labels}) == len(labels)


def test_an_id_survives_in_a_list_with_commas() -> None:
    for name, tag in TOPICS.tags.items():
        assert name == tag.id
        assert name.replace("_", "a").isalnum()
        assert name == name.lower()


def test_what_is_gone_from_the_list_is_left_out() -> None:
    chosen = ["statistics", "phrenology", "quality", "statistics"]
    assert TOPICS.known(chosen) == ("statistics", "quality")
    assert TOPICS.labels(chosen) == ("Statistics and data", "Quality improvement")
    assert TOPICS.labels([]) == ()


def test_paths_away_from_the_bedside_are_there() -> None:
    paths = {tag.id for tag in TOPICS.of(Area.NONCLINICAL)}
    assert {"health_technology", "policy", "administration", "medical_writing"} <= paths
    assert {"consulting", "industry", "informatics", "medical_education"} <= paths
