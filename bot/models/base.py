"""What all tables share: named constraints, so that migrations can name them on every database."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Table
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: The longest free text that a column keeps; a reader refuses longer text before it gets here.
LONG_TEXT = 2000


#: A table whose numbers stand in buttons, keys and files: none of them is ever given twice. SQLite
#: would give the number of a row that is gone to the next one; PostgreSQL never does.
NEVER_AGAIN = {"sqlite_autoincrement": True}


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Let the schema refuse what is not in the enumeration."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def table_of(model: type[SQLModel]) -> Table:
    """Give a model's table, for the few statements that must be fast."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
