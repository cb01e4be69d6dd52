"""What an operator does: deliveries that wait or failed, a restored backup, another key."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.app import open_database
from bot.clock import utc_now
from bot.engine.planner import plan
from bot.models import Delivery
from bot.settings import Settings
from bot.store import members, operating, rhythms
from bot.store import restore as restoring
from bot.store.keyring import Key, vault_for
from bot.store.vault import vault_of

#: Keys wrapped anew in one transaction.
ROTATED = 500
COLUMNS = ("id", "occasion", "platform", "member", "state", "due", "tries", "reason")


def listing(settings: Settings, limit: int, *, only_failed: bool, as_json: bool) -> str:
    """List deliveries for an operator, without a member's name or words."""
    ask = partial(operating.troubled, now=utc_now(), limit=limit, only_failed=only_failed)
    database = open_database(settings)
    try:
        rows = [_row(each) for each in database.call(ask)]
    finally:
        database.close()
    if as_json:
        return json.dumps(
            [row | {"due": row["due"].isoformat()} for row in rows], ensure_ascii=False, indent=2
        )
    if not rows:
        return "Nothing failed." if only_failed else "Nothing waits, and nothing failed lately."
    return _table([list(COLUMNS), *([_cell(row[name]) for name in COLUMNS] for row in rows)])


def retry(settings: Settings, delivery_id: int) -> str:
    """Let a failed delivery be tried again, and say what will come of it."""
    database = open_database(settings)
    try:
        delivery = database.call(partial(operating.retry, delivery_id=delivery_id, now=utc_now()))
        member = database.call(partial(members.by_id, member_id=delivery.member_id))
    finally:
        database.close()
    if member.unreachable_since is not None:
        return (
            f"Delivery {delivery_id} waits again, but its member cannot be reached: the next tick "
            "drops it (unreachable) unless they make contact before."
        )
    return (
        f"Delivery {delivery_id} waits again: the next tick sends it, or drops it with its reason "
        f"if what was due on {_cell(delivery.due_at)} UTC is stale by now."
    )


def doubt(settings: Settings) -> str:
    """Plan all that is due, and let platforms be asked about it before anything is sent.

    For a database that was restored: what it holds as due may have been sent since its backup.
    """
    now = utc_now()
    database = open_database(settings)
    try:
        everywhere = database.call(rhythms.platforms)
        while database.call(partial(plan, now=now, platforms=everywhere)):
            pass
        count = database.call(partial(operating.doubt, now=now))
    finally:
        database.close()
    return f"Before it is sent, the platform is asked about what is due: {count}."


def restore(settings: Settings, file: Path | None, keys: Path) -> str:
    """Bring a backup back with its keys; say how many members it has, and who is none any more."""
    secret = settings.secret_key.get_secret_value()
    restored = restoring.restore(
        settings.url,
        file,
        keys,
        lambda database: vault_for(database, settings.url, secret, Key.NEED),
    )
    return (
        f"Restored: {restored.members} members. Forgotten since the backup, and deleted here: "
        f"{restored.forgotten}."
    )


def rotate_key(settings: Settings) -> str:
    """Wrap every member's key with the first of the master keys; the others are then of no use."""
    database = open_database(settings, key=Key.NEED)
    try:
        while database.call(lambda db: vault_of(db).rotate(db, ROTATED)):
            pass
    finally:
        database.close()
    return "Every key is wrapped with the first master key: set PRECEPTOR_SECRET_KEY to it alone."


def _row(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "occasion": delivery.occasion,
        "platform": delivery.platform,
        "member": delivery.member_id,
        "state": str(delivery.state),
        "due": delivery.due_at,
        "tries": delivery.attempts,
        "reason": delivery.reason,
    }


def _cell(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
