"""Home, help, and why a message came or did not come."""

from typing import Annotated

from bot.chat.command import Arg, Command, Group
from bot.chat.prompt import Prompt
from bot.domain.moves import GoalFacts, next_moves
from bot.engine.turn import Turn
from bot.errors import Misread
from bot.features.help.prompts import Help, HelpLine, Home, HomeGoal, Sent, Why
from bot.models import CHECKIN, REVIEW, Delivery, Goal, Step
from bot.store import checkins, deliveries, goals

home_group = Group("coach", "Your coach's home: what is next, settings, pause, and help.")

#: Goals that a home page shows before it says how many more there are.
SHOWN = 8
#: Messages that "why" explains.
EXPLAINED = 10
#: The length of a progress bar, in characters.
BAR = 10


@home_group.command()
def home(turn: Turn) -> Prompt:
    """See your goals, your next check-in, and what to do next."""
    active = goals.active(turn.db, turn.member.key)
    waiting = checkins.still_open(turn.db, turn.member.key, turn.today)
    facts = [_facts(goal, list(goals.steps(turn.db, goal))) for goal in active[:SHOWN]]
    paused = turn.member.is_paused(turn.now)
    until = turn.member.paused_until if paused else None
    return Home(
        name=turn.member.name.split(" ")[0],
        goals=tuple(_line(turn, goal) for goal in active[:SHOWN]),
        more=max(0, len(active) - SHOWN),
        next_checkin=turn.next(CHECKIN),
        next_review=turn.next(REVIEW),
        paused=paused,
        paused_until=turn.at(until).date() if until else None,
        moves=tuple(
            next_moves(
                facts,
                today=turn.today,
                paused=paused,
                open_checkin=waiting.key if waiting is not None else 0,
                settled=turn.member.settled_at is not None,
                had_goals=bool(goals.closed(turn.db, turn.member.key, 1)),
            )
        ),
    )


def _facts(goal: Goal, steps: list[Step]) -> GoalFacts:
    left = next((step for step in steps if step.done_at is None), None)
    return GoalFacts(
        goal.key,
        goal.title,
        goal.due,
        goal.is_measured,
        left.text if left else ("" if steps else None),
        left.position if left else 0,
    )


def _line(turn: Turn, goal: Goal) -> HomeGoal:
    bar = ""
    if goal.percent is not None:
        full = round(BAR * goal.percent / 100)
        bar = "▰" * full + "▱" * (BAR - full)
    return HomeGoal(
        goal.number, goal.title, goal.due, goal.is_overdue(turn.today), goal.measure, bar
    )


@home_group.command("help", examples=["goal add", "pause"])
def show_help(
    turn: Turn, topic: Annotated[str | None, Arg("a command, for example `goal add`")] = None
) -> Prompt:
    """See every command, or one with its examples."""
    commands = list(turn.catalog.commands.values())
    if topic:
        wanted = topic.lower().removeprefix("/").replace(" ", ".")
        commands = [
            each
            for each in commands
            if wanted in {each.full, each.group, each.name, each.full.rstrip(".")}
        ]
        if not commands:
            raise Misread("help.no_topic", topic=topic)
    return Help(topic=topic or "", commands=tuple(_help(each) for each in commands))


def _help(command: Command) -> HelpLine:
    examples = tuple(f"{command.typed} {example}" for example in command.examples)
    return HelpLine(command.typed, command.usage, command.summary, examples)


@home_group.command("why")
def why(turn: Turn) -> Prompt:
    """See the last messages sent, moved or withheld, each with its reason."""
    recent = deliveries.recent(turn.db, turn.member.key, EXPLAINED, turn.now)
    return Why(
        deliveries=tuple(_sent(turn, each) for each in recent),
        next_checkin=turn.next(CHECKIN),
        has_goals=bool(goals.active(turn.db, turn.member.key)),
    )


def _sent(turn: Turn, delivery: Delivery) -> Sent:
    say, known = turn.words.short, turn.words
    reason_key = f"help.why.{delivery.reason}"
    what_key = f"help.occasion.{delivery.occasion.replace('.', '_')}"
    return Sent(
        due=turn.at(delivery.due_at),
        what=say(what_key) if what_key in known else delivery.occasion,
        state=say(f"help.state.{delivery.state}"),
        reason=(
            say(reason_key)
            if reason_key in known
            else say("help.why.other")
            if delivery.reason
            else ""
        ),
    )
