"""The programme of circles: whole, in order, and the same words in four ways to meet."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.areas import Area
from bot.domain.circles import Duty
from bot.domain.programme import Programme, SessionPlan, Track, Way

PROGRAMME = Programme.from_data(content("circles/programme"))
FULL, SHORT = (PROGRAMME.sessions(track) for track in Track)
EVERY = [*PROGRAMME.topics.values(), *PROGRAMME.alternatives.values()]
PLANS = [*FULL, *SHORT, *(SessionPlan.of(topic, 2) for topic in PROGRAMME.alternatives.values())]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def starts(way: Way) -> list[timedelta]:
    """List when the steps of a session begin."""
    return [step.at for step in PROGRAMME.agenda(FULL[1], way).steps]


def test_twelve_sessions_from_launch_to_closing() -> None:
    assert [topic.number for topic in PROGRAMME.topics.values()] == list(range(12))
    first, *_, last = PROGRAMME.topics
    assert (first, last) == ("launch", "closing")
    assert [plan.place for plan in FULL] == list(range(1, 13))
    assert [plan.fixed for plan in FULL] == [True, *[False] * 10, True]


def test_each_topic_asks_three_questions_that_no_other_asks() -> None:
    prompts = [prompt for topic in EVERY for prompt in topic.prompts]
    assert all(len(topic.prompts) == 3 for topic in EVERY)
    assert all(prompt.endswith("?") for prompt in prompts)
    assert len(set(prompts)) == len(prompts)
    assert len({topic.action for topic in EVERY}) == len(EVERY)


def test_every_area_has_a_session() -> None:
    assert {topic.area for topic in PROGRAMME.topics.values()} == set(Area)
    assert 3 <= len(PROGRAMME.alternatives) <= 6


def test_the_short_form_covers_what_it_says() -> None:
    numbers = [tuple(topic.number for topic in plan.topics) for plan in SHORT]
    assert numbers == [(0, 1), (2,), (4,), (5, 9), (7,), (10, 11)]
    for plan in SHORT:
        assert len(set(plan.prompts)) == 3
        for topic in plan.topics:
            assert set(plan.prompts) & set(topic.prompts), "a topic of the hour is not asked about"


def test_the_halfway_check_leaves_as_many_sessions_as_it_closes() -> None:
    for track, plans in ((Track.FULL, FULL), (Track.SHORT, SHORT)):
        assert PROGRAMME.halfway_after(track) * 2 == len(plans)
    assert FULL[PROGRAMME.halfway_after(Track.FULL) - 1].topics[0].number == 5
    assert [ask.id for ask in PROGRAMME.halfway.asks] == ["keep", "change", "stop"]


def test_when_what_happens() -> None:
    assert starts(Way.LIVE) == [minute * MINUTE for minute in (0, 5, 15, 20, 45, 55)]
    assert starts(Way.TEXT) == [minute * MINUTE for minute in (0, 5, 15, 20, 45, 55)]
    assert starts(Way.LIGHT) == [minute * MINUTE for minute in (0, 3, 8, 10, 22, 27)]
    assert starts(Way.ASYNC) == [hour * HOUR for hour in (0, 1, 12, 25, 36, 47)]


@pytest.mark.parametrize(
    ("way", "lasts"),
    [(Way.LIVE, HOUR), (Way.LIGHT, HOUR / 2), (Way.TEXT, HOUR), (Way.ASYNC, 48 * HOUR)],
)
def test_an_agenda_fills_its_time_and_holds_its_session(way: Way, lasts: timedelta) -> None:
    for plan in PLANS:
        agenda = PROGRAMME.agenda(plan, way)
        assert agenda.lasts == lasts == sum((step.lasts for step in agenda.steps), timedelta())
        asked = tuple(question for step in agenda.steps for question in step.questions)
        assert asked == plan.prompts[: 2 if way is Way.LIGHT else 3]
        assert [step.action for step in agenda.steps if step.action] == [plan.action]
        assert [step.card for step in agenda.steps if step.card] == [plan]


def test_at_most_two_questions_come_at_once_where_people_type() -> None:
    for way in (Way.TEXT, Way.ASYNC):
        assert all(len(step.questions) <= 2 for step in PROGRAMME.agenda(FULL[3], way).steps)


def test_days_and_nights_are_each_awake_for_a_question_of_two_days() -> None:
    steps = PROGRAMME.agenda(FULL[3], Way.ASYNC).steps
    hours = [(8 * HOUR + step.at).total_seconds() / 3600 % 24 for step in steps if step.questions]
    assert any(8 <= hour <= 18 for hour in hours)
    assert any(hour >= 17 for hour in hours)
    assert not any(hour < 8 for hour in hours), "nobody is asked at night"


def test_what_a_circle_can_vote_for() -> None:
    assert {topic.id for topic in PROGRAMME.candidates(Track.FULL)} == set(PROGRAMME.alternatives)
    assert {topic.id for topic in PROGRAMME.candidates(Track.SHORT)} == {
        *PROGRAMME.alternatives, "learning", "technology", "conflict",
    }  # fmt: skip


def test_a_voted_topic_takes_the_place_of_a_session() -> None:
    plans = PROGRAMME.sessions(Track.FULL, {7: "moral_distress"})
    assert plans[6].title == PROGRAMME.topic("moral_distress").title
    assert (plans[6].place, plans[6].topics[0].area) == (7, Area.SELF)
    assert [plan for plan in plans if plan.place != 7] == [plan for plan in FULL if plan.place != 7]
    assert PROGRAMME.sessions(Track.SHORT, {4: "learning"})[3].prompts == FULL[3].prompts


@pytest.mark.parametrize(
    ("track", "voted", "named"),
    [
        (Track.FULL, {1: "teaching"}, "stay where they are"),
        (Track.FULL, {12: "teaching"}, "stay where they are"),
        (Track.SHORT, {1: "teaching"}, "stay where they are"),
        (Track.SHORT, {6: "teaching"}, "stay where they are"),
        (Track.FULL, {5: "closing"}, "stay where they are"),
        (Track.FULL, {0: "teaching"}, "no session 0"),
        (Track.SHORT, {7: "teaching"}, "no session 7"),
        (Track.FULL, {5: "weather"}, "weather is no topic"),
        (Track.FULL, {5: "teaching", 6: "teaching"}, "teaching is in two"),
        (Track.FULL, {5: "learning"}, "learning is in two"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(track: Track, voted: dict[int, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        PROGRAMME.sessions(track, voted)


def test_a_session_is_found_again_by_its_key() -> None:
    assert [plan.key for plan in SHORT][:2] == ["launch+self_awareness", "goals"]
    for track, plans in ((Track.FULL, FULL), (Track.SHORT, SHORT)):
        assert [PROGRAMME.plan(track, plan.place, plan.key) for plan in plans] == list(plans)
    voted = PROGRAMME.plan(Track.SHORT, 4, "teaching")
    assert (voted.place, voted.key, voted.fixed) == (4, "teaching", False)
    assert all(len(plan.key) <= 80 for plan in PLANS)
    for key in ("", "goals+teaching", "launch+self_awareness"):
        with pytest.raises(ValueError):
            PROGRAMME.plan(Track.SHORT, 2, key)
    with pytest.raises(ValueError, match="no session 9"):
        PROGRAMME.plan(Track.SHORT, 9, "goals")


@given(st.sampled_from(Track), st.data())
def test_any_votes_leave_a_whole_series(track: Track, data: st.DataObject) -> None:
    base = PROGRAMME.sessions(track)
    ids = [topic.id for topic in PROGRAMME.candidates(track)]
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=len(base) - 2))
    middle = [plan.place for plan in base if not plan.fixed]
    places = data.draw(st.permutations(middle))[: len(chosen)]
    voted = dict(zip(places, chosen, strict=True))
    found = PROGRAMME.sessions(track, voted)
    assert [plan.place for plan in found] == [plan.place for plan in base]
    assert (found[0], found[-1]) == (base[0], base[-1])
    assert all(found[place - 1].topics[0].id == each for place, each in voted.items())


def test_what_is_hard_to_speak_of_comes_with_care() -> None:
    plan = SessionPlan.of(PROGRAMME.topic("moral_distress"), 4)
    for way in Way:
        (card,) = (step.card for step in PROGRAMME.agenda(plan, way).steps if step.card)
        assert "Help now" in card.care
        assert "all names" in card.care
        assert "pass or step out" in card.care


def test_the_agreement_says_its_limits_aloud() -> None:
    lines = {line.id: line.text for line in PROGRAMME.agreement.lines}
    assert "stays here" in lines["stays"]
    assert "may leave" in lines["stays"]
    assert "danger" in lines["limits"]
    assert "law" in lines["limits"]
    assert "No patient and no colleague" in lines["nobody_named"]
    assert "neither read nor record" in lines["coach"]
    assert "screenshots" in lines["no_screenshots"]


def test_four_roles() -> None:
    assert [role.id for role in PROGRAMME.roles] == list(Duty)
    assert "no names, no stories" in PROGRAMME.role(Duty.SCRIBE).text
    assert any("no therapist" in line for line in PROGRAMME.role(Duty.CARE_KEEPER).does)


def test_a_circle_meets_again_at_three_and_six_months() -> None:
    assert [booster.months for booster in PROGRAMME.boosters] == [3, 6]
    assert all(len(booster.prompts) == 3 for booster in PROGRAMME.boosters)


def test_a_card_fits_a_phone() -> None:
    for plan in PLANS:
        words = " ".join([plan.title, plan.why, *plan.prompts, plan.action, plan.care]).split()
        assert len(words) <= 120, plan.title
