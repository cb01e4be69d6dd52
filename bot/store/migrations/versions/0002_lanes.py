"""lanes

Reason: workspaces take fair turns, at the pace that their platform allows, over all couriers.
"""

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lane',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('open_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lane')),
    sa.UniqueConstraint('platform', 'workspace', name=op.f('uq_lane_platform_workspace'))
    )
    # The default lets the version before this one go on writing during an upgrade.
    op.add_column('delivery', sa.Column('workspace', sa.String(length=64), nullable=False, server_default=''))
    op.execute(
        'UPDATE delivery SET workspace = '
        '(SELECT member.workspace FROM member WHERE member.id = delivery.member_id)'
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index('ix_delivery_lane', 'delivery', ['platform', 'workspace', 'available_at', 'id'],
                    postgresql_where=waiting, sqlite_where=waiting)


def downgrade() -> None:
    waiting = sa.text("state = 'waiting'")
    op.drop_index('ix_delivery_lane', 'delivery', postgresql_where=waiting, sqlite_where=waiting)
    op.drop_column('delivery', 'workspace')
    op.drop_table('lane')
