"""The rules of coaching, of progress, and of next moves, as tables."""

from datetime import date, timedelta

import pytest

from bot.domain.coaching import AT_MOST, Facts, Rule, advise
from bot.domain.moves import GoalFacts, Move, next_moves
from bot.domain.text import clean, isolate, one_line

TODAY = date(2027, 1, 4)


def facts(
    *standings: str, due: date | None = None, moved: date | None = None, goal: int = 1
) -> Facts:
    return Facts(goal, f"goal {goal}", standings, due, moved)


@pytest.mark.parametrize(
    ("goal", "rule"),
    [
        (facts("on_track"), None),
        (facts("stuck"), None),
        (facts("stuck", "on_track", "stuck"), None),
        (facts("stuck", "stuck"), Rule.STUCK_TWICE),
        (facts("done", "stuck"), Rule.LEARNED),
        (facts("on_track", due=TODAY), None),
        (facts("on_track", due=TODAY - timedelta(days=1)), Rule.OVERDUE),
        (facts("stuck", "stuck", due=TODAY - timedelta(days=1)), Rule.OVERDUE),
        (facts("on_track", moved=TODAY - timedelta(days=27)), None),
        (facts("on_track", moved=TODAY - timedelta(days=28)), Rule.STILL_RIGHT),
        (facts("not_this_week"), None),
    ],
)
def test_one_rule_a_goal(goal: Facts, rule: Rule | None) -> None:
    assert [each.rule for each in advise([goal], TODAY)] == ([rule] if rule else [])


def test_two_suggestions_at_most_the_weightiest_first() -> None:
    late = TODAY - timedelta(days=9)
    found = advise(
        [facts("stuck", "stuck", goal=1), facts("on_track", due=late, goal=2),
         facts("done", goal=3)], TODAY)  # fmt: skip
    assert [each.goal_id for each in found] == [3, 2]
    assert len(found) == AT_MOST


def test_next_moves_are_two_and_the_most_useful() -> None:
    goal = GoalFacts(7, "boards", TODAY - timedelta(days=1), False, None, 0)
    open_one = GoalFacts(8, "abstract", None, False, "write the draft", 2)

    def moves(*goals: GoalFacts, paused: bool = False, checkin: int = 0) -> list[Move]:
        return [each.move for each in next_moves(goals, today=TODAY, paused=paused,
                                                 open_checkin=checkin, settled=True)]  # fmt: skip

    assert moves() == [Move.FIRST_GOAL]
    assert moves(goal, checkin=3) == [Move.ANSWER, Move.OVERDUE]
    assert moves(goal, paused=True, checkin=3) == [Move.RESUME, Move.OVERDUE]
    assert moves(open_one) == [Move.SHARPEN, Move.NEXT_STEP]


def test_clean_text() -> None:
    assert clean("  a\t b \r\n c\x00\u202ed ") == "a b\nc d".replace(" d", "d")
    assert one_line("a\n\n b") == "a b"
    assert clean("cafe\u0301") == "café"
    assert isolate("مرحبا") == "\u2068مرحبا\u2069"
    assert isolate("plain") == "plain"
