"""sealed words

Reason: what members write in check-ins and reviews, and what stands in open forms, is sealed; help
in a crisis knows the country, keeps silence afterwards, and remembers no words.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.errors import Misconfigured
from bot.store.vault import MISSING, Vault

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('common_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('master', sa.String(length=16), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_common_key')),
    sa.UniqueConstraint('master', name=op.f('uq_common_key_master'))
    )
    op.create_table('member_key',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('master', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_key_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_member_key'))
    )
    op.add_column('member', sa.Column('country', sa.String(length=2), nullable=False, server_default=''))
    op.add_column('member', sa.Column('quiet_until', UTCDateTime(), nullable=True))
    op.create_table('guard_count',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guard_count')),
    sa.UniqueConstraint('day', 'kind', name=op.f('uq_guard_count_day_kind'))
    )
    op.create_table('safety_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_safety_event_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_safety_event'))
    )
    op.create_index('ix_safety_event_member', 'safety_event', ['member_id', 'at'])
    op.add_column('checkin', sa.Column('sealed', sa.LargeBinary(), nullable=True))
    op.add_column('review', sa.Column('sealed', sa.LargeBinary(), nullable=True))
    for table in ('draft', 'local_post'):
        op.add_column(table, sa.Column('sealed', sa.LargeBinary(), nullable=False, server_default=''))
    _seal_what_is_open()
    for table, columns in (
        ('checkin', ('win', 'obstacle', 'next_step')),
        ('review', ('answer',)),
        ('draft', ('values',)),
        ('local_post', ('message',)),
    ):
        for column in columns:
            op.drop_column(table, column)


def _seal_what_is_open() -> None:
    connection = op.get_bind()
    vault: Vault | None = context.config.attributes.get('vault')
    db = Session(bind=connection, join_transaction_mode='rollback_only', info={'vault': vault})

    def rows(query: str) -> list[sa.Row[Any]]:
        found = list(connection.execute(sa.text(query)))
        if found and vault is None:
            raise Misconfigured(MISSING)
        return found

    def put(table: str, row: int, sealed: bytes) -> None:
        statement = sa.text(f'UPDATE {table} SET sealed = :sealed WHERE id = :id')
        connection.execute(statement, {'sealed': sealed, 'id': row})

    def seal(member: int, place: str, value: object) -> bytes:
        assert vault is not None
        return vault.seal(db, member, place, value) if member else vault.seal_common(db, place, value)

    said = "win <> '' OR obstacle <> '' OR next_step <> ''"
    for row in rows(f'SELECT id, member_id, day, win, obstacle, next_step FROM checkin WHERE {said}'):
        told = {name: getattr(row, name) for name in ('win', 'obstacle', 'next_step')}
        told = {name: words for name, words in told.items() if words}
        put('checkin', row.id, seal(row.member_id, f'checkin:{row.day}', told))
    for row in rows("SELECT id, member_id, day, answer FROM review WHERE answer <> ''"):
        put('review', row.id, seal(row.member_id, f'review:{row.day}', row.answer))
    for row in rows('SELECT id, member_id, name, "values" AS typed FROM draft'):
        put('draft', row.id, seal(row.member_id, f'draft:{row.name}', _read(row.typed)))
    for row in rows('SELECT id, place, message FROM local_post'):
        put('local_post', row.id, seal(0, f'post:{row.place}', _read(row.message)))


def _read(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def downgrade() -> None:
    raise NotImplementedError('What was sealed stays sealed: restore a backup instead.')
