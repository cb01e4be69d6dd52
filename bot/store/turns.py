"""A turn: a plain function of a session, which may be run again because it changes nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

if TYPE_CHECKING:
    from bot.store.vault import Vault

T = TypeVar("T")
Work = Callable[[Session], T]
#: What a turn meets when the database is at fault, not the turn: let it pass through.
Interrupted = OperationalError
#: What a database says that was closed.
CLOSED = "The database is closed; start the program again."


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Undo the block's writes if it raises; the rest of the transaction stands.

    Plain statements instead of nested transactions, which cost four times as much.
    """
    session.flush()
    connection = session.connection()
    connection.exec_driver_sql("SAVEPOINT work")
    try:
        yield
        session.flush()
    except BaseException:
        session.expunge_all()
        session.info.pop("member_keys", None)  # one that was made here is undone
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
        connection.exec_driver_sql("RELEASE SAVEPOINT work")
        raise
    connection.exec_driver_sql("RELEASE SAVEPOINT work")


def session_on(connection: Connection, vault: "Vault | None") -> Session:
    """Open a session inside a transaction that is ours."""
    # The outer transaction is ours: the session neither commits nor rolls it back.
    return Session(
        bind=connection,
        expire_on_commit=False,
        join_transaction_mode="rollback_only",
        info={"vault": vault},
    )
