"""circles

Reason: circles with their sessions, and channels with threads and pins in the local workspace.
"""

import sqlalchemy as sa

from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('local_room',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('purpose', sa.String(length=250), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('archived_at', UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_local_room')),
    sa.UniqueConstraint('key', name=op.f('uq_local_room_key')),
    sa.UniqueConstraint('name', name=op.f('uq_local_room_name'))
    )

    op.create_table('circle',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('length', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=True),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('rule', sa.String(length=60), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('room', sa.String(length=120), nullable=False),
    sa.Column('lost_at', UTCDateTime(), nullable=True),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint("form IN ('live', 'text', 'async')", name=op.f('ck_circle_form_known')),
    sa.CheckConstraint("length IN ('full', 'short')", name=op.f('ck_circle_length_known')),
    sa.CheckConstraint("state IN ('gathering', 'running', 'closed')", name=op.f('ck_circle_state_known')),
    sa.ForeignKeyConstraint(['host_id'], ['member.id'], name=op.f('fk_circle_host_id_member'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle')),
    sqlite_autoincrement=True
    )

    with op.batch_alter_table('circle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circle_host_id'), ['host_id'], unique=False)
        batch_op.create_index('ix_circle_place', ['platform', 'workspace', 'state'], unique=False)

    op.create_table('circle_wait',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('length', sa.String(), nullable=False),
    sa.Column('since', UTCDateTime(), nullable=False),
    sa.CheckConstraint("form IN ('live', 'text', 'async')", name=op.f('ck_circle_wait_form_known')),
    sa.CheckConstraint("length IN ('full', 'short')", name=op.f('ck_circle_wait_length_known')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_circle_wait_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_circle_wait'))
    )

    op.create_table('local_seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['local_room.id'], name=op.f('fk_local_seat_room_id_local_room'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_local_seat')),
    sa.UniqueConstraint('room_id', 'person', name=op.f('uq_local_seat_room_id_person'))
    )

    with op.batch_alter_table('local_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_local_seat_person'), ['person'], unique=False)

    op.create_table('circle_seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('circle_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('since', UTCDateTime(), nullable=False),
    sa.Column('kept_out', sa.String(length=60), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint("state IN ('invited', 'in', 'declined', 'left')", name=op.f('ck_circle_seat_state_known')),
    sa.ForeignKeyConstraint(['circle_id'], ['circle.id'], name=op.f('fk_circle_seat_circle_id_circle'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_circle_seat_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle_seat')),
    sa.UniqueConstraint('circle_id', 'member_id', name=op.f('uq_circle_seat_circle_id_member_id'))
    )

    with op.batch_alter_table('circle_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circle_seat_member_id'), ['member_id'], unique=False)
        batch_op.create_index('uq_circle_seat_in', ['member_id'], unique=True, postgresql_where=sa.text("state = 'in'"), sqlite_where=sa.text("state = 'in'"))

    op.create_table('circle_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('circle_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=80), nullable=False),
    sa.Column('starts_at', UTCDateTime(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=True),
    sa.Column('timekeeper_id', sa.Integer(), nullable=True),
    sa.Column('scribe_id', sa.Integer(), nullable=True),
    sa.Column('care_id', sa.Integer(), nullable=True),
    sa.Column('light', sa.Boolean(), nullable=False),
    sa.Column('opened_at', UTCDateTime(), nullable=True),
    sa.Column('thread', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['care_id'], ['member.id'], name=op.f('fk_circle_session_care_id_member'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['circle_id'], ['circle.id'], name=op.f('fk_circle_session_circle_id_circle'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['host_id'], ['member.id'], name=op.f('fk_circle_session_host_id_member'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['scribe_id'], ['member.id'], name=op.f('fk_circle_session_scribe_id_member'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['timekeeper_id'], ['member.id'], name=op.f('fk_circle_session_timekeeper_id_member'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle_session')),
    sa.UniqueConstraint('circle_id', 'number', name=op.f('uq_circle_session_circle_id_number')),
    sqlite_autoincrement=True
    )

    with op.batch_alter_table('circle_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circle_session_care_id'), ['care_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_circle_session_host_id'), ['host_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_circle_session_scribe_id'), ['scribe_id'], unique=False)
        batch_op.create_index('ix_circle_session_starts', ['circle_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_circle_session_timekeeper_id'), ['timekeeper_id'], unique=False)

    op.create_table('halfway_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('circle_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('wish', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['circle_id'], ['circle.id'], name=op.f('fk_halfway_vote_circle_id_circle'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_halfway_vote_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_halfway_vote')),
    sa.UniqueConstraint('circle_id', 'member_id', name=op.f('uq_halfway_vote_circle_id_member_id'))
    )

    with op.batch_alter_table('halfway_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_halfway_vote_member_id'), ['member_id'], unique=False)

    op.create_table('topic_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('circle_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['circle_id'], ['circle.id'], name=op.f('fk_topic_vote_circle_id_circle'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_topic_vote_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic_vote')),
    sa.UniqueConstraint('circle_id', 'member_id', name=op.f('uq_topic_vote_circle_id_member_id'))
    )

    with op.batch_alter_table('topic_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topic_vote_member_id'), ['member_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('presence', sa.String(), nullable=False),
    sa.CheckConstraint("presence IN ('coming', 'not_coming', 'there', 'missed')", name=op.f('ck_attendance_presence_known')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_attendance_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['circle_session.id'], name=op.f('fk_attendance_session_id_circle_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('session_id', 'member_id', name=op.f('uq_attendance_session_id_member_id'))
    )

    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_member_id'), ['member_id'], unique=False)

    op.create_table('circle_note',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_circle_note_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['circle_session.id'], name=op.f('fk_circle_note_session_id_circle_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle_note')),
    sa.UniqueConstraint('session_id', 'member_id', name=op.f('uq_circle_note_session_id_member_id'))
    )

    with op.batch_alter_table('circle_note', schema=None) as batch_op:
        batch_op.create_index('ix_circle_note_member', ['member_id'], unique=False)

    with op.batch_alter_table('local_post', schema=None) as batch_op:
        batch_op.add_column(sa.Column('thread', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('pinned', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('local_post', schema=None) as batch_op:
        batch_op.drop_column('pinned')
        batch_op.drop_column('thread')
    op.drop_table('circle_note')
    op.drop_table('attendance')
    op.drop_table('topic_vote')
    op.drop_table('halfway_vote')
    op.drop_table('circle_session')
    op.drop_table('circle_seat')
    op.drop_table('local_seat')
    op.drop_table('circle_wait')
    op.drop_table('circle')
    op.drop_table('local_room')
