"""the main job

Reason: members, their goals, check-ins and reviews, and what must still be sent.
"""

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inbound',
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('seen_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_inbound'))
    )
    with op.batch_alter_table('inbound', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbound_seen_at'), ['seen_at'], unique=False)

    op.create_table('local_clock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ahead', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_local_clock'))
    )
    op.create_table('local_post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('seen_by', sa.String(length=64), nullable=False),
    sa.Column('message', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=True),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_local_post')),
    sa.UniqueConstraint('key', name=op.f('uq_local_post_key'))
    )
    with op.batch_alter_table('local_post', schema=None) as batch_op:
        batch_op.create_index('ix_local_post_place', ['place', 'id'], unique=False)

    op.create_table('local_read',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('last_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_local_read')),
    sa.UniqueConstraint('person', 'place', name=op.f('uq_local_read_person_place'))
    )
    op.create_table('member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('user', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('stage', sa.String(length=100), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('dayfirst', sa.Boolean(), nullable=True),
    sa.Column('joined_at', UTCDateTime(), nullable=False),
    sa.Column('settled_at', UTCDateTime(), nullable=True),
    sa.Column('paused_at', UTCDateTime(), nullable=True),
    sa.Column('paused_until', UTCDateTime(), nullable=True),
    sa.Column('unreachable_since', UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member')),
    sa.UniqueConstraint('platform', 'workspace', 'user', name=op.f('uq_member_platform_workspace_user'))
    )
    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('occasion', sa.String(length=40), nullable=False),
    sa.Column('ref', sa.String(length=60), nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=False),
    sa.Column('available_at', UTCDateTime(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(length=120), nullable=False),
    sa.Column('claimed_until', UTCDateTime(), nullable=True),
    sa.Column('claim', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', UTCDateTime(), nullable=True),
    sa.Column('sent_ref', sa.String(length=120), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'dropped', 'failed')", name=op.f('ck_delivery_state_known')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_delivery_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('key', name=op.f('uq_delivery_key'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_member', ['member_id', 'due_at'], unique=False)
        batch_op.create_index('ix_delivery_waiting', ['available_at'], unique=False, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))

    op.create_table('draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('updated_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_draft_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('member_id', 'name', name=op.f('uq_draft_member_id_name'))
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_updated_at'), ['updated_at'], unique=False)

    op.create_table('goal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('why', sa.String(length=2000), nullable=False),
    sa.Column('area', sa.String(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('measure_unit', sa.String(length=60), nullable=False),
    sa.Column('measure_start', sa.Float(), nullable=True),
    sa.Column('measure_target', sa.Float(), nullable=True),
    sa.Column('measure_now', sa.Float(), nullable=True),
    sa.Column('confidence', sa.Integer(), nullable=True),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    sa.Column('asked_at', UTCDateTime(), nullable=True),
    sa.Column('moved_at', UTCDateTime(), nullable=True),
    sa.Column('reviewed_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint("status IN ('active', 'done', 'dropped')", name=op.f('ck_goal_status_known')),
    sa.CheckConstraint('(measure_target IS NULL) = (measure_start IS NULL)', name=op.f('ck_goal_measure_is_whole')),
    sa.CheckConstraint('confidence IS NULL OR confidence BETWEEN 0 AND 10', name=op.f('ck_goal_confidence')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_goal_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goal')),
    sa.UniqueConstraint('member_id', 'number', name=op.f('uq_goal_member_id_number'))
    )
    with op.batch_alter_table('goal', schema=None) as batch_op:
        batch_op.create_index('ix_goal_active', ['member_id', 'status'], unique=False)

    op.create_table('rhythm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('occasion', sa.String(length=40), nullable=False),
    sa.Column('rule', sa.String(length=60), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('anchor', sa.Date(), nullable=True),
    sa.Column('next_at', UTCDateTime(), nullable=False),
    sa.Column('stopped_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_rhythm_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rhythm')),
    sa.UniqueConstraint('member_id', 'occasion', name=op.f('uq_rhythm_member_id_occasion'))
    )
    with op.batch_alter_table('rhythm', schema=None) as batch_op:
        batch_op.create_index('ix_rhythm_due', ['next_at'], unique=False, postgresql_where=sa.text('stopped_at IS NULL'), sqlite_where=sa.text('stopped_at IS NULL'))

    op.create_table('checkin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=True),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('excused', sa.Boolean(), nullable=False),
    sa.Column('win', sa.String(length=2000), nullable=False),
    sa.Column('obstacle', sa.String(length=2000), nullable=False),
    sa.Column('next_step', sa.String(length=2000), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_checkin_delivery_id_delivery'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_checkin_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkin')),
    sa.UniqueConstraint('member_id', 'day', name=op.f('uq_checkin_member_id_day'))
    )
    op.create_table('goal_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name=op.f('fk_goal_event_goal_id_goal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goal_event'))
    )
    with op.batch_alter_table('goal_event', schema=None) as batch_op:
        batch_op.create_index('ix_goal_event_story', ['goal_id', 'at'], unique=False)

    op.create_table('if_then',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('cue', sa.String(length=300), nullable=False),
    sa.Column('act', sa.String(length=300), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name=op.f('fk_if_then_goal_id_goal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_if_then'))
    )
    with op.batch_alter_table('if_then', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_if_then_goal_id'), ['goal_id'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=True),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('question', sa.String(length=60), nullable=False),
    sa.Column('answer', sa.String(length=2000), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_review_delivery_id_delivery'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_review_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('member_id', 'day', name=op.f('uq_review_member_id_day'))
    )
    op.create_table('step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('done_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name=op.f('fk_step_goal_id_goal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step')),
    sa.UniqueConstraint('goal_id', 'position', name=op.f('uq_step_goal_id_position'))
    )
    op.create_table('checkin_goal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('checkin_id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('standing', sa.String(), nullable=True),
    sa.CheckConstraint("standing IN ('on_track', 'stuck', 'done', 'not_this_week')", name=op.f('ck_checkin_goal_standing_known')),
    sa.ForeignKeyConstraint(['checkin_id'], ['checkin.id'], name=op.f('fk_checkin_goal_checkin_id_checkin'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name=op.f('fk_checkin_goal_goal_id_goal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkin_goal')),
    sa.UniqueConstraint('checkin_id', 'goal_id', name=op.f('uq_checkin_goal_checkin_id_goal_id'))
    )
    with op.batch_alter_table('checkin_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checkin_goal_goal_id'), ['goal_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('checkin_goal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkin_goal_goal_id'))

    op.drop_table('checkin_goal')
    op.drop_table('step')
    op.drop_table('review')
    with op.batch_alter_table('if_then', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_if_then_goal_id'))

    op.drop_table('if_then')
    with op.batch_alter_table('goal_event', schema=None) as batch_op:
        batch_op.drop_index('ix_goal_event_story')

    op.drop_table('goal_event')
    op.drop_table('checkin')
    with op.batch_alter_table('rhythm', schema=None) as batch_op:
        batch_op.drop_index('ix_rhythm_due', postgresql_where=sa.text('stopped_at IS NULL'), sqlite_where=sa.text('stopped_at IS NULL'))

    op.drop_table('rhythm')
    with op.batch_alter_table('goal', schema=None) as batch_op:
        batch_op.drop_index('ix_goal_active')

    op.drop_table('goal')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_updated_at'))

    op.drop_table('draft')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_delivery_waiting', postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_delivery_member')

    op.drop_table('delivery')
    op.drop_table('member')
    op.drop_table('local_read')
    with op.batch_alter_table('local_post', schema=None) as batch_op:
        batch_op.drop_index('ix_local_post_place')

    op.drop_table('local_post')
    op.drop_table('local_clock')
    with op.batch_alter_table('inbound', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbound_seen_at'))

    op.drop_table('inbound')
