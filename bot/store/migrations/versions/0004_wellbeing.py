"""wellbeing

Reason: pulses, self-checks, moments for small ideas, shifts and rota feeds, sums over teams. Quiet
days after a crisis become a pause like any other, and the event goes into the member's sealed
settings, so that no row tells of it. The words of goals, steps, plans and stories are sealed, and
each such row names its member.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.errors import Misconfigured
from bot.store.vault import MISSING, Vault

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

#: Where members wrote words until now, by table.
_WORDS = {
    'goal': ('title', 'why', 'measure_unit'),
    'step': ('text',),
    'if_then': ('cue', 'act'),
    'goal_event': ('note',),
}
#: Rows that are sealed before the next ones are read.
_BATCH = 1_000

_KINDS = ('night', 'call24', 'homecall', 'day', 'evening', 'off', 'leave', 'nonshift')


def _of_member(table: str, *columns: sa.schema.SchemaItem, unique: str = '', own_id: bool = True) -> None:
    """Make a table whose rows go when their member goes."""
    key = [sa.Column('id', sa.Integer(), nullable=False)] if own_id else []
    rules = [
        sa.ForeignKeyConstraint(
            ['member_id'], ['member.id'], name=op.f(f'fk_{table}_member_id_member'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id' if own_id else 'member_id', name=op.f(f'pk_{table}')),
    ]
    if unique:
        rules.append(
            sa.UniqueConstraint('member_id', unique, name=op.f(f'uq_{table}_member_id_{unique}'))
        )
    op.create_table(
        table, *key, sa.Column('member_id', sa.Integer(), nullable=False), *columns, *rules
    )


def _sealed() -> sa.Column[bytes]:
    return sa.Column('sealed', sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    _of_member(
        'pulse',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('asked_at', UTCDateTime(), nullable=True),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        unique='day',
    )
    _of_member('assessment', sa.Column('at', UTCDateTime(), nullable=False), _sealed())
    op.create_index('ix_assessment_member', 'assessment', ['member_id', 'at'])
    _of_member('moment', sa.Column('at', UTCDateTime(), nullable=False), _sealed(), unique='at')
    _of_member('private', _sealed(), own_id=False)
    _of_member(
        'shift',
        sa.Column('starts_at', UTCDateTime(), nullable=False),
        sa.Column('ends_at', UTCDateTime(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('from_feed', sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            'kind IN (' + ', '.join(f"'{kind}'" for kind in _KINDS) + ')',
            name=op.f('ck_shift_kind_known'),
        ),
    )
    op.create_index('ix_shift_member', 'shift', ['member_id', 'ends_at'])
    _of_member(
        'feed',
        _sealed(),
        sa.Column('next_at', UTCDateTime(), nullable=False),
        sa.Column('read_at', UTCDateTime(), nullable=True),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('told', sa.Boolean(), nullable=False),
        sa.Column('labels', sa.JSON(), nullable=False),
        own_id=False,
    )
    op.create_index(op.f('ix_feed_next_at'), 'feed', ['next_at'])
    op.create_table(
        'team_book',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('platform', sa.String(length=20), nullable=False),
        sa.Column('workspace', sa.String(length=64), nullable=False),
        sa.Column('question', sa.String(length=40), nullable=False),
        _sealed(),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_team_book')),
        sa.UniqueConstraint(
            'platform', 'workspace', 'question', name=op.f('uq_team_book_platform_workspace_question')
        ),
    )
    op.add_column('member', sa.Column('team', sa.String(length=60), nullable=False, server_default=''))
    op.add_column(
        'member', sa.Column('quiet_hours', sa.String(length=11), nullable=False, server_default='')
    )
    op.add_column('member', sa.Column('seen_at', UTCDateTime(), nullable=True))
    op.execute(
        'UPDATE member SET paused_at = quiet_until, paused_until = quiet_until '
        'WHERE quiet_until IS NOT NULL AND paused_at IS NULL'
    )
    op.drop_column('member', 'quiet_until')
    for table in ('checkin', 'review'):  # a delivery that is forgotten looks for what refers to it
        op.create_index(op.f(f'ix_{table}_delivery_id'), table, ['delivery_id'])
    op.drop_index('ix_safety_event_member', 'safety_event')
    op.drop_table('safety_event')
    _seal_goals()


def _seal_goals() -> None:
    for table in _WORDS:
        op.add_column(table, sa.Column('sealed', sa.LargeBinary(), nullable=False, server_default=''))
        if table != 'goal':
            op.add_column(table, sa.Column('member_id', sa.Integer(), nullable=True))
            op.execute(
                f'UPDATE {table} SET member_id = '
                f'(SELECT member_id FROM goal WHERE goal.id = {table}.goal_id)'
            )
    connection = op.get_bind()
    vault: Vault | None = context.config.attributes.get('vault')
    db = Session(bind=connection, join_transaction_mode='rollback_only', info={'vault': vault})
    for table, columns in _WORDS.items():
        for row in _rows(connection, table):
            if vault is None:
                raise Misconfigured(MISSING)
            told = {name: row[name] for name in columns if row[name]}
            sealed = vault.seal(db, row['member_id'], _place(table, row), told)
            # The words go now: a dropped column may linger in the rows that had it.
            gone = ''.join(f", {name} = ''" for name in columns)
            statement = sa.text(f'UPDATE {table} SET sealed = :sealed{gone} WHERE id = :id')
            connection.execute(statement, {'sealed': sealed, 'id': row['id']})
        if table == 'goal':
            # Other tables refer to it: on SQLite it may not be made anew.
            for name in columns:
                op.drop_column(table, name)
        else:
            _name_the_member(table, columns)


def _name_the_member(table: str, words: tuple[str, ...]) -> None:
    with op.batch_alter_table(table) as batch:
        for name in words:
            batch.drop_column(name)
        batch.alter_column('member_id', existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f(f'fk_{table}_member_id_member'), 'member', ['member_id'], ['id'], ondelete='CASCADE'
        )
        batch.create_index(f'ix_{table}_member', ['member_id'])


def _rows(connection: sa.Connection, table: str) -> Iterator[dict[str, Any]]:
    part = sa.text(f'SELECT * FROM {table} WHERE id > :last ORDER BY id LIMIT {_BATCH}')
    moments = {'if_then': 'created_at', 'goal_event': 'at'}
    found = part.columns(**{moments[table]: UTCDateTime()}) if table in moments else part
    last = 0
    while rows := connection.execute(found, {'last': last}).mappings().all():
        yield from (dict(row) for row in rows)
        last = rows[-1]['id']


def _place(table: str, row: dict[str, Any]) -> str:
    """Name a row as `bot.models.goal` does."""

    def moment(at: datetime) -> str:
        return at.astimezone(UTC).isoformat()

    if table == 'goal':
        return f'goal:{row["number"]}'
    if table == 'step':
        return f'step:{row["goal_id"]}:{row["position"]}'
    if table == 'if_then':
        return f'plan:{row["goal_id"]}:{moment(row["created_at"])}'
    return f'event:{row["goal_id"]}:{moment(row["at"])}:{row["kind"]}'


def downgrade() -> None:
    raise NotImplementedError('What was sealed stays sealed: restore a backup instead.')
