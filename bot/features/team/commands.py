"""/coach team: what anybody in a workspace may know of it, and an owner no more than that."""

from datetime import date, timedelta

from bot.chat.command import Group
from bot.chat.prompt import Prompt
from bot.domain.cells import Cell, Report
from bot.engine.teams import Question
from bot.engine.turn import Turn
from bot.features.team.prompts import NothingShown, TeamLine, TeamShown
from bot.store import teams
from bot.store.teams import Place

coach_group = Group("coach", "Your coach's home: what is next, settings, pause, and help.")

#: Teams on the page, the largest first: more would not fit on a phone.
SHOWN = 4


@coach_group.command("team")
def team(turn: Turn) -> Prompt:
    """See how the team is: sums of eight people or more, the same page for everyone."""
    place = Place(turn.member.platform, turn.member.workspace)
    last = {}
    for question in Question:
        reports = teams.book(turn.db, place, question).reports
        if reports:
            last[question] = reports[-1]
    # One page tells of one quarter, also in the moment in which its reports are being made.
    quarter = max((each.quarter for each in last.values()), default=None)
    return _page({name: each for name, each in last.items() if each.quarter == quarter})


def _page(reports: dict[Question, Report]) -> Prompt:
    wholes = {name: each.whole for name, each in reports.items() if each.whole is not None}
    burnout, energy = wholes.get(Question.BURNOUT), wholes.get(Question.ENERGY)
    if burnout is None and energy is None:
        return NothingShown()
    quarter = next(iter(reports.values())).quarter
    lines = _lines(reports)
    idea, none = wholes.get(Question.AFTER_IDEA), wholes.get(Question.AFTER_NONE)
    compared = idea is not None and none is not None
    return TeamShown(
        first=quarter,
        last=_last_day(quarter),
        people=_fewest(burnout, energy),
        burnout=None if burnout is None else burnout.mean,
        energy=None if energy is None else energy.mean,
        teams=tuple(lines[:SHOWN]),
        more=max(0, len(lines) - SHOWN),
        after_idea=idea.mean if compared and idea else None,
        after_none=none.mean if compared and none else None,
    )


def _lines(reports: dict[Question, Report]) -> list[TeamLine]:
    shown = {
        name: reports[name].groups
        for name in (Question.BURNOUT, Question.ENERGY)
        if name in reports
    }
    found = []
    for team_name in sorted({each for groups in shown.values() for each in groups}):
        cells = {name: groups.get(team_name) for name, groups in shown.items()}
        burnout, energy = cells.get(Question.BURNOUT), cells.get(Question.ENERGY)
        found.append(
            TeamLine(
                team=team_name,
                people=_fewest(burnout, energy),
                burnout=None if burnout is None else burnout.mean,
                energy=None if energy is None else energy.mean,
            )
        )
    return sorted(found, key=lambda line: -line.people)


def _fewest(*cells: Cell | None) -> int:
    """Give one number of people for all: who skipped a question is not to be told from two."""
    return min(each.people for each in cells if each is not None)


def _last_day(quarter: date) -> date:
    later = quarter + timedelta(days=100)
    return date(later.year, later.month, 1) - timedelta(days=1)
