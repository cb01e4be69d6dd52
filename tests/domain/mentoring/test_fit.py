"""What bars a pair, how well two fit and why, and that nothing said in confidence shows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fit import EDGE, Bar, Fit, Reason, Side, Why, bar, bars, fit, score, told
from bot.domain.mentoring import (
    Aim,
    CareerStage,
    Gap,
    MeetingChannel,
    MeetingRhythm,
    Plan,
    Role,
    Tone,
)
from tests.domain.mentoring.people import ALL_FREE, mentees, mentors

MENTEE = Side(
    id=1,
    user="amina",
    role=Role.MENTEE,
    stage=CareerStage.EARLY_TRAINING,
    tone=Tone.CHALLENGE,
    plan=Plan.STRUCTURED,
    aim=Aim.MOVE,
    seeks=frozenset({"qi", "teaching", "research"}),
    first=("teaching", "qi"),
    gap=Gap.NEAR_PEER,
    languages=frozenset({"en", "fr"}),
    hours=0b1111_1111,
)
MENTOR = Side(
    id=2,
    user="ben",
    role=Role.MENTOR,
    stage=CareerStage.LATE_TRAINING,
    tone=Tone.CHALLENGE,
    plan=Plan.STRUCTURED,
    aim=Aim.MOVE,
    offers=frozenset({"qi", "teaching", "research", "leadership"}),
    languages=frozenset({"en", "de"}),
    hours=ALL_FREE,
)


def test_all_that_can_fit_is_one_and_nothing_is_nearly_none() -> None:
    assert score(MENTEE, MENTOR) == 1
    other = replace(
        MENTOR,
        tone=Tone.ENCOURAGE,
        plan=Plan.OPEN,
        aim=Aim.CRAFT,
        offers=frozenset(),
        hours=0,
        rhythm=MeetingRhythm.WEEKLY,
        channel=MeetingChannel.TEXT,
        stage=CareerStage.SENIOR,
    )
    assert score(replace(MENTEE, channel=MeetingChannel.VIDEO), other) == 0


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"tone": Tone.ENCOURAGE}, 10),
        ({"plan": Plan.OPEN, "aim": Aim.CRAFT}, 20),
        ({"offers": frozenset({"qi", "teaching"})}, 6),  # the third counts 1 of 5
        ({"offers": frozenset({"qi", "research"})}, 12),  # one of the first counts 2 of 5
        ({"rhythm": MeetingRhythm.FORTNIGHTLY}, 2.5),
        ({"rhythm": MeetingRhythm.WEEKLY}, 5),
        ({"hours": 0b1111}, 5),
        ({"stage": CareerStage.EARLY_TRAINING}, 5),
        ({"channel": MeetingChannel.TEXT}, 0),  # the mentee takes any
    ],
)
def test_what_each_part_is_worth(changes: dict, lost: float) -> None:
    assert score(MENTEE, replace(MENTOR, **changes)) == round((90 - lost) / 90, 6)


@pytest.mark.parametrize(
    ("of_mentee", "of_mentor", "met", "expected"),
    [
        ({}, {}, False, None),
        ({"user": "ben"}, {}, False, Bar.SELF),
        ({"id": 2}, {}, False, Bar.SELF),
        ({"role": Role.MENTOR}, {}, False, Bar.NO_MENTEE),
        ({}, {"role": Role.MENTEE}, False, Bar.NO_MENTOR),
        ({"role": Role.BOTH}, {"role": Role.BOTH}, False, None),
        ({"paused": True}, {}, False, Bar.PAUSED),
        ({}, {"paused": True}, False, Bar.PAUSED),
        ({}, {"capacity": 0}, False, Bar.FULL),
        ({"capacity": 0}, {}, False, None),
        ({}, {}, True, Bar.MET_LATELY),
        ({"gap": Gap.SENIOR}, {}, False, Bar.GAP),
        ({"gap": Gap.SENIOR}, {"stage": CareerStage.EARLY_CAREER}, False, None),
        ({}, {"stage": CareerStage.MID_CAREER}, False, Bar.GAP),
        ({}, {"stage": CareerStage.STUDENT}, False, Bar.GAP),
        ({"gap": Gap.ANY}, {"stage": CareerStage.STUDENT}, False, None),
        ({}, {"languages": frozenset({"de"})}, False, Bar.LANGUAGE),
        ({}, {"languages": frozenset()}, False, Bar.LANGUAGE),
        ({}, {"hours": 0b1}, False, Bar.HOURS),
        ({}, {"hours": 0b11}, False, None),
        ({}, {"hours": 0b11 << 8}, False, Bar.HOURS),
        ({"conflicts": frozenset({"ben"})}, {}, False, Bar.CONFLICT),
        ({}, {"conflicts": frozenset({"amina"})}, False, Bar.CONFLICT),
        ({"not_with": frozenset({"ben"})}, {}, False, Bar.NOT_WITH),
        ({}, {"not_with": frozenset({"amina"})}, False, Bar.NOT_WITH),
        ({"not_with": frozenset({"cy"}), "conflicts": frozenset({"dee"})}, {}, False, None),
    ],
)
def test_what_bars_a_pair(of_mentee: dict, of_mentor: dict, met: bool, expected: Bar) -> None:
    mentee, mentor = replace(MENTEE, **of_mentee), replace(MENTOR, **of_mentor)
    assert bar(mentee, mentor, met=met) is expected
    found = fit(mentee, mentor, met=met)
    assert isinstance(found, Fit) if expected is None else found is expected


def test_from_the_last_stage_a_peer_counts_as_senior() -> None:
    senior = {"stage": CareerStage.SENIOR}
    assert bar(replace(MENTEE, **senior, gap=Gap.SENIOR), replace(MENTOR, **senior)) is None


def test_reasons_name_what_both_share_the_strongest_first() -> None:
    mentor = replace(
        MENTOR, tone=Tone.ENCOURAGE, aim=Aim.CRAFT, stage=CareerStage.EARLY_TRAINING, hours=0b1111
    )
    found = fit(MENTEE, mentor)
    assert isinstance(found, Fit)
    assert found.reasons == (
        Reason(Why.TOPICS, ("teaching", "qi", "research")),  # 30, what they put first, first
        Reason(Why.CARDS, ("structured",)),  # 10
        Reason(Why.STAGE, ("early_training",)),  # 5, as much as the hours give
        Reason(Why.HOURS, ("4",)),
        Reason(Why.LANGUAGE, ("en",)),
    )


def test_what_is_not_shared_is_no_reason() -> None:
    mentor = replace(
        MENTOR, tone=Tone.ENCOURAGE, plan=Plan.OPEN, aim=Aim.CRAFT, offers=frozenset({"x"})
    )
    found = fit(MENTEE, mentor)
    assert isinstance(found, Fit)
    assert {each.why for each in found.reasons} == {Why.STAGE, Why.HOURS, Why.LANGUAGE}
    undecided = fit(replace(MENTEE, seeks=frozenset(), first=()), MENTOR)
    assert isinstance(undecided, Fit)
    assert all(each.values for each in undecided.reasons)
    assert Why.TOPICS not in {each.why for each in undecided.reasons}


def test_little_fit_is_told_as_no_fit() -> None:
    mentor = replace(
        MENTOR, tone=Tone.ENCOURAGE, plan=Plan.OPEN, aim=Aim.CRAFT, offers=frozenset({"x"})
    )
    assert score(MENTEE, mentor) < EDGE
    assert told(MENTEE, mentor) is Bar.NO_FIT
    assert told(MENTEE, MENTOR) is None


@given(mentees(), mentors(), st.sampled_from(["not_with", "conflicts"]), st.booleans())
def test_what_was_said_in_confidence_is_told_as_no_fit_or_not_at_all(
    mentee: Side, mentor: Side, kind: str, by_mentor: bool
) -> None:
    mentee = replace(mentee, not_with=frozenset(), conflicts=frozenset())
    mentor = replace(mentor, not_with=frozenset(), conflicts=frozenset())
    before = told(mentee, mentor)
    if by_mentor:
        mentor = replace(mentor, **{kind: frozenset({mentee.user})})
    else:
        mentee = replace(mentee, **{kind: frozenset({mentor.user})})
    # An open reason is the same with it and without; without one, it is as if they did not fit.
    assert told(mentee, mentor) is (before or Bar.NO_FIT)
    found = fit(mentee, mentor)
    assert isinstance(found, Bar)
    assert found.told not in {Bar.NOT_WITH, Bar.CONFLICT}


@pytest.mark.parametrize("kind", ["not_with", "conflicts"])
def test_two_who_fit_in_everything_are_told_no_fit(kind: str) -> None:
    by_mentee = replace(MENTEE, **{kind: frozenset({"ben"})})
    by_mentor = replace(MENTOR, **{kind: frozenset({"amina"})})
    assert told(by_mentee, MENTOR) is told(MENTEE, by_mentor) is Bar.NO_FIT
    # And where something open stands between them, that is told, as it would be without.
    full = replace(by_mentor, capacity=0)
    assert told(MENTEE, full) is told(by_mentee, full) is Bar.FULL


def test_no_bar_hides_the_ones_behind_it() -> None:
    mentee = replace(MENTEE, gap=Gap.SENIOR, not_with=frozenset({"ben"}))
    assert bar(mentee, MENTOR) is Bar.GAP
    assert set(bars(mentee, MENTOR)) == {Bar.GAP, Bar.NOT_WITH}


def test_sealed_lists_are_in_no_text_of_a_person() -> None:
    person = replace(MENTEE, not_with=frozenset({"ben"}), conflicts=frozenset({"cy"}))
    assert "ben" not in repr(person)
    assert "cy" not in repr(person)


@given(mentees(), mentors(), st.data())
def test_more_in_common_never_fits_less(mentee: Side, mentor: Side, data: st.DataObject) -> None:
    fits = score(mentee, mentor)
    assert 0 <= fits <= 1
    better = data.draw(
        st.sampled_from(
            [
                {"offers": mentor.offers | {data.draw(st.sampled_from("abcdef"))}},
                {"hours": mentor.hours | 1 << data.draw(st.integers(0, 671))},
                {"tone": mentee.tone},
                {"plan": mentee.plan},
                {"aim": mentee.aim},
                {"rhythm": mentee.rhythm},
                {"channel": mentee.channel},
            ]
        )
    )
    assert score(mentee, replace(mentor, **better)) >= fits


@given(mentees(), mentors(), st.sampled_from("abcdef"))
def test_an_offered_topic_counts_more_when_it_stands_among_the_first(
    mentee: Side, mentor: Side, topic: str
) -> None:
    mentor = replace(mentor, offers=mentor.offers | {topic})
    plain = replace(mentee, seeks=mentee.seeks | {topic}, first=())
    assert score(replace(plain, first=(topic,)), mentor) >= score(plain, mentor)


def test_when_they_signed_up_does_not_change_how_they_fit() -> None:
    late = replace(MENTOR, since=datetime(2027, 1, 1, tzinfo=UTC))
    assert fit(MENTEE, late) == fit(MENTEE, MENTOR)
