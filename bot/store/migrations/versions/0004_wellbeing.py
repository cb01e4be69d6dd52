"""wellbeing

Reason: pulses, self-checks, moments for small ideas, shifts and rota feeds, sums over teams. Quiet
days after a crisis become a pause like any other, and the event goes into the member's sealed
settings, so that no row tells of it.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

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
    op.drop_index('ix_safety_event_member', 'safety_event')
    op.drop_table('safety_event')


def downgrade() -> None:
    raise NotImplementedError('What was sealed stays sealed: restore a backup instead.')
