"""What the coach writes to one person about a circle, of its own accord."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, kw_only=True)
class InvitedLetter(Prompt):
    """Somebody would like to have you in their circle."""

    words = "circles/dm_invited.md"
    circle_id: int
    name: str
    host: str
    meets: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.accept", self.circle_id, says="circles.press.join", primary=True)
        yield press("circle.decline", self.circle_id, says="circles.press.not_now")


@dataclass(frozen=True, kw_only=True)
class FormedLetter(Prompt):
    """A circle was formed, and you are in it."""

    words = "circles/dm_formed.md"
    name: str
    people: tuple[str, ...]
    host: str
    is_host: bool
    meets: str

    def buttons(self) -> Iterable[Press]:
        if self.is_host:
            yield press("circle.schedule", says="circles.press.schedule", primary=True)
        yield press("circle.", says="circles.press.mine")


@dataclass(frozen=True, kw_only=True)
class StillWaitingLetter(Prompt):
    """Circles were formed, and there was none for you."""

    words = "circles/dm_still_waiting.md"
    reason: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.wish", says="circles.press.change_wish")
        yield press("circle.leave", says="circles.press.stop_waiting")


@dataclass(frozen=True, kw_only=True)
class ReadyLetter(Prompt):
    """Enough have come: a circle begins."""

    words = "circles/dm_ready.md"
    name: str
    people: int

    def buttons(self) -> Iterable[Press]:
        yield press("circle.schedule", says="circles.press.schedule", primary=True)


@dataclass(frozen=True, kw_only=True)
class GatheringLetter(Prompt):
    """A week after a circle was founded it is still too small."""

    words = "circles/dm_gathering.md"
    circle_id: int
    name: str
    people: int
    open: int
    needed: int

    def buttons(self) -> Iterable[Press]:
        yield press("circle.more", self.circle_id, says="circles.press.invite", primary=True)
        yield press("circle.close", says="circles.press.close")


@dataclass(frozen=True, kw_only=True)
class HostLetter(Prompt):
    """You look after a circle from now on."""

    words = "circles/dm_host.md"
    name: str
    scheduled: bool

    def buttons(self) -> Iterable[Press]:
        if not self.scheduled:
            yield press("circle.schedule", says="circles.press.schedule")
        yield press("circle.", says="circles.press.mine")


@dataclass(frozen=True, kw_only=True)
class FewLeftLetter(Prompt):
    """A circle has become small."""

    words = "circles/dm_few_left.md"
    circle_id: int
    name: str
    people: int

    def buttons(self) -> Iterable[Press]:
        yield press("circle.more", self.circle_id, says="circles.press.invite", primary=True)
        yield press("circle.close", says="circles.press.close")


@dataclass(frozen=True, kw_only=True)
class KeptOutLetter(Prompt):
    """The platform did not let you into a channel."""

    words = "circles/dm_kept_out.md"
    circle_id: int
    name: str
    host: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.let_me_in", self.circle_id, says="circles.press.let_me_in")
        yield press("circle.leave", says="circles.press.leave")


@dataclass(frozen=True, kw_only=True)
class GuestLetter(Prompt):
    """The platform did not let somebody into your circle's channel."""

    words = "circles/dm_guest.md"
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LostLetter(Prompt):
    """A circle's channel is gone, or could not be made."""

    words = "circles/dm_lost.md"
    circle_id: int
    name: str
    #: Whether there was a channel before.
    was_there: bool

    def buttons(self) -> Iterable[Press]:
        yield press("circle.reopen", self.circle_id, says="circles.press.reopen", primary=True)
        yield press("circle.close", says="circles.press.close")


@dataclass(frozen=True, kw_only=True)
class RoleLetter(Prompt):
    """A role came to you, since its holder cannot come."""

    words = "circles/dm_role.md"
    name: str
    number: int
    at: datetime
    duty: str
    does: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ScribeLetter(Prompt):
    """A session is over, and its themes are yours to note."""

    words = "circles/dm_scribe.md"
    session_id: int
    number: int
    title: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.themes", self.session_id, says="circles.press.notes", primary=True)


@dataclass(frozen=True, kw_only=True)
class AbsentLetter(Prompt):
    """You may have missed two sessions: how is the hour for you?"""

    words = "circles/dm_absent.md"
    name: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.", says="circles.press.mine")
        yield press("circle.leave", says="circles.press.leave")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the three answers halfway."""

    id: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class HalfwayLetter(Prompt):
    """Half of the sessions are over: keep, change, or stop?"""

    words = "circles/dm_halfway.md"
    circle_id: int
    name: str
    choices: tuple[Choice, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.choices:
            yield press(
                "circle.halfway",
                self.circle_id,
                each.id,
                says="circles.press.choice",
                label=each.label,
            )


@dataclass(frozen=True, kw_only=True)
class BoosterLetter(Prompt):
    """Some months after a circle's last session."""

    words = "circles/dm_booster.md"
    name: str
    title: str
    why: str
    prompts: tuple[str, ...]
    action: str
