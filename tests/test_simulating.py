"""A simulated quarter repeats, adds up, and keeps the promises that the coach makes."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.domain.zones import local, read_zone
from bot.features.membership.commands import APART
from bot.simulating import command, habits
from bot.simulating.acts import Act
from bot.simulating.ledger import disagreements
from bot.simulating.people import Someone
from bot.simulating.report import as_data
from bot.simulating.run import START, Result, Settings, simulate

SMALL = Settings(members=8, weeks=3, seed=3)


@dataclass(frozen=True)
class Kept:
    """A run with the database that it left."""

    result: Result
    rows: sqlite3.Connection

    def count(self, sql: str, *values: object) -> Counter[Any]:
        """Count the rows of a query by its columns."""
        return Counter(self.rows.execute(sql, values).fetchall())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A team for five months: enough for leave, moves, and silence until we stop asking."""
    file = tmp_path_factory.mktemp("simulated") / "kept.db"
    result = simulate(Settings(members=20, weeks=22, seed=5), file, None, lambda _: None)
    with closing(sqlite3.connect(file)) as rows:
        yield Kept(result, rows)


def report(settings: Settings, keep: Path | None = None) -> str:
    text, wrong = command.run(settings, keep=keep, overlay=None, json=False, show=lambda _: None)
    assert wrong == []
    return text


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    first = report(SMALL)
    assert report(SMALL) == first
    assert report(Settings(members=8, weeks=3, seed=4)) != first


def test_the_program_prints_one_object_and_its_cost_apart(tmp_path: Path) -> None:
    def simulated(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", "simulate", "--members", "6", "--weeks", "2", *words],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    done = simulated("--seed", "2", "--json", "--keep", str(tmp_path / "kept.db"))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["settings"] == {
        "members": 6, "weeks": 2, "seed": 2, "from": "2027-01-04", "until": "2027-01-18",
    }  # fmt: skip
    assert [week["week"] for week in told["weeks"]] == ["2027-W01", "2027-W02"]
    assert "invented" in told["note"]
    assert told["totals"]["joined"] == sum(week["joined"] for week in told["weeks"]) > 0
    assert done.stderr.startswith("It took ")
    assert done.stderr.count("\n") == 1  # and no bar: it is no terminal
    again = simulated("--keep", str(tmp_path / "kept.db"))
    assert (again.returncode, again.stdout) == (2, "")
    assert "is there already" in again.stderr


def test_what_was_sent_and_withheld_is_in_the_database(kept: Kept) -> None:
    totals = as_data(kept.result)["totals"]
    sent = kept.count("SELECT occasion FROM delivery WHERE state = 'sent'")
    assert {(name,): count for name, count in totals["sent"].items() if count} == sent
    withheld = kept.count("SELECT reason FROM delivery WHERE state = 'dropped'")
    assert {(reason,): count for reason, count in totals["withheld"].items()} == withheld
    assert {"answered", "paused", "asking_less", "no_goals"} <= totals["withheld"].keys()
    states = kept.count("SELECT state FROM delivery")
    assert states["waiting",] == totals["waiting"]
    assert states["failed",] == 0


def test_weeks_add_up_to_the_rows(kept: Kept) -> None:
    for number, week in enumerate(as_data(kept.result)["weeks"]):
        first = START.date() + timedelta(weeks=number)
        days = (str(first), str(first + timedelta(weeks=1)))
        asked = "SELECT answered_at IS NULL FROM checkin WHERE asked_at BETWEEN ? AND ?"
        found = kept.count(asked, *days)
        assert (week["answered"], week["ignored"]) == (found[0,], found[1,])
        found = kept.count("SELECT status FROM goal WHERE closed_at BETWEEN ? AND ?", *days)
        for status in ("done", "dropped"):
            assert week["goals"][status] == found[status,]
        found = kept.count("SELECT occasion FROM delivery WHERE sent_at BETWEEN ? AND ?", *days)
        for occasion, count in week["sent"].items():
            assert count == found[occasion,]


def test_each_message_was_posted_once_with_its_words(kept: Kept) -> None:
    posted = kept.count("SELECT key FROM local_post")
    assert posted == kept.count("SELECT key FROM delivery WHERE state = 'sent'")
    sealed = [each for (each,) in kept.rows.execute("SELECT sealed FROM local_post")]
    assert min(map(len, sealed)) > 100
    assert not any(b"check-in" in each for each in sealed)


def test_nobody_is_asked_twice_for_a_week(kept: Kept) -> None:
    """A chosen day may bring the next question nearer, but never nearer than the house allows."""
    asked: dict[int, list[date]] = {}
    for member, day in kept.rows.execute(
        "SELECT member_id, day FROM checkin WHERE asked_at IS NOT NULL ORDER BY day"
    ):
        asked.setdefault(member, []).append(date.fromisoformat(day))
    apart = [later - day for days in asked.values() for day, later in pairwise(days)]
    assert min(apart) >= APART
    assert len(apart) > 100


def test_nothing_is_sent_to_someone_on_leave(kept: Kept) -> None:
    away = kept.rows.execute(
        "SELECT id, paused_at, paused_until FROM member WHERE paused_at IS NOT NULL"
    ).fetchall()
    assert len(away) > 3
    for member, since, until in away:
        sent = kept.rows.execute(
            "SELECT count(*) FROM delivery WHERE member_id = ? AND sent_at > ? AND sent_at < ?",
            (member, since, until or "9999"),
        ).fetchone()
        assert sent == (0,)


def test_who_never_answers_is_asked_less_and_then_no_more(kept: Kept) -> None:
    assert as_data(kept.result)["totals"]["withheld"]["asking_less"] > 3
    stopped = kept.rows.execute(
        "SELECT member_id, stopped_at FROM rhythm WHERE stopped_at IS NOT NULL"
    ).fetchall()
    assert stopped
    for member, since in stopped:
        after = "SELECT id FROM delivery WHERE member_id = ? AND sent_at > ?"
        assert kept.count(after, member, since) == {}


def test_a_message_that_was_not_counted_is_noticed(kept: Kept) -> None:
    ledger, week = kept.result.ledger, kept.result.ledger.weeks[3]
    assert kept.result.disagreements == []
    ledger.add("sent checkin.weekly", week)
    try:
        [said] = disagreements(ledger, kept.result.rows)
    finally:
        ledger.add("sent checkin.weekly", week, -1)
    assert week in said


def test_people_move_over_clock_changes_at_their_own_hour(kept: Kept) -> None:
    """A check-in comes at the hour on the wall, before the change of clocks and after it."""
    hours: dict[int, set[str]] = {}
    for member, zone, sent_at in kept.rows.execute(
        "SELECT member.id, zone, sent_at FROM delivery JOIN member ON member.id = member_id "
        "WHERE occasion = 'checkin.weekly' AND state = 'sent' AND reason = ''"
    ):
        hours.setdefault(member, set()).add(f"{local(moment(sent_at), zone):%H:%M}")
    moved = as_data(kept.result)["totals"]["zone_changes"]
    assert sum(len(each) > 1 for each in hours.values()) <= moved
    assert len(hours) > 15


def test_one_persons_life_depends_on_the_seed_and_the_number_alone() -> None:
    def begins(seed: int, number: int) -> tuple[str, list[tuple[timedelta, Act]]]:
        someone = Someone(seed, number)
        return someone.who.name, someone.comes(START, 13)

    assert begins(1, 7) == begins(1, 7)
    assert begins(1, 7) != begins(1, 8)
    assert begins(1, 7) != begins(2, 7)


def test_people_live_in_zones_that_the_coach_knows() -> None:
    for number in range(200):
        zone = Someone(1, number).zone
        assert read_zone(zone) == zone


def test_what_is_assumed_is_said() -> None:
    words = " ".join(habits.ASSUMPTIONS)
    assert "answered 61% of the time" in words
    shares = [share for share, _ in habits.TEMPERAMENTS.values()]
    assert sum(shares) == pytest.approx(1)
