"""From rows to a pair as one of the two sees it, and from words to the pair that is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.mentorship import LENGTH, TWICE
from bot.domain.text import one_line
from bot.domain.zones import local
from bot.engine.mentorships import both
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Refused
from bot.models import Delivery, Meeting, Member, Mentorship, Side
from bot.store import mentorships


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentorship as one of the two sees it."""

    row: Mentorship
    side: Side
    me: Member
    other: Member

    @property
    def key(self) -> int:
        """The number of its row."""
        return self.row.key

    @property
    def name(self) -> str:
        """What the other is called."""
        return called(self.other)

    @property
    def is_mentee(self) -> bool:
        """Whether this is the mentee's side."""
        return self.side is Side.MENTEE

    @property
    def members(self) -> tuple[Member, Member]:
        """Mentee and mentor."""
        return (self.me, self.other) if self.is_mentee else (self.other, self.me)

    def ended_on(self, now: datetime) -> datetime | None:
        """Tell when it ended, be it by its last day alone; None while it goes on."""
        if self.row.ended_at is not None:
            return self.row.ended_at
        return now if now.date() > self.row.ends_on else None


@dataclass(frozen=True, slots=True)
class When:
    """A moment on the wall of the reader, and on the other's where the clocks differ."""

    mine: datetime
    theirs: datetime | None


def called(member: Member) -> str:
    """Give what a member is called."""
    return member.name or member.user


def pair_of(turn: Turn, row: Mentorship) -> Pair:
    """See a mentorship from the side of the member whose turn it is."""
    mentee, mentor = both(turn.db, row)
    if turn.member.key == row.member_id:
        return Pair(row, Side.MENTEE, turn.member, mentor)
    return Pair(row, Side.MENTOR, turn.member, mentee)


def owned(turn: Turn, mentorship_id: int) -> Pair:
    """Load a mentorship that goes on, through its member: nobody presses another's button."""
    row = mentorships.owned(turn.db, turn.member.key, mentorship_id)
    if row is None:
        raise Refused("help.old_button")
    return _going_on(turn, pair_of(turn, row))


def owned_meeting(turn: Turn, meeting_id: int) -> tuple[Pair, Meeting]:
    """Load a meeting of a mentorship that goes on, through its member."""
    found = mentorships.meeting_of(turn.db, turn.member.key, meeting_id)
    if found is None:
        raise Refused("help.old_button")
    return _going_on(turn, pair_of(turn, found[0])), found[1]


def _going_on(turn: Turn, pair: Pair) -> Pair:
    ended = pair.ended_on(turn.now)
    if ended is not None:
        raise Refused("mentorships.refused.over", name=pair.name, on=turn.at(ended).date())
    return pair


def promised(turn: Turn, delivery: Delivery) -> tuple[Pair | None, list[str]]:
    """Load what a delivery is about; None where it is gone, with what else it names."""
    number, *more = delivery.ref.split(":")
    row = mentorships.owned(turn.db, turn.member.key, int(number))
    return (None if row is None else pair_of(turn, row)), more


def pairs(turn: Turn) -> list[Pair]:
    """List the mentorships of a member that go on."""
    rows = mentorships.going_on(turn.db, turn.member.key, turn.now.date())
    return [pair_of(turn, each) for each in rows]


def meant(turn: Turn, text: str | None, verb: str) -> Pair:
    """Find the mentorship that a command means: by a name, the only one, or by asking."""
    among, words = pairs(turn), one_line(text or "")
    if among and words and (not (found := _named(among, words))[0] or found[1]):
        known = ", ".join(each.name for each in among)
        raise Refused("mentorships.refused.nobody", name=words, known=known)
    return owned(turn, split(turn, words, verb, among)[0].key)


def split(turn: Turn, text: str, verb: str, among: Sequence[Pair]) -> tuple[Pair, str]:
    """Take a name off the beginning or the end of what was typed; give the rest."""
    if not among:
        raise Refused("mentorships.refused.none")
    words = one_line(text)
    found, rest = _named(among, words)
    found = found or list(among)
    if len(found) == 1:
        return found[0], rest
    options = tuple(f"/mentor {verb} #{each.key} {rest}".strip() for each in found)
    labels = (turn.words.short(f"mentorships.side.{each.side}", name=each.name) for each in found)
    raise Ambiguous("mentorships.which", options).labelled(tuple(labels))


def _named(among: Iterable[Pair], text: str) -> tuple[list[Pair], str]:
    low = text.casefold()
    best: tuple[list[Pair], str] = ([], text)
    length = 0
    for pair in among:
        for name in _names(pair):
            rest = _without(low, name, text)
            if rest is None or len(name) < length:
                continue
            if len(name) > length:
                best, length = ([], rest), len(name)
            if pair not in best[0]:
                best[0].append(pair)
    return best


def _names(pair: Pair) -> set[str]:
    name = called(pair.other).casefold()
    plain = {name, name.split(" ")[0], pair.other.user.casefold(), f"#{pair.key}"}
    return plain | {f"@{each}" for each in plain} | {f"with {each}" for each in plain}


def _without(low: str, name: str, text: str) -> str | None:
    if low == name:
        return ""
    if low.startswith(f"{name} "):
        return text[len(name) + 1 :].strip()
    return text[: -len(name) - 1].strip() if low.endswith(f" {name}") else None


def when(pair: Pair, moment: datetime) -> When:
    """Put a moment on both walls."""
    mine, theirs = local(moment, pair.me.zone), local(moment, pair.other.zone)
    same = mine.replace(tzinfo=None) == theirs.replace(tzinfo=None)
    return When(mine, None if same else theirs)


def open_meeting(turn: Turn, pair: Pair) -> Meeting | None:
    """Find the meeting that is looked for or planned; None when the next has to begin."""
    last = next(reversed(mentorships.meetings(turn.db, pair.key)), None)
    if last is None or last.held_at is not None or last.missed_at is not None:
        return None
    if last.proposed_at is not None and last.proposed_at > turn.now:
        return last  # it was to be moved, and still can be
    is_past = last.starts_at is not None and last.starts_at + LENGTH <= turn.now
    return None if is_past else last


def planned(turn: Turn, pair: Pair) -> datetime | None:
    """Tell when they meet next; None while no time is chosen."""
    there = open_meeting(turn, pair)
    return None if there is None else there.starts_at


def last_contact(turn: Turn, pair: Pair) -> datetime:
    """Tell since when nobody has met: it may lie ahead, where a meeting is planned."""
    there = mentorships.meetings(turn.db, pair.key)
    met = [each.starts_at for each in there if each.starts_at and not each.missed_at]
    return max([pair.row.began_at, *met, *([pair.row.resumed_at] if pair.row.resumed_at else [])])


def have_met(turn: Turn, pair: Pair) -> bool:
    """Tell whether they have met, as far as one knows, or have a time for it."""
    there = mentorships.meetings(turn.db, pair.key)
    return any(each.starts_at and not each.missed_at for each in there)


def missed_twice(turn: Turn, pair: Pair) -> bool:
    """Tell whether neither of the last two meetings whose time was chosen took place."""
    there = mentorships.meetings(turn.db, pair.key)
    last = [each for each in there if each.starts_at is not None][-TWICE:]
    return len(last) == TWICE and all(each.missed_at is not None for each in last)


def waits_for_yes(turn: Turn, pair: Pair) -> Meeting | None:
    """Find the meeting for which one of the two proposes a time ahead, and waits for a yes."""
    there = open_meeting(turn, pair)
    time = None if there is None else there.proposed_at
    return there if time is not None and time > turn.now else None


def soon(turn: Turn) -> datetime:
    """Give the first moment that is proposed: the other needs time to see it, and to say yes."""
    return turn.now + timedelta(hours=36)
