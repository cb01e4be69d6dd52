"""The idle tick: what it costs to look and find nothing, among few members and many."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert
from sqlmodel import Session

from bot.engine.planner import plan
from bot.models import CHECKIN, Member, Rhythm
from bot.store import deliveries, migrate
from bot.store.database import connect
from tests.pilot import at

NOW = at("2027-01-01 12:00")


def idle_tick(members: int, looks: int = 300) -> float:
    """Give the median microseconds of one look at rhythms and deliveries, none of them due."""
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'ticks.db'}")
        migrate.upgrade(database.engine)

        def fill(db: Session) -> None:
            numbers = range(1, members + 1)
            db.connection().execute(
                insert(Member),
                [
                    {
                        "id": n,
                        "platform": "test",
                        "workspace": "team",
                        "user": f"u{n}",
                        "name": "",
                        "stage": "",
                        "zone": "UTC",
                        "joined_at": NOW,
                    }
                    for n in numbers
                ],
            )
            db.connection().execute(
                insert(Rhythm),
                [
                    {
                        "member_id": n,
                        "platform": "test",
                        "occasion": CHECKIN,
                        "zone": "UTC",
                        "rule": "weekly mon 09:00",
                        "next_at": NOW + timedelta(minutes=n % 10_000 + 1),
                    }
                    for n in numbers
                ],
            )

        def look(db: Session) -> float:
            began = time.perf_counter()
            assert plan(db, NOW, ("test",)) == 0
            assert not deliveries.claim(db, NOW, ("test",), 50, timedelta(seconds=60))
            return (time.perf_counter() - began) * 1e6

        database.call(fill)
        took = [database.call(look) for _ in range(looks)]
        database.close()
        return median(took[looks // 10 :])
