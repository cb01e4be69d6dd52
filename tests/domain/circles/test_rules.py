"""The checker names each rule that circles break, and who is concerned."""

import pytest

from bot.domain.circles import (
    Rule,
    Violation,
    Wish,
    common_hours,
    cost_of,
    discomfort,
    form_of,
    languages_of,
    violations,
)
from bot.domain.mentoring import CareerStage
from tests.domain.circles.people import ALWAYS, group, person


def broken(people, met=()):
    return violations([[each.id for each in people]], people, met)


@pytest.mark.parametrize("size", [5, 6, 7, 8])
def test_five_to_eight_who_fit_break_nothing(size):
    assert broken(group(size)) == []


@pytest.mark.parametrize("size", [1, 2, 4, 9])
def test_other_sizes_are_no_circle(size):
    assert [each.rule for each in broken(group(size))] == [Rule.SIZE]


def test_nobody_sits_twice_and_nobody_unknown_sits_at_all():
    people = group(9)
    found = violations([[1, 2, 3, 4, 5], [5, 6, 7, 8, 9]], people)
    assert found == [Violation(Rule.ONCE, (5,))]
    assert Violation(Rule.ONCE, (99,)) in violations([[1, 2, 3, 4, 5, 99]], people)


@pytest.mark.parametrize(("fact", "rule"), [("conflicts", Rule.POWER), ("not_with", Rule.NOT_WITH)])
@pytest.mark.parametrize("who", [1, 6])
def test_power_and_wishes_count_from_either_side(fact, rule, who):
    other = person(who, **{fact: frozenset({"u1", "u6"} - {f"u{who}"})})
    people = sorted([*group(4, 2), person(7 - who), other], key=lambda each: each.id)
    assert broken(people) == [Violation(rule, (1, 6))]


def test_two_who_met_lately_do_not_meet_again_in_whatever_order_they_are_named():
    assert broken(group(5), {(1, 2)}) == broken(group(5), {(2, 1)})
    assert broken(group(5), {(1, 2), (1, 9)}) == [Violation(Rule.LATELY, (1, 2))]


def test_pairs_with_a_common_language_are_no_circle_with_one():
    spoken = [{"en", "de"}, {"en", "fr"}, {"de", "fr"}, {"en", "de", "fr"}, {"en", "de", "fr"}]
    people = [person(n, languages=frozenset(each)) for n, each in enumerate(spoken, 1)]
    assert [each.rule for each in broken(people)] == [Rule.LANGUAGE]
    assert languages_of(people[:2]) == {"en"}


def test_live_and_text_are_two_circles_and_any_fits_into_both():
    live, text = group(3, wish=Wish.LIVE), group(2, 4, wish=Wish.TEXT)
    assert {each.rule for each in broken([*live, *text])} == {Rule.FORM}
    assert broken([*live, *group(2, 4)]) == []
    assert form_of([*live, *group(2, 4)]) is Wish.LIVE
    assert form_of([*text, *group(3)]) is Wish.TEXT
    assert form_of(group(5)) is Wish.LIVE


def test_an_hour_counts_with_all_or_all_but_one():
    people = [*group(4), person(5, hours=0b0011), person(6, hours=0b0110)]
    # Hour 1 suits all; hours 0 and 2 all but one; hour 3 would miss two.
    assert common_hours(people) == 0b0111
    assert broken(people) == []


def test_nobody_is_the_one_who_can_never_come():
    for hours in (0, 0b1):
        assert broken([*group(5), person(6, hours=hours)]) == [Violation(Rule.HOURS, (6,))]


def test_one_hour_is_too_few_for_everybody():
    rule = {each.rule for each in broken(group(5, hours=0b1))}
    assert rule == {Rule.HOURS}
    assert broken(group(5, hours=0b101)) == []


def test_who_writes_when_it_suits_them_needs_no_shared_hour():
    assert broken(group(5, hours=0, wish=Wish.ASYNC)) == []
    assert broken([*group(4, hours=0), person(5, hours=0, wish=Wish.ASYNC)]) == []


def test_discomfort_is_the_same_from_both_sides_and_grows_with_each_likeness():
    topics = {"topics": frozenset({"leading"})}
    one = person(1, team="ward", stage=CareerStage.SENIOR, **topics)
    assert discomfort(one, person(2, stage=CareerStage.STUDENT, **topics)) == 0
    assert discomfort(one, person(2, team="ward", stage=CareerStage.STUDENT, **topics)) == 4
    assert discomfort(one, person(2, stage=CareerStage.SENIOR, **topics)) == 3
    assert discomfort(one, person(2)) == 2
    assert discomfort(one, person(2, hours=0, **topics)) == 3
    assert discomfort(one, person(2, hours=ALWAYS << 24, **topics)) == 3
    assert discomfort(one, person(2, hours=0, wish=Wish.ASYNC, **topics)) == 0
    alike = person(2, team="ward", stage=CareerStage.SENIOR, hours=0)
    assert discomfort(one, alike) == discomfort(alike, one) == 12


def test_an_unknown_team_is_nobodys_team():
    topics = {"topics": frozenset({"leading"})}
    assert discomfort(person(1, team="", **topics), person(2, team="", **topics)) == 0


def test_two_middling_circles_are_better_than_a_good_and_a_bad_one():
    topics = {"topics": frozenset({"leading"})}
    strangers = [group(6, **topics), group(6, 7, **topics)]
    assert cost_of(strangers) == 0
    for mates in strangers[0], strangers[1]:
        assert len({each.stage for each in mates}) == 6
    three = [person(n, team="x" if n in {1, 2, 3} else str(n), **topics) for n in range(1, 7)]
    two = [person(n, team="x" if n in {1, 2} else str(n), **topics) for n in range(1, 7)]
    # Three pairs of a team in one circle, or one pair in each of three.
    assert cost_of([three, *strangers]) > cost_of([two, two, two])
