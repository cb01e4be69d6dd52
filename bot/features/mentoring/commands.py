"""/mentor: where I stand, and which requests wait."""

from bot.chat.prompt import Prompt
from bot.domain.mentoring import Role
from bot.engine import mentoring
from bot.engine.mentoring import name_of
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.mentoring.answering import request_told
from bot.features.mentoring.group import mentor_group
from bot.features.mentoring.prompts import MentoringHome
from bot.features.mentoring.request_prompts import OpenRequest, Requests
from bot.models import Member, MentorRequest
from bot.store import members, pairs, profiles, requests


@mentor_group.command()
def home(turn: Turn) -> Prompt:
    """See where you stand: mentors, mentees, and requests."""
    db, me = turn.db, turn.member.key
    mine = profiles.of(db, me)
    gives = mine is not None and Role(mine.role).gives
    taken = profiles.loads(db, [me], turn.now)[me]
    return MentoringHome(
        has_profile=mine is not None,
        seeks=mine is not None and Role(mine.role).seeks,
        gives=gives,
        paused=mine is not None and mine.paused,
        mentors=tuple(name_of(who) for _, who in pairs.mentors_of(db, me)),
        mentees=tuple(name_of(who) for _, who in pairs.of_mentor(db, me)),
        sent=len(requests.sent(db, me, turn.now)),
        received=len(_received(turn)),
        open_places=max(0, mine.capacity - taken) if mine is not None and gives else 0,
    )


@mentor_group.command("requests")
def all_requests(turn: Turn) -> Prompt:
    """See the requests that wait, yours and those to you."""
    db, me = turn.db, turn.member.key
    return Requests(
        sent=_told(turn, requests.sent(db, me, turn.now)),
        received=_told(turn, _received(turn)),
    )


def _received(turn: Turn) -> list[tuple[MentorRequest, Member]]:
    """List the requests to this member that wait, but for those of whom they are kept apart."""
    rows = requests.received(turn.db, turn.member.key, turn.now)
    return [row for row in rows if not mentoring.kept_apart(turn.db, row[1], turn.member)]


def _told(turn: Turn, rows: list[tuple[MentorRequest, Member]]) -> tuple[OpenRequest, ...]:
    return tuple(
        OpenRequest(each.key, name_of(who), turn.at(each.expires_at).date()) for each, who in rows
    )


@mentor_group.action("request")
def look(turn: Turn, request_id: int) -> Prompt:
    """Look at one request."""
    request = requests.by_id(turn.db, request_id)
    if request is None or request.mentor_id != turn.member.key:
        raise Refused("help.old_button")
    mentee = members.by_id(turn.db, request.member_id)
    if not request.is_open(turn.now) or mentoring.kept_apart(turn.db, mentee, turn.member):
        raise Refused("mentoring.refused.over")
    return request_told(turn, request, again=False)
