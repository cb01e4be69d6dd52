"""The file of members' keys, kept apart from backups so that a forgotten member stays forgotten.

It lists everyone who is a member, each with their key if they have one. A backup holds no keys. So
whoever restores an old backup with the latest list knows who was forgotten since, and could not
read what these had told in confidence. The keys are wrapped by the owner's key, and of no use
without it.

Ids are used again on SQLite; the moment of joining beside the id tells two people apart.
"""

import base64
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import Misconfigured
from bot.models import Member, MemberKey
from bot.models.base import table_of

#: What the file says of itself, and the version of its form.
_NAME = "preceptor member keys"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class KeyOf:
    """One member; without a key where nothing of theirs was ever sealed."""

    member_id: int
    joined_at: datetime
    wrapped: bytes | None
    #: The name of the master key that wrapped it.
    master: str


def all_keys(db: Session) -> list[KeyOf]:
    """List every member with their key."""
    members, keys = table_of(Member), table_of(MemberKey)
    rows = (
        select(members.c.id, members.c.joined_at, keys.c.wrapped, keys.c.master)
        .outerjoin(keys, keys.c.member_id == members.c.id)
        .order_by(col(Member.id))
    )
    return [
        KeyOf(key, joined_at, wrapped, master or "")
        for key, joined_at, wrapped, master in db.connection().execute(rows)
    ]


def text_of(keys: Iterable[KeyOf], made: datetime) -> str:
    """Write a file of keys; `made` is the moment that it tells of."""
    told = {
        "what": _NAME,
        "version": _VERSION,
        "made": made.isoformat(),
        "members": [
            {
                "id": each.member_id,
                "joined_at": each.joined_at.astimezone(UTC).isoformat(),
                "wrapped": each.wrapped and base64.b64encode(each.wrapped).decode(),
                "master": each.master,
            }
            for each in keys
        ],
    }
    return json.dumps(told, indent=0) + "\n"


def read(file: Path) -> list[KeyOf]:
    """Read a file of keys; raises Misconfigured for one that is none."""
    try:
        told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if (told["what"], told["version"]) == (_NAME, _VERSION):
            return [
                KeyOf(
                    int(each["id"]),
                    datetime.fromisoformat(each["joined_at"]),
                    base64.b64decode(each["wrapped"], validate=True) if each["wrapped"] else None,
                    str(each["master"]),
                )
                for each in told["members"]
            ]
    except (ValueError, LookupError, TypeError):
        pass  # whatever it holds is not repeated
    except OSError:
        raise Misconfigured(
            f"The keys file {file} cannot be read: name the latest that `preceptor backup` wrote."
        ) from None
    raise Misconfigured(
        f"{file} is no whole file of keys: name the latest that `preceptor backup` wrote."
    )


def prepare(file: Path, text: str) -> Path:
    """Write what will be a file of keys beside its place, for its owner alone, and on the disk."""
    part = part_of(file)
    try:
        with part.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        part.unlink(missing_ok=True)
        raise Misconfigured(f"{file} could not be written: see that the disk has room.") from None
    return part


def part_of(file: Path) -> Path:
    """Make an empty file beside another, for its owner alone, that is to get its name."""
    try:
        with tempfile.NamedTemporaryFile(
            prefix=f".{file.name}.", suffix=".part", dir=file.parent, delete=False
        ) as made:
            return Path(made.name)
    except OSError:
        raise Misconfigured(
            f"The folder {file.parent} cannot be written: name a file in one that can."
        ) from None
