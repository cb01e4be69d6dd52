"""What a circle does together: its sessions, what it can vote for, and what goes around them.

All of it is reviewed content, `prompts/content/circles/programme.yaml`, with its source. Agendas
count from a session's start and know no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.circle_agenda import Agenda, Outline, Step, Way, read_outlines
from bot.domain.circle_manners import (
    Booster,
    CircleAgreement,
    CircleRole,
    Halfway,
    read_agreement,
    read_boosters,
    read_halfway,
    read_roles,
)
from bot.domain.circle_sessions import SessionPlan, Topic, Track, read_topics, read_tracks
from bot.domain.circles import Duty
from bot.domain.instruments import check_reviewed, held

__all__ = ["Agenda", "Programme", "SessionPlan", "Step", "Topic", "Track", "Way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The reviewed programme of circles."""

    topics: Mapping[str, Topic]  # the twelve, by id, in their order
    alternatives: Mapping[str, Topic]
    tracks: Mapping[Track, tuple[SessionPlan, ...]]
    halves: Mapping[Track, int]
    outlines: Mapping[Way, Outline]
    agreement: CircleAgreement
    roles: tuple[CircleRole, ...]
    halfway: Halfway
    boosters: tuple[Booster, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Programme":
        """Read the content file, or raise ValueError with the name of what is wrong."""
        check_reviewed(data)
        held(data, "licence", str)
        twelve, others = read_topics(data)
        tracks = read_tracks(data, twelve)
        return cls(
            topics=twelve,
            alternatives=others,
            tracks=tracks,
            halves=_halves(held(data, "halfway", dict), tracks),
            outlines=read_outlines(data),
            agreement=read_agreement(data),
            roles=read_roles(data),
            halfway=read_halfway(data),
            boosters=read_boosters(data),
        )

    def sessions(
        self, track: Track, voted: Mapping[int, str] | None = None
    ) -> tuple[SessionPlan, ...]:
        """List a form's sessions, with the topics (by id) that were voted into their places.

        Raises ValueError for a place or topic that cannot be, and for a topic that came twice.
        """
        voted = voted or {}
        plans = self.tracks[track]
        if beyond := voted.keys() - {plan.place for plan in plans}:
            raise ValueError(f"the {track} form has no session {min(beyond)}")
        found = tuple(
            self.substituted(plan, voted[plan.place]) if plan.place in voted else plan
            for plan in plans
        )
        ids = [topic.id for plan in found for topic in plan.topics]
        if twice := [each for each in ids if ids.count(each) > 1]:
            raise ValueError(f"{twice[0]} is in two sessions")
        return found

    def plan(self, track: Track, place: int, key: str) -> SessionPlan:
        """Find a session again by what a row keeps of it: its place, from 1, and its key."""
        own = next((plan for plan in self.tracks[track] if plan.place == place), None)
        if own is None:
            raise ValueError(f"the {track} form has no session {place}")
        return own if own.key == key else self.substituted(own, key)

    def substituted(self, plan: SessionPlan, topic_id: str) -> SessionPlan:
        """Put a voted topic in the place of a session's own; ValueError where none may be."""
        topic = self.topic(topic_id)
        if plan.fixed or topic_id in self._ends:
            raise ValueError("the launch and the closing stay where they are")
        return SessionPlan.of(topic, plan.place)

    def topic(self, topic_id: str) -> Topic:
        """Find one of the twelve or of the alternatives; ValueError for anything else."""
        found = self.topics.get(topic_id) or self.alternatives.get(topic_id)
        if found is None:
            raise ValueError(f"{topic_id} is no topic")
        return found

    def candidates(self, track: Track) -> tuple[Topic, ...]:
        """List what a circle can vote for: the twelve that its form lacks, and the alternatives."""
        there = {topic.id for plan in self.tracks[track] for topic in plan.topics}
        every = [*self.topics.values(), *self.alternatives.values()]
        return tuple(topic for topic in every if topic.id not in there)

    def agenda(self, plan: SessionPlan, way: Way) -> Agenda:
        """Say what happens when in a session, with its own words in place."""
        return self.outlines[way].filled(plan)

    def halfway_after(self, track: Track) -> int:
        """Give the place, from 1, of the session after which a circle looks at itself."""
        return self.halves[track]

    def role(self, duty: Duty) -> CircleRole:
        """Describe one of the four roles."""
        return next(role for role in self.roles if role.id is duty)

    @property
    def _ends(self) -> frozenset[str]:
        ids = list(self.topics)
        return frozenset({ids[0], ids[-1]})


def _halves(
    halfway: Mapping[str, Any], tracks: Mapping[Track, tuple[SessionPlan, ...]]
) -> dict[Track, int]:
    """Find the place of the session that is named by its topic, in each form."""
    after = held(halfway, "after", dict, "halfway.")
    found = {}
    for track, plans in tracks.items():
        name = held(after, track.value, str, "halfway.after.")
        places = [plan.place for plan in plans if name in {topic.id for topic in plan.topics}]
        if not places or places[0] == len(plans):
            raise ValueError(f"halfway.after.{track}: {name} is no session before the last")
        found[track] = places[0]
    return found
