"""The books of a workspace's sums: reports that were made, and what later ones must know."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.cells import Cell, Cohort, Ledger, Report
from bot.models import Member, Private, TeamBook
from bot.models.base import table_of
from bot.store.vault import vault_of

_TABLE = table_of(TeamBook)
_BEGIN = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(),
}


class Place(NamedTuple):
    """A workspace: where people are counted together."""

    platform: str
    workspace: str


class Person(NamedTuple):
    """A member who may have agreed to be counted: whether they did is sealed."""

    id: int
    zone: str
    team: str


@dataclass(frozen=True, slots=True)
class Book:
    """One question's ledger, and its reports, the oldest first."""

    ledger: Ledger = field(default_factory=Ledger)
    reports: tuple[Report, ...] = ()


def places(db: Session) -> list[Place]:
    """List the workspaces in which anybody has private settings: nobody else is counted."""
    rows = select(Member.platform, Member.workspace).join(
        Private, col(Private.member_id) == col(Member.id)
    )
    found = db.exec(rows.distinct().order_by(Member.platform, Member.workspace))
    return [Place(*each) for each in found]


def people(db: Session, place: Place) -> list[Person]:
    """List the members of a workspace who have private settings."""
    rows = (
        select(Member.id, Member.zone, Member.team)
        .join(Private, col(Private.member_id) == col(Member.id))
        .where(Member.platform == place.platform, Member.workspace == place.workspace)
        .order_by(col(Member.id))
    )
    return [Person(key, zone, team) for key, zone, team in db.exec(rows) if key is not None]


def members(db: Session, place: Place) -> frozenset[int]:
    """Give the ids of all members of a workspace."""
    rows = select(Member.id).where(
        Member.platform == place.platform, Member.workspace == place.workspace
    )
    return frozenset(key for key in db.exec(rows) if key is not None)


def book(db: Session, place: Place, question: str) -> Book:
    """Open the book of a question; an empty one before the first report."""
    row = db.exec(_books(place).where(TeamBook.question == question)).first()
    return Book() if row is None else _opened(db, row)


def books(db: Session) -> dict[tuple[Place, str], Book]:
    """Open all books there are, by their workspace and their question."""
    rows = db.exec(select(TeamBook)).all()
    return {(Place(row.platform, row.workspace), row.question): _opened(db, row) for row in rows}


def hold(db: Session, place: Place, question: str) -> Book:
    """Open the book of a question and hold its row to the end of the turn, so that one writes."""
    connection = db.connection()
    values = {
        **place._asdict(),
        "question": question,
        "sealed": _sealed(db, place, question, Book()),
    }
    connection.execute(_BEGIN[connection.dialect.name], values)
    return _opened(db, db.exec(_held(place).where(TeamBook.question == question)).one())


def keep(db: Session, place: Place, question: str, book: Book) -> None:
    """Seal a book that is held."""
    row = db.exec(_held(place).where(TeamBook.question == question)).one()
    row.sealed = _sealed(db, place, question, book)
    db.flush()


def forget(db: Session, member: Member) -> None:
    """Take a member out of every ledger of the workspace; the size of their cohort stays.

    Reports stay too: they were made of eight people or more, and name nobody.
    """
    place = Place(member.platform, member.workspace)
    for row in db.exec(_held(place).order_by(col(TeamBook.id))):
        found = _opened(db, row)
        if member.key in found.ledger.member:
            left = {key: value for key, value in found.ledger.member.items() if key != member.key}
            found = replace(found, ledger=replace(found.ledger, member=left))
            row.sealed = _sealed(db, place, row.question, found)
    db.flush()


def _books(place: Place) -> SelectOfScalar[TeamBook]:
    return select(TeamBook).where(
        TeamBook.platform == place.platform, TeamBook.workspace == place.workspace
    )


def _held(place: Place) -> SelectOfScalar[TeamBook]:
    return _books(place).with_for_update()


def _bound(place: Place, question: str) -> str:
    """Name what a book is sealed for, so that it opens in no other workspace."""
    return f"team:{question}:{place.platform}:{place.workspace}"


def _sealed(db: Session, place: Place, question: str, book: Book) -> bytes:
    ledger = book.ledger
    told = {
        "ledger": {
            "through": ledger.through and ledger.through.isoformat(),
            "cohorts": {
                key: [sorted(each.groups), each.size] for key, each in ledger.cohorts.items()
            },
            "member": dict(ledger.member),
        },
        "reports": [
            {
                "quarter": each.quarter.isoformat(),
                "whole": each.whole and _told(each.whole),
                "groups": {name: _told(cell) for name, cell in each.groups.items()},
            }
            for each in book.reports
        ],
    }
    return vault_of(db).seal_common(db, _bound(place, question), told)


def _opened(db: Session, row: TeamBook) -> Book:
    place = Place(row.platform, row.workspace)
    told = vault_of(db).open_common(db, _bound(place, row.question), row.sealed)
    ledger = told["ledger"]
    return Book(
        Ledger(
            through=ledger["through"] and date.fromisoformat(ledger["through"]),
            # JSON writes a number that is a key as text.
            cohorts={
                int(key): Cohort(frozenset(groups), size)
                for key, (groups, size) in ledger["cohorts"].items()
            },
            member={int(key): cohort for key, cohort in ledger["member"].items()},
        ),
        tuple(
            Report(
                quarter=date.fromisoformat(each["quarter"]),
                whole=each["whole"] and Cell(*each["whole"]),
                groups={name: Cell(*cell) for name, cell in each["groups"].items()},
            )
            for each in told["reports"]
        ),
    )


def _told(cell: Cell) -> Sequence[float]:
    return [cell.people, cell.mean]
