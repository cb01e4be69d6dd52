"""Rows whose words are sealed: read and written as attributes, never kept in the open.

A row has one sealed column, a small JSON object of its words. A word is opened when it is first
read, and sealed again at the moment it is written, so that no row ever waits to be sealed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self, cast, overload

from sqlalchemy import LargeBinary
from sqlalchemy.orm import object_session
from sqlmodel import Field, Session, SQLModel


class Seals(Protocol):
    """What seals and opens a member's values: see `bot.store.vault`."""

    def seal(self, db: Session, member_id: int, place: str, value: Any) -> bytes:
        """Seal a value for a member and a place."""

    def open(self, db: Session, member_id: int, place: str, sealed: bytes) -> Any:
        """Open what was sealed for the same member and place."""


_find: Callable[[Session], Seals] | None = None


def seal_with(find: Callable[[Session], Seals]) -> None:
    """Install how the seals of a session are found; the store does so, models know no keys."""
    global _find
    _find = find


class Word(property):
    """An attribute of a `Sealed` row that holds words; empty where the member said nothing.

    It is a property because that is the one kind of descriptor that models let through.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, row: None, owner: type, /) -> Self: ...
    @overload
    def __get__(self, row: Any, owner: type | None = None, /) -> str: ...
    def __get__(self, row: Any, owner: type | None = None, /) -> Self | str:
        # The class gives the descriptor: it is no column, and no query can ask for it.
        return self if row is None else row.words.get(self._name, "")

    def __set__(self, row: Any, value: str, /) -> None:
        row.words = {**row.words, self._name: value}


class Sealed(SQLModel):
    """A member's row with words in it, sealed for this row alone.

    New rows are made by the store, which seals their words: `sealed_words`.
    """

    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    sealed: bytes = Field(sa_type=LargeBinary)

    def __init__(self, **facts: Any) -> None:
        # A table takes any name and forgets those it does not know: a title would be lost.
        if unknown := facts.keys() - type(self).model_fields.keys():
            raise TypeError(f"{type(self).__name__} has no columns {sorted(unknown)}")
        super().__init__(**facts)

    @property
    def place(self) -> str:
        """What the words are bound to: they open in this row alone."""
        raise NotImplementedError

    @property
    def words(self) -> Mapping[str, str]:
        """All words of the row by name, opened; those that were never said are missing."""
        sealed, words = self.__dict__.get("_opened", (None, {}))
        if sealed is not self.sealed:  # not yet opened, or loaded anew
            db, seals = _seals_of(self)
            sealed = self.sealed
            words = seals.open(db, self.member_id, self.place, sealed)
            self.__dict__["_opened"] = sealed, words
        return cast("Mapping[str, str]", words)

    @words.setter
    def words(self, words: Mapping[str, str]) -> None:
        db, _ = _seals_of(self)
        self.sealed = sealed_words(db, self.member_id, self.place, words)


def sealed_words(db: Session, member_id: int, place: str, words: Mapping[str, str]) -> bytes:
    """Seal the words of a row that is to be made; what is empty is left out."""
    told = {name: said for name, said in words.items() if said}
    return _seals(db).seal(db, member_id, place, told)


def _seals_of(row: Sealed) -> tuple[Session, Seals]:
    db = object_session(row)
    if db is None:
        raise LookupError("The words of a row are opened and sealed within its turn alone.")
    return cast("Session", db), _seals(cast("Session", db))


def _seals(db: Session) -> Seals:
    if _find is None:
        raise LookupError("Nothing seals: bot.store.vault has not been loaded.")
    return _find(db)
