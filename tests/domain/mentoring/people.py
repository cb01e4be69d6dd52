"""People as a round may have them."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.fit import Side
from bot.domain.mentoring import (
    Aim,
    CareerStage,
    Gap,
    MeetingChannel,
    MeetingRhythm,
    Plan,
    Role,
    Tone,
)

ALL_FREE = (1 << 28 * 24) - 1
BEGAN = datetime(2027, 1, 4, 9, tzinfo=UTC)


def _sides(first_id: int, name: str, roles: list[Role]) -> st.SearchStrategy[Side]:
    topics = st.frozensets(st.sampled_from("abcdef"), max_size=4)
    users = st.frozensets(st.sampled_from(["mentee", "mentor", "other"]), max_size=2)

    def side(seeks: frozenset[str], **said: object) -> Side:
        return Side(id=first_id, user=name, seeks=seeks, first=tuple(sorted(seeks)[:2]), **said)

    return st.builds(
        side,
        seeks=topics,
        role=st.sampled_from(roles),
        stage=st.sampled_from(CareerStage),
        tone=st.sampled_from(Tone),
        plan=st.sampled_from(Plan),
        aim=st.sampled_from(Aim),
        offers=topics,
        gap=st.sampled_from(Gap),
        languages=st.sampled_from([{"en"}, {"en", "fr"}, {"fr"}, set()]).map(frozenset),
        rhythm=st.sampled_from(MeetingRhythm),
        channel=st.sampled_from(MeetingChannel),
        capacity=st.sampled_from([1, 2, 3, 0]),
        hours=st.integers(0, 2**20).map(ALL_FREE.__sub__),
        not_with=users,
        conflicts=users,
        paused=st.sampled_from([False, False, False, True]),
    )


def mentees() -> st.SearchStrategy[Side]:
    return _sides(1, "mentee", [Role.MENTEE, Role.MENTEE, Role.BOTH, Role.MENTOR])


def mentors() -> st.SearchStrategy[Side]:
    return _sides(2, "mentor", [Role.MENTOR, Role.MENTOR, Role.BOTH, Role.MENTEE])


def somebody(number: int, role: Role, chance: random.Random) -> Side:
    """Make up one of many."""
    seeks = chance.sample("abcdefghijkl", chance.randint(1, 4))
    return Side(
        id=number,
        user=f"user{number}",
        role=role,
        stage=chance.choice(list(CareerStage)),
        tone=chance.choice(list(Tone)),
        plan=chance.choice(list(Plan)),
        aim=chance.choice(list(Aim)),
        offers=frozenset(chance.sample("abcdefghijkl", 5)),
        seeks=frozenset(seeks),
        first=tuple(seeks[:2]),
        gap=chance.choice(list(Gap)),
        languages=frozenset(chance.choices(["en", "fr", "de"], [8, 2, 1], k=2)),
        rhythm=chance.choice(list(MeetingRhythm)),
        channel=chance.choice(list(MeetingChannel)),
        capacity=chance.randint(1, 3),
        hours=chance.getrandbits(60) & chance.getrandbits(60),
        since=BEGAN + timedelta(minutes=chance.randint(0, 5)),
    )
