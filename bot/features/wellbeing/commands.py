"""/wellbeing: three taps, and what follows from them."""

from datetime import timedelta

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.instruments import Driver
from bot.domain.pulse import SCALES, Answer, Decision, Part, Step, decide, side
from bot.engine.pulses import pulse_rules
from bot.engine.safety import Resources, card
from bot.engine.turn import Turn
from bot.features.wellbeing import moments
from bot.features.wellbeing.group import wellbeing_group
from bot.features.wellbeing.prompts import AskingBack, Deadline, PulseKept
from bot.features.wellbeing.reading import history, own_day, tap
from bot.store import checkins, goals, members, private, wellbeing

#: After the heaviest answer goal reminders rest for this long, unless the member keeps them.
REST = timedelta(days=7)
#: Goals whose date is offered to be moved.
DEADLINES = 2


@wellbeing_group.command()
def how_are_you(turn: Turn) -> Form:
    """Answer three taps about this week; they are shown to nobody else."""
    return pulse_form(turn)


@wellbeing_group.form("pulse")
def pulse(turn: Turn) -> Form:
    """Open the weekly pulse."""
    return pulse_form(turn)


def pulse_form(turn: Turn) -> Form:
    """Ask three questions, each of which may be skipped."""
    say, rules, day = turn.words.short, pulse_rules(), own_day(turn)
    there = wellbeing.pulse_on(turn.db, turn.member.key, day)
    given = wellbeing.answer_of(turn.db, there) if there is not None else None
    values = {
        "burnout": "" if given is None else given.burnout,
        "energy": "" if given is None else given.energy,
        "driver": "" if given is None else given.driver,
    }
    fields = []
    for name in values:
        question = rules.questions[side(day) if name == "driver" else name]
        fields.append(
            Field(
                name,
                question.text,
                kind="choice",
                choices=tuple((str(value), text) for value, text in question.options),
                value="" if values[name] is None else str(values[name]),
            )
        )
    return Form(
        address="wellbeing.pulse",
        title=say("wellbeing.form.pulse"),
        submit=say("wellbeing.form.keep"),
        fields=tuple(fields),
        intro=say("wellbeing.form.pulse_intro", label=rules.label),
    )


@pulse.submitted
def answered(turn: Turn, answers: Answers) -> list[Prompt]:
    """Keep the taps, sealed, and say what follows from them."""
    burnout = tap(answers, "burnout", range(SCALES[Part.BURNOUT][0], SCALES[Part.BURNOUT][1] + 1))
    energy = tap(answers, "energy", range(SCALES[Part.ENERGY][0], SCALES[Part.ENERGY][1] + 1))
    driver = tap(answers, "driver", Driver)
    if not answers.errors and burnout is None and energy is None and driver is None:
        answers.refuse("burnout", "wellbeing.refused.empty")
    answers.check()
    day = own_day(turn)
    given = Answer(
        day=day,
        burnout=None if burnout is None else int(burnout),
        energy=None if energy is None else int(energy),
        driver=None if driver is None else Driver(driver),
    )
    row = wellbeing.pulse_on(turn.db, turn.member.key, day)
    if row is None:
        row = wellbeing.begin_pulse(turn.db, turn.member.key, day)
    before = wellbeing.answer_of(turn.db, row)
    wellbeing.keep_answer(turn.db, row, given)
    moments.begin(turn)
    decision = decide(history(turn, day), day, pulse_rules())
    # Who corrects an answer has said already whether the goals are to rest.
    is_news = given.burnout is not None and (before is None or before.burnout != given.burnout)
    return follow(turn, decision, edited=before is not None, is_news=is_news)


def follow(turn: Turn, decision: Decision, *, edited: bool, is_news: bool) -> list[Prompt]:
    """Carry a decision out, and put it into words; the answers themselves are not repeated."""
    steps = decision.steps
    until = None
    if Step.PAUSE_GOALS_7D in steps and is_news:
        until = members.rest(turn.member, turn.now, REST)
        checkins.excuse_open(turn.db, turn.member.key)
    kept = PulseKept(
        edited=edited,
        row=decision.rows[0] if decision.rows else "",
        drained=Step.OFFER_RECOVERY_PACK in steps,
        paused_until=None if until is None else turn.at(until).date(),
        driver="" if decision.driver is None else decision.driver.value,
        about=driver_words(turn, decision.driver),
        idea=Step.OFFER_IDEA in steps,
        monthly=Step.OFFER_MONTHLY in steps,
        people=Step.OFFER_HUMAN in steps,
        ask_back=Step.OFFER_CHECK_BACK in steps,
        deadlines=_deadlines(turn) if Step.OFFER_MOVE_DEADLINES in steps else (),
    )
    return [kept, card(turn, Resources)] if Step.RESOURCES_OPEN in steps else [kept]


def _deadlines(turn: Turn) -> tuple[Deadline, ...]:
    """List the goals whose date comes first."""
    dated = [goal for goal in goals.active(turn.db, turn.member.key) if goal.due is not None]
    dated.sort(key=lambda goal: (goal.due, goal.number))
    return tuple(Deadline(goal.key, goal.title) for goal in dated[:DEADLINES])


def driver_words(turn: Turn, driver: Driver | None) -> str:
    """Name a driver as a part of a sentence; empty for none."""
    return "" if driver is None else turn.words.short(f"wellbeing.driver.{driver}")


@wellbeing_group.action("people")
def people(turn: Turn) -> Prompt:
    """Show people to talk to, without urgency."""
    return card(turn, Resources)


@wellbeing_group.action("ask_back")
def ask_back(turn: Turn) -> Prompt:
    """Come back to it in some days, because the member asked for that."""
    own, member = private.of(turn.db, turn.member.key), turn.member
    own.ask_back_at = own.ask_back_at or turn.now + moments.ASK_BACK
    private.keep(turn.db, member.key, own)
    until = member.paused_until if member.is_paused(turn.now) else None
    return AskingBack(quiet_until=None if until is None else turn.at(until).date())
