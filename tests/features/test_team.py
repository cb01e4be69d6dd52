"""The team page, what it is made of, and the two settings that it and the silence need."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session

from bot.domain.nudging import Reason
from bot.domain.pulse import Answer
from bot.engine import teams as engine
from bot.engine.teams import BATCH, Question, changes
from bot.models import Member
from bot.store import members, private, teams, wellbeing
from bot.store.database import Database, connect
from bot.store.private import Own
from bot.store.teams import Place
from bot.store.wellbeing import Noted
from tests.pilot import VAULT, Pilot, World, at

HERE = Place("test", "team")
DAY = date(2027, 2, 1)
NOTHING = "There is nothing to show of the team yet"


def people(db: Session, names: Sequence[str], *, counted: bool = True, place: Place = HERE) -> None:
    """Let people with these teams answer twice, with an idea or none in between."""
    for n, name in enumerate(names):
        member = members.join(
            db,
            Member(
                **place._asdict(),
                user=f"{name}{n}",
                team=name,
                joined_at=datetime(2027, 1, 1, tzinfo=UTC),
            ),
        )
        assert member is not None
        private.keep(db, member.key, Own(counted=counted))
        for day, burnout, energy in ((DAY, 2 + n % 3, 1), (DAY + timedelta(days=7), 2, 2)):
            answer = Answer(day=day, burnout=burnout, energy=energy)
            wellbeing.keep_answer(db, wellbeing.begin_pulse(db, member.key, day), answer)
        moment = datetime.combine(DAY + timedelta(days=2), time(18), UTC)
        noted = Noted(at=moment, kind="idea", action="walk")
        if n % 2:
            noted = Noted(at=moment, kind="none", reason=Reason.HOLDOUT)
        wellbeing.note(db, member.key, noted)


async def page(pilot: Pilot) -> str:
    await pilot.says("/coach team")
    return pilot.replies[-1].messages[-1].text


async def test_everyone_sees_the_same_page_once_the_quarter_is_over_everywhere(
    world: World, amina: Pilot
) -> None:
    names = ["ICU"] * 11 + [" icu"] * 11 + ["Ward 4"] * 8 + ["Ward 5"] * 7
    names += [f"Lab {n}" for n in range(4) for _ in range(10)]
    await world.coach.database.run(lambda db: people(db, names))
    assert (await page(amina)).startswith(NOTHING)
    await world.sleeps_until("2027-04-01 12:00")  # somewhere it is still March
    assert (await page(amina)).startswith(NOTHING)
    await world.sleeps_until("2027-04-02 12:00")
    shown = await page(amina)
    assert "The team, 1 January 2027 to 31 March 2027" in shown
    assert "At least 75 people are counted here" in shown
    assert "Burnout: 2.5, where 1 is fine and 5 is spent" in shown
    assert "Energy at the end of a day: 1.5, where 0 is none and 4 is plenty" in shown
    assert "icu, at least 20 people: burnout 2.5, energy 1.5" in shown
    assert "lab 0, at least 10 people" in shown
    assert "ward" not in shown.lower()  # seven take the eight of the other with them
    assert "1 team of eight people or more" in shown
    assert "Weeks after an idea: burnout lower by 1; after no idea: lower by 1; this is" in shown
    assert "Everyone in this workspace sees this same page" in shown
    assert len([line for line in shown.splitlines() if line]) <= 12
    assert await page(world.member("dana")) == shown


async def test_nobody_is_counted_unasked_and_nobody_elsewhere(world: World, amina: Pilot) -> None:
    run = world.coach.database.run
    await run(lambda db: people(db, ["ICU"] * 20, counted=False))
    await run(lambda db: people(db, ["ICU"] * 20, place=Place("test", "next door")))
    await run(lambda db: people(db, ["ICU"] * 7, place=Place("test", "a few")))
    await world.sleeps_until("2027-04-02 12:00")
    assert (await page(amina)).startswith(NOTHING)

    def wholes(db: Session) -> list[bool]:
        places = (HERE, Place("test", "next door"), Place("test", "a few"))
        books = [teams.book(db, each, Question.BURNOUT) for each in places]
        return [book.reports[-1].whole is not None for book in books]

    assert await run(wholes) == [False, True, False]


async def test_the_page_stays_when_people_agree_or_leave_later(world: World, amina: Pilot) -> None:
    run = world.coach.database.run
    await run(lambda db: people(db, ["ICU"] * 12))
    await world.sleeps_until("2027-04-02 12:00")
    before = await page(amina)
    assert "At least 10 people" in before
    await run(lambda db: people(db, ["ward"] * 12))
    await world.sleeps_until("2027-04-20 12:00")
    assert await page(amina) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_processes_make_one_report(url: str) -> None:
    databases = [connect(url, VAULT), connect(url, VAULT)]
    databases[0].call(lambda db: people(db, ["ICU"] * (BATCH + 3)))
    now = at("2027-04-02 12:00")

    def work(database: Database) -> None:
        for each in engine.works(now):
            database.call(each)

    with ThreadPoolExecutor(2) as both:
        list(both.map(work, databases))
    for question in Question:
        book = databases[0].call(lambda db, q=question: teams.book(db, HERE, q))
        assert len(book.reports) == 1
        assert book.reports[0].whole is not None
        assert book.ledger.through == date(2027, 1, 1)
    # A look that finds all made asks for no other turn.
    looks = [databases[1].call(each) for each in engine.works(now + timedelta(hours=6))]
    assert looks == [None]
    for database in databases:
        database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_who_is_forgotten_leaves_every_ledger_and_the_cohort_keeps_its_size(url: str) -> None:
    database = connect(url, VAULT)
    other = Place("test", "next door")
    database.call(lambda db: people(db, ["ICU"] * 10))
    database.call(lambda db: people(db, ["ICU"] * 10, place=other))
    for each in engine.works(at("2027-04-02 12:00")):
        database.call(each)

    def forget(db: Session) -> None:
        member = members.find(db, "test", "team", "ICU3")
        assert member is not None
        gone.append(member.key)
        assert member.key in teams.book(db, HERE, Question.ENERGY).ledger.member
        teams.forget(db, member)
        db.delete(member)

    gone: list[int] = []
    database.call(forget)
    for question in (Question.BURNOUT, Question.ENERGY):
        book = database.call(lambda db, q=question: teams.book(db, HERE, q))
        assert gone[0] not in book.ledger.member
        assert len(book.ledger.member) == 9
        assert [each.size for each in book.ledger.cohorts.values()] == [10]
        assert book.reports[0].whole is not None
        untouched = database.call(lambda db, q=question: teams.book(db, other, q))
        assert len(untouched.ledger.member) == 10
    database.close()


def days(*given: int) -> list[date]:
    return [DAY + timedelta(days=each) for each in given]


@pytest.mark.parametrize(
    ("moments", "others", "found"),
    [
        ((0,), (), [(7, -1)]),  # an answer of the same day came before
        ((6,), (), [(7, -1)]),
        ((7,), (), [(21, 2)]),
        ((1, 5, 8), (), [(7, -1), (7, -1), (21, 2)]),
        ((1, 8), (3,), [(21, 2)]),  # nobody can say what came of which
        ((22,), (), []),  # the next answer came after more than 14 days
        ((52,), (), []),  # the next answer is of another quarter
        ((61,), (), []),  # nothing came after
        ((-1,), (), []),  # nothing came before
    ],
)
def test_a_change_is_between_two_answers_of_one_quarter(
    moments: tuple[int, ...], others: tuple[int, ...], found: list[tuple[int, int]]
) -> None:
    told = {0: 4, 7: 3, 14: None, 21: 5, 50: 2, 60: 1}  # 1 April is day 59
    answers = [Answer(day=DAY + timedelta(days=n), burnout=told[n], energy=0) for n in told]
    assert changes(answers, days(*moments), days(*others)) == [
        (DAY + timedelta(days=n), by) for n, by in found
    ]


async def test_quiet_hours_and_team_are_shown_when_set(world: World, amina: Pilot) -> None:
    await amina.says("/coach settings")
    assert "Quiet hours" not in amina.answer
    assert "sums" not in amina.answer
    await amina.presses("Change these")
    await amina.fills(quiet="9 pm to 8 am", team="  Ward 4\nnorth ")
    assert "Quiet hours: 21:00-08:00" in amina.answer
    assert "Team, for sums only: Ward 4 north" in amina.answer
    await amina.presses("Change these")
    await amina.fills(quiet="21:00-7:30", day="1")
    assert "Quiet hours: 21:00-07:30" in amina.answer
    assert "Ward 4 north" in amina.answer
    await amina.submits("coach.change", {"stage": "resident"})  # what was not asked stays
    assert "Quiet hours: 21:00-07:30" in amina.answer
    await amina.presses("Change these")
    await amina.fills(quiet="", team="")
    assert "Quiet hours" not in amina.answer
    assert "sums" not in amina.answer


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("quiet", "at night", "“at night” as hours"),
        ("quiet", "21-8", "“21-8” as hours"),
        ("quiet", "21:00-08:00 or so", "as hours"),
        ("quiet", "08:00-07:00", "up to 16 hours"),
        ("quiet", "22:00-22:00", "up to 16 hours"),
        ("team", "x" * 61, "60"),
        ("team", "...", "letter"),
    ],
)
async def test_what_cannot_be_read_is_refused_beside_its_field(
    amina: Pilot, name: str, typed: str, says: str
) -> None:
    await amina.says("/coach settings")
    await amina.presses("Change these")
    await amina.fills({"stage": "resident", name: typed})
    assert amina.form is not None
    assert set(amina.form.errors) == {name}
    assert says in amina.form.errors[name]
    assert next(each.value for each in amina.form.fields if each.name == name) == typed
    await amina.says("/coach settings")
    assert "resident" not in amina.answer
