"""From what someone did to what the coach says: one hop, one transaction, one commit."""

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.chat.answers import Answers, Unfit, read_form
from bot.chat.catalog import HOME, Catalog
from bot.chat.command import FormSpec
from bot.chat.incoming import Actor, Incoming, Pressed, Said, Submitted, Visited
from bot.chat.message import Form
from bot.chat.prompt import Prompt, Words
from bot.chat.reading import Missing, read_text
from bot.clock import Clock
from bot.domain.crisis import Level
from bot.domain.phi import Severity
from bot.domain.text import TOO_LONG, one_line
from bot.domain.zones import read_zone
from bot.engine.asking import Asking, is_number, references
from bot.engine.guard import Look, in_the_open, look, patient_rules, texts_of
from bot.engine.prompts import Broken, PatientDetails, PerhapsPatient, ReachableAgain
from bot.engine.reply import Reply, Update
from bot.engine.safety import reply_to
from bot.engine.turn import OWNER, Feature, Owner, Turn
from bot.errors import Ambiguous, Misread, Refused, Told
from bot.logs import cause
from bot.metrics import OTHER, Metrics
from bot.models import Member
from bot.store import deliveries, drafts, inbound, members, private
from bot.store.database import Database
from bot.store.private import Own
from bot.store.safety import count_details

log = logging.getLogger(__name__)

#: A text up to this length, in characters, is looked at where it arrives: it takes a millisecond.
SHORT = 600
#: How exactly it is known when a member was last here: a finer answer would cost each turn a write.
SEEN = timedelta(hours=12)
#: The most that a member's name may take from a platform, in characters.
NAME = 200


@dataclass(slots=True)
class _Outcome:
    """What the transaction produced, before it has words."""

    prompts: list[Prompt]
    form: Form | None
    updates: list[tuple[str, Prompt]]


class Dispatch:
    """Answers what comes in, whatever platform it came from."""

    def __init__(
        self,
        database: Database,
        words: Words,
        features: Sequence[Feature],
        clock: Clock,
        *,
        metrics: Metrics,
        owner: Owner = OWNER,
    ) -> None:
        self.database = database
        self.words = words
        self.clock = clock
        self._metrics = metrics
        self._owner = owner
        self.catalog = Catalog(group for feature in features for group in feature.groups)
        self._asking = Asking(self.catalog, words)
        self._joins = [feature.joins for feature in features if feature.joins is not None]

    async def handle(self, incoming: Incoming) -> Reply:
        """Answer one incoming event; a failure of ours becomes a sentence with a reference."""
        began = time.perf_counter()
        try:
            return await self._handle(incoming)
        finally:
            self._metrics.turn(self._name(incoming), time.perf_counter() - began)

    async def _handle(self, incoming: Incoming) -> Reply:
        now = self.clock()
        run = self.database.run
        try:
            seen = await self._look(incoming)
            try:
                outcome = await run(partial(self._turn, incoming=incoming, now=now, seen=seen))
            except (Told, Unfit) as refusal:
                # All that the turn wrote is undone; a second turn says why.
                outcome = await run(
                    partial(self._refuse, incoming=incoming, now=now, refusal=refusal)
                )
            return self._worded(outcome)
        except Exception as error:
            reference = secrets.token_hex(3).upper()
            self._metrics.turn_failed()
            log.error(  # noqa: TRY400 - a traceback would quote the member
                "A turn failed",
                extra={"action": "turn_failed", "reference": reference, "cause": cause(error)},
            )
            return Reply((self.words.render(Broken(reference=reference)),))

    def _name(self, incoming: Incoming) -> str:
        """Name what was asked for as the catalog does; of a private group by the group alone."""
        name = self._whole_name(incoming)
        group = self.catalog.groups.get(name.partition(".")[0])
        return f"{group.name}." if group is not None and group.private else name

    def _whole_name(self, incoming: Incoming) -> str:
        """Name what was asked for: a member's words are no name."""
        if isinstance(incoming, Visited):
            return f"{HOME}."
        if isinstance(incoming, Said):
            if len(incoming.text) > TOO_LONG:
                return OTHER
            try:
                return self.catalog.find(one_line(incoming.text)).command.full
            except Exception:  # refused, or a fault of ours: the turn has told of it already
                return OTHER
        address = incoming.action if isinstance(incoming, Pressed) else incoming.form
        name = address.partition(":")[0]
        known = (self.catalog.commands, self.catalog.actions, self.catalog.forms)
        return name if any(name in each for each in known) else OTHER

    def _worded(self, outcome: _Outcome) -> Reply:
        return Reply(
            messages=tuple(self.words.render(prompt) for prompt in outcome.prompts),
            form=outcome.form,
            replaces=any(prompt.replaces for prompt in outcome.prompts[:1]),
            updates=tuple(
                Update(ref, self.words.render(prompt)) for ref, prompt in outcome.updates
            ),
        )

    async def _look(self, incoming: Incoming) -> Look:
        """Look for danger and for patients before anything else; long texts beside the loop."""
        incoming = in_the_open(incoming, self.catalog)
        size = sum(map(len, texts_of(incoming)))
        return look(incoming) if size <= SHORT else await asyncio.to_thread(look, incoming)

    def _turn(self, db: Session, incoming: Incoming, now: datetime, seen: Look) -> _Outcome:
        if self._was_seen(db, incoming, now):
            return _Outcome([], None, [])
        turn, said = self._meet(db, incoming.actor, now)
        if seen.level is not Level.NONE:
            outcome = self._outcome(turn, [], reply_to(turn, seen.level))
            outcome.prompts.extend(said)  # a welcome can wait
            return outcome
        if seen.patient is None:
            return self._outcome(turn, said, self._answer(turn, incoming))
        what = self.words.short(f"house.patient.{seen.patient.kind}")
        count_details(db, seen.patient.kind, now.date())
        if seen.patient.severity is Severity.CERTAIN:
            return self._outcome(turn, said, PatientDetails(what=what))
        outcome = self._outcome(turn, said, self._answer(turn, incoming))
        outcome.prompts.append(PerhapsPatient(what=what))
        return outcome

    def _refuse(
        self, db: Session, incoming: Incoming, now: datetime, refusal: Told | Unfit
    ) -> _Outcome:
        if self._was_seen(db, incoming, now):
            return _Outcome([], None, [])
        turn, said = self._meet(db, incoming.actor, now)
        if isinstance(refusal, Unfit):
            return self._outcome(turn, said, self._asking.again(turn, incoming, refusal))
        return self._outcome(turn, said, self._asking.explain(turn, incoming, refusal))

    def _was_seen(self, db: Session, incoming: Incoming, now: datetime) -> bool:
        key = f"{incoming.actor.platform}:{incoming.key}"
        return bool(incoming.key) and not inbound.is_first(db, key, now)

    def _outcome(self, turn: Turn, said: list[Prompt], answer: Any) -> _Outcome:
        if isinstance(answer, Form):
            return _Outcome(said, self._asking.as_left(turn, answer), [])
        said.extend([answer] if isinstance(answer, Prompt) else answer)
        updates = [
            (sent.sent_ref, prompt)
            for delivery_id, prompt in turn.updates
            if (sent := deliveries.by_id(turn.db, delivery_id)) is not None and sent.sent_ref
        ]
        return _Outcome(said, None, updates)

    # Who is it?

    def _meet(self, db: Session, actor: Actor, now: datetime) -> tuple[Turn, list[Prompt]]:
        who = (actor.platform, actor.workspace, actor.user)
        member = members.find(db, *who)
        if member is None:
            stranger = Member(
                platform=actor.platform,
                workspace=actor.workspace,
                user=actor.user,
                name=_called(actor.name),
                zone=_zone(actor.zone),
                joined_at=now,
            )
            new = members.join(db, stranger)
            if new is not None:
                return self._welcome(db, new, now)
            member = members.held(db, *who)  # another turn met the same person a moment ago
        if member.seen_at is None or now - member.seen_at > SEEN:
            member.seen_at = now
            private.ensure(db, member.key)
        turn = self._turn_of(db, member, now)
        return turn, self._reachable(turn)

    def _welcome(self, db: Session, member: Member, now: datetime) -> tuple[Turn, list[Prompt]]:
        turn = self._turn_of(db, member, now)
        private.keep(db, member.key, Own())  # everybody has them: that they are there tells nothing
        said = [prompt for joins in self._joins for prompt in joins(turn)]
        db.flush()
        return turn, said

    def _turn_of(self, db: Session, member: Member, now: datetime) -> Turn:
        return Turn(db, member, now, self.catalog, self.words, owner=self._owner)

    def _reachable(self, turn: Turn) -> list[Prompt]:
        since = turn.member.unreachable_since
        if since is None:
            return []
        turn.member.unreachable_since = None
        day = turn.at(since)
        return [ReachableAgain(since=f"{day.day} {day:%B}")]

    # What is asked, and what comes of it?

    def _answer(self, turn: Turn, incoming: Incoming) -> Any:
        if isinstance(incoming, Said):
            return self._say(turn, incoming.text)
        if isinstance(incoming, Visited):
            return self.catalog.commands[f"{HOME}."].handler(turn)
        if isinstance(incoming, Pressed):
            return self._press(turn, incoming.action)
        return self._submit(turn, incoming)

    def _say(self, turn: Turn, text: str) -> Any:
        if len(text) > TOO_LONG:
            raise Misread("help.too_long", limit=TOO_LONG, length=len(text))
        call = self.catalog.find(one_line(text))
        try:
            given = read_text(call.command, call.rest, turn.eyes)
        except Missing as missing:
            return self._asking.with_what_was_typed(turn, call.command, missing.found)
        except Ambiguous as doubt:
            whole = tuple(f"{call.command.typed} {option}" for option in doubt.options)
            raise Ambiguous(doubt.key, options=whole, **doubt.facts) from None
        return call.command.handler(turn, **given)

    def _press(self, turn: Turn, action: str) -> Any:
        name, _, rest = action.partition(":")
        refs = rest.split(":") if rest else []
        if name == "house.choose":
            return self._choose(turn, refs)
        if (command := self.catalog.commands.get(name)) is not None:
            if any(param.required for param in command.params):
                return self._asking.form_of(command)
            return command.handler(turn)
        declared = self.catalog.actions.get(name) or self.catalog.forms.get(name)
        if declared is None:
            raise Refused("help.old_button")
        handler = declared.opens if isinstance(declared, FormSpec) else declared.handler
        return handler(turn, *references(refs, declared.kinds))

    def _choose(self, turn: Turn, refs: list[str]) -> Any:
        choice, place = [*refs, "", ""][:2]
        kept = drafts.kept(turn.db, turn.member.key, f"choice:{choice}")
        options: list[str] = (kept or {}).get("options", [])
        if not is_number(place) or int(place) >= len(options):
            raise Refused("help.old_button")
        return self._say(turn, options[int(place)])

    def _submit(self, turn: Turn, sent: Submitted) -> Any:
        name, _, rest = sent.form.partition(":")
        answers = Answers({key: value[:TOO_LONG] for key, value in sent.values.items()}, turn.eyes)
        if (command := self.catalog.commands.get(name)) is not None:
            done = command.handler(turn, **read_form(command, answers))
        else:
            spec = self.catalog.forms.get(name)
            if spec is None or spec.submits is None:
                raise Refused("help.old_button")
            refs = references(rest.split(":") if rest else [], spec.kinds)
            done = spec.submits(turn, answers, *refs)
        drafts.drop(turn.db, turn.member.key, sent.form)
        return done


def _called(claimed: str) -> str:
    """Believe the platform's name for someone, unless it holds details of a patient."""
    name = one_line(claimed)[:NAME]
    found = patient_rules().look(name) if name else None
    return "" if found is not None and found.severity is Severity.CERTAIN else name


def _zone(claimed: str) -> str:
    """Believe the platform's zone if it is one; nobody is refused for it."""
    try:
        return read_zone(claimed) if claimed else "UTC"
    except (Misread, Ambiguous):
        return "UTC"
