"""What members tell in confidence is sealed with a key of their own, wrapped by the owner's key.

Each member has a random data key (AES-256-GCM). It is kept wrapped by the master key, which comes
from outside the database. A sealed value is bound to its member and its place, so that it cannot be
moved to another row. Whoever forgets a member deletes the data key, and with it the sense of every
copy of the sealed values, as far as the copies do not hold the data key too: see `backup`.
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Row, bindparam, func
from sqlalchemy import select as core_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.errors import Misconfigured
from bot.models import CommonKey, MemberKey
from bot.models.base import table_of
from bot.models.sealed import seal_with

#: Bytes of a key, and of the number used once that each sealed value begins with.
KEY, NONCE = 32, 12

_KEYS = table_of(MemberKey)
_KEY_OF = core_select(_KEYS).where(_KEYS.c.member_id == bindparam("owner"))
_KEYS_OF = core_select(_KEYS).where(_KEYS.c.member_id.in_(bindparam("ids", expanding=True)))
_KEEP_COMMON = {
    kind: insert(table_of(CommonKey))
    .on_conflict_do_nothing(index_elements=["master"])
    .execution_options(preserve_rowcount=True)
    for kind, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_KEEP_KEY = _KEYS.insert()


def new_key() -> str:
    """Make a master key, as PRECEPTOR_SECRET_KEY takes it."""
    return base64.urlsafe_b64encode(os.urandom(KEY)).decode()


@dataclass(frozen=True, slots=True)
class Master:
    """One master key with its name, which tells nothing of it."""

    name: str
    secret: bytes

    @classmethod
    def parse(cls, text: str) -> "Master":
        """Read a key as `new_key` wrote it; raises Misconfigured for anything else."""
        try:
            secret = base64.urlsafe_b64decode(text.encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            secret = b""
        if len(secret) != KEY:
            raise Misconfigured(
                "PRECEPTOR_SECRET_KEY is no key of ours: make one with `preceptor new-key`."
            )
        return cls(hashlib.sha256(b"preceptor key name" + secret).hexdigest()[:16], secret)


class Vault:
    """Seals and opens. The first master key wraps what is new; the others open what is old."""

    def __init__(self, masters: Sequence[Master]) -> None:
        self._masters = {master.name: master for master in masters}
        self._first = masters[0]

    @classmethod
    def parse(cls, text: str) -> "Vault":
        """Read PRECEPTOR_SECRET_KEY: one key, or the new and the old one with a comma between."""
        return cls([Master.parse(part.strip()) for part in text.split(",")])

    # A member's values

    def seal(self, db: Session, member_id: int, place: str, value: Any, *, even: int = 0) -> bytes:
        """Seal a value that JSON can hold; `place` names the column it is for.

        It is padded to a multiple of `even` bytes, so that its length tells nothing of it.
        """
        plain = json.dumps(value).encode()
        if even:  # JSON may end with any number of spaces
            plain = plain.ljust(-(-len(plain) // even) * even)
        return _seal(self._key(db, member_id), plain, _bound(member_id, place))

    def open(self, db: Session, member_id: int, place: str, sealed: bytes) -> Any:
        """Open what `seal` gave for the same member and place."""
        key = self._key(db, member_id, make=False)
        return json.loads(_open(key, sealed, _bound(member_id, place)))

    def load(self, db: Session, member_ids: Iterable[int]) -> None:
        """Read the keys of members at once, where many are about to be opened.

        A key that no master key of ours unwraps is told of when it is used.
        """
        known = _known(db)
        if missing := [each for each in member_ids if each not in known]:
            for row in db.connection().execute(_KEYS_OF, {"ids": missing}):
                with suppress(Misconfigured):
                    known[row.member_id] = self._unwrap(row)

    def _key(self, db: Session, member_id: int, *, make: bool = True) -> bytes:
        known = _known(db)
        if member_id not in known:
            row = db.connection().execute(_KEY_OF, {"owner": member_id}).first()
            if row is None and not make:
                raise Misconfigured(GONE)
            known[member_id] = self._make(db, member_id) if row is None else self._unwrap(row)
        return known[member_id]

    def _make(self, db: Session, member_id: int) -> bytes:
        secret = os.urandom(KEY)
        wrapped = _seal(self._first.secret, secret, _bound(member_id, "key"))
        facts = {"member_id": member_id, "wrapped": wrapped, "master": self._first.name}
        db.connection().execute(_KEEP_KEY, facts)
        return secret

    def _unwrap(self, row: MemberKey | Row[Any]) -> bytes:
        master = self._masters.get(row.master)
        if master is None:
            raise Misconfigured(WRONG)
        return _open(master.secret, row.wrapped, _bound(row.member_id, "key"))

    # What belongs to no single member

    def seal_common(self, db: Session, place: str, value: Any) -> bytes:
        """Seal a value that is no one member's."""
        return _seal(self._common(db), json.dumps(value).encode(), _bound(0, place))

    def open_common(self, db: Session, place: str, sealed: bytes) -> Any:
        """Open what `seal_common` gave for the same place."""
        return json.loads(_open(self._common(db), sealed, _bound(0, place)))

    def _common(self, db: Session) -> bytes:
        common: bytes | None = db.info.get("common_key")
        if common is None:
            common = db.info["common_key"] = self.check(db)
        return common

    # The master key

    def check(self, db: Session, *, make: bool = True) -> bytes:
        """Give the common key; raise Misconfigured unless a key of ours opens this database.

        A database in which nothing is sealed yet gets a common key, if that is wanted.
        """
        rows = db.exec(select(CommonKey)).all()
        for row in rows:
            if (master := self._masters.get(row.master)) is not None:
                return _open(master.secret, row.wrapped, _bound(0, "key"))
        if rows:
            raise Misconfigured(WRONG)
        common = os.urandom(KEY)
        if not make:
            return common
        # Another process may be at this very point: the first one's key is everybody's.
        return common if self._wrap_common(db, common) else self.check(db)

    def _wrap_common(self, db: Session, common: bytes) -> bool:
        """Keep the common key under the first master key; False where that was done already."""
        wrapped = _seal(self._first.secret, common, _bound(0, "key"))
        connection = db.connection()
        facts = {"master": self._first.name, "wrapped": wrapped}
        return connection.execute(_KEEP_COMMON[connection.dialect.name], facts).rowcount == 1

    def rotate(self, db: Session, limit: int) -> int:
        """Wrap some member keys anew with the first master key; give how many are still to do.

        Each call is one transaction: a rotation that was stopped goes on where it was. With the
        last one the old master keys lose their right to this database.
        """
        common, rows = self.check(db), db.exec(select(CommonKey)).all()
        if all(row.master != self._first.name for row in rows):
            self._wrap_common(db, common)
        old = select(MemberKey).where(col(MemberKey.master) != self._first.name)
        for row in db.exec(old.order_by(col(MemberKey.member_id)).limit(limit).with_for_update()):
            secret = self._unwrap(row)
            row.wrapped = _seal(self._first.secret, secret, _bound(row.member_id, "key"))
            row.master = self._first.name
        db.flush()
        left = db.exec(select(func.count()).select_from(old.subquery())).one()
        if not left:
            for common_row in rows:
                if common_row.master != self._first.name:
                    db.delete(common_row)
            db.flush()
        return left


#: What is said where a database was sealed with another key.
WRONG = (
    "PRECEPTOR_SECRET_KEY is not the key that this database was sealed with: set the key that it "
    "was used with before. Nothing was changed."
)
#: What is said of a member who was forgotten, or whose key a backup does not hold.
GONE = "The key of this member is gone, and with it what was sealed: restore the keys, if you may."
#: What is said where a key is needed and there is none.
MISSING = (
    "PRECEPTOR_SECRET_KEY is not set: set the key that this database was used with before, or for "
    "a new database one that `preceptor new-key` makes; keep it outside the database."
)


def vault_of(db: Session) -> Vault:
    """Give the vault of the database that a session belongs to."""
    vault: Vault | None = db.info.get("vault")
    if vault is None:
        raise Misconfigured(MISSING)
    return vault


# Rows with words in them open and seal themselves.
seal_with(vault_of)


def _known(db: Session) -> dict[int, bytes]:
    known: dict[int, bytes] = db.info.setdefault("member_keys", {})
    return known


def _bound(member_id: int, place: str) -> bytes:
    return f"{member_id}:{place}".encode()


@lru_cache(4096)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _seal(key: bytes, value: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _cipher(key).encrypt(nonce, value, bound)


def _open(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return _cipher(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except InvalidTag:
        raise Misconfigured(WRONG) from None
