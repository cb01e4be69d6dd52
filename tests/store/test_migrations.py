"""The schema equals all migrations applied, and a newer one is refused."""

from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.store import migrate
from bot.store.database import connect


def test_the_schema_equals_all_migrations(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'a.db'}")
    migrate.upgrade(database.engine)
    assert migrate.is_current(database.engine)
    assert migrate.differences(database.engine) == []
    migrate.upgrade(database.engine)  # a second time changes nothing
    database.close()


def test_a_newer_schema_is_refused_with_one_sentence(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'a.db'}")
    migrate.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Misconfigured, match="newer than this program"):
        migrate.upgrade(database.engine)
    database.close()
