"""mentoring

Reason: mentorship: profiles, requests, match rounds, and two people who meet.
"""

import sqlalchemy as sa

from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('last_number',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_last_number'))
    )
    op.create_table('match_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('coordinator_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('opened_at', UTCDateTime(), nullable=False),
    sa.Column('closes_at', UTCDateTime(), nullable=False),
    sa.Column('published_at', UTCDateTime(), nullable=True),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'draft', 'published', 'cancelled')", name=op.f('ck_match_round_state_known')),
    sa.ForeignKeyConstraint(['coordinator_id'], ['member.id'], name=op.f('fk_match_round_coordinator_id_member'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_round')),
    sqlite_autoincrement=True
    )

    with op.batch_alter_table('match_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_match_round_coordinator_id'), ['coordinator_id'], unique=False)
        batch_op.create_index('ix_match_round_place', ['platform', 'workspace', 'state'], unique=False)
        batch_op.create_index('uq_match_round_going_on', ['platform', 'workspace'], unique=True, postgresql_where=sa.text("state IN ('open', 'draft')"), sqlite_where=sa.text("state IN ('open', 'draft')"))

    op.create_table('mentor_profile',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('offers', sa.String(length=400), nullable=False),
    sa.Column('seeks', sa.String(length=400), nullable=False),
    sa.Column('first', sa.String(length=80), nullable=False),
    sa.Column('gap', sa.String(), nullable=False),
    sa.Column('tone', sa.String(), nullable=False),
    sa.Column('plan', sa.String(), nullable=False),
    sa.Column('aim', sa.String(), nullable=False),
    sa.Column('languages', sa.String(length=60), nullable=False),
    sa.Column('rhythm', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('declined', sa.Integer(), nullable=False),
    sa.Column('shown_at', UTCDateTime(), nullable=True),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('updated_at', UTCDateTime(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("aim IN ('move', 'craft')", name=op.f('ck_mentor_profile_aim_known')),
    sa.CheckConstraint("channel IN ('any', 'video', 'in_person', 'text')", name=op.f('ck_mentor_profile_channel_known')),
    sa.CheckConstraint("gap IN ('any', 'near_peer', 'senior')", name=op.f('ck_mentor_profile_gap_known')),
    sa.CheckConstraint("plan IN ('structured', 'open')", name=op.f('ck_mentor_profile_plan_known')),
    sa.CheckConstraint("rhythm IN ('weekly', 'fortnightly', 'monthly')", name=op.f('ck_mentor_profile_rhythm_known')),
    sa.CheckConstraint("role IN ('mentee', 'mentor', 'both')", name=op.f('ck_mentor_profile_role_known')),
    sa.CheckConstraint("stage IN ('student', 'early_training', 'late_training', 'early_career', 'mid_career', 'senior')", name=op.f('ck_mentor_profile_stage_known')),
    sa.CheckConstraint("tone IN ('challenge', 'encourage')", name=op.f('ck_mentor_profile_tone_known')),
    sa.CheckConstraint('capacity BETWEEN 1 AND 5', name=op.f('ck_mentor_profile_capacity_in_range')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_mentor_profile_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_mentor_profile'))
    )

    op.create_table('mentor_request',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mentor_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('passes_on', sa.Boolean(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'accepted', 'declined', 'withdrawn')", name=op.f('ck_mentor_request_state_known')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_mentor_request_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mentor_id'], ['member.id'], name=op.f('fk_mentor_request_mentor_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_request')),
    sqlite_autoincrement=True
    )

    with op.batch_alter_table('mentor_request', schema=None) as batch_op:
        batch_op.create_index('ix_mentor_request_member', ['member_id', 'state'], unique=False)
        batch_op.create_index('ix_mentor_request_mentor', ['mentor_id', 'state'], unique=False)
        batch_op.create_index('uq_mentor_request_open', ['member_id', 'mentor_id'], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))

    op.create_table('mentorship',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mentor_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('began_at', UTCDateTime(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('agreed_by_mentee_at', UTCDateTime(), nullable=True),
    sa.Column('agreed_by_mentor_at', UTCDateTime(), nullable=True),
    sa.Column('paused_at', UTCDateTime(), nullable=True),
    sa.Column('resumed_at', UTCDateTime(), nullable=True),
    sa.Column('extension_by', sa.String(length=10), nullable=False),
    sa.Column('silence_asked_at', UTCDateTime(), nullable=True),
    sa.Column('ended_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_mentorship_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mentor_id'], ['member.id'], name=op.f('fk_mentorship_mentor_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['match_round.id'], name=op.f('fk_mentorship_round_id_match_round'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentorship')),
    sqlite_autoincrement=True
    )

    with op.batch_alter_table('mentorship', schema=None) as batch_op:
        batch_op.create_index('ix_mentorship_member', ['member_id', 'ended_at'], unique=False)
        batch_op.create_index('ix_mentorship_mentor', ['mentor_id', 'ended_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_mentorship_round_id'), ['round_id'], unique=False)
        batch_op.create_index('uq_mentorship_open', ['member_id', 'mentor_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))

    op.create_table('round_draft',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('chosen', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['match_round.id'], name=op.f('fk_round_draft_round_id_match_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('round_id', name=op.f('pk_round_draft'))
    )

    op.create_table('round_entry',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('joined_at', UTCDateTime(), nullable=False),
    sa.CheckConstraint("side IN ('mentee', 'mentor')", name=op.f('ck_round_entry_side_known')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_round_entry_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['match_round.id'], name=op.f('fk_round_entry_round_id_match_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_entry')),
    sa.UniqueConstraint('round_id', 'member_id', 'side', name=op.f('uq_round_entry_round_id_member_id_side'))
    )

    with op.batch_alter_table('round_entry', schema=None) as batch_op:
        batch_op.create_index('ix_round_entry_member', ['member_id'], unique=False)

    op.create_table('round_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('mentee_id', sa.Integer(), nullable=False),
    sa.Column('mentor_id', sa.Integer(), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['mentee_id'], ['member.id'], name=op.f('fk_round_pair_mentee_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mentor_id'], ['member.id'], name=op.f('fk_round_pair_mentor_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['match_round.id'], name=op.f('fk_round_pair_round_id_match_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_pair')),
    sa.UniqueConstraint('round_id', 'mentee_id', name=op.f('uq_round_pair_round_id_mentee_id'))
    )

    with op.batch_alter_table('round_pair', schema=None) as batch_op:
        batch_op.create_index('ix_round_pair_mentee', ['mentee_id'], unique=False)
        batch_op.create_index('ix_round_pair_mentor', ['mentor_id'], unique=False)

    op.create_table('mentor_meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mentorship_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_at', UTCDateTime(), nullable=True),
    sa.Column('proposed_at', UTCDateTime(), nullable=True),
    sa.Column('proposed_by', sa.String(length=10), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('held_at', UTCDateTime(), nullable=True),
    sa.Column('missed_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['mentorship_id'], ['mentorship.id'], name=op.f('fk_mentor_meeting_mentorship_id_mentorship'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_meeting')),
    sa.UniqueConstraint('mentorship_id', 'number', name=op.f('uq_mentor_meeting_mentorship_id_number')),
    sqlite_autoincrement=True
    )

    op.create_table('shared_goal',
    sa.Column('mentorship_id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name=op.f('fk_shared_goal_goal_id_goal'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mentorship_id'], ['mentorship.id'], name=op.f('fk_shared_goal_mentorship_id_mentorship'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mentorship_id', 'goal_id', name=op.f('pk_shared_goal'))
    )

    with op.batch_alter_table('shared_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_goal_goal_id'), ['goal_id'], unique=False)

    op.create_table('meeting_note',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.CheckConstraint("side IN ('mentee', 'mentor')", name=op.f('ck_meeting_note_side_known')),
    sa.ForeignKeyConstraint(['meeting_id'], ['mentor_meeting.id'], name=op.f('fk_meeting_note_meeting_id_mentor_meeting'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_meeting_note_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_note')),
    sa.UniqueConstraint('meeting_id', 'member_id', name=op.f('uq_meeting_note_meeting_id_member_id'))
    )

    with op.batch_alter_table('meeting_note', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_note_member', ['member_id'], unique=False)


def downgrade() -> None:
    op.drop_table('last_number')
    op.drop_table('meeting_note')
    op.drop_table('shared_goal')
    op.drop_table('mentor_meeting')
    op.drop_table('round_pair')
    op.drop_table('round_entry')
    op.drop_table('round_draft')
    op.drop_table('mentorship')
    op.drop_table('mentor_request')
    op.drop_table('mentor_profile')
    op.drop_table('match_round')
