"""A simulated person: what they do of their own accord, about a message, and about an answer.

Nothing here knows the engine: a person sees messages, buttons and forms, and remembers a little.
All chance comes from a generator of their own, so that one person's life is the same among ten
others and among ten thousand.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from bot.chat.content import content
from bot.chat.message import Message
from bot.domain.areas import Standing
from bot.domain.zones import local
from bot.engine.reply import Reply
from bot.platforms.local.people import Person
from bot.simulating import habits, typed
from bot.simulating.acts import Act, Later, Leave, actions, beginning, row_of
from bot.simulating.forms import filled

#: What the coach may offer with an answer that someone takes up.
OFFERS = (
    "goal.learned", "goal.edit_form", "goal.let_go", "goal.steps", "goal.plan", "goal.note",
    "goal.sharpen", "goal.fine", "goal.finish",
)  # fmt: skip
WEEK = timedelta(weeks=1)


class Someone:
    """One person with a memory: their goals, their leave, and the check-in that waits."""

    def __init__(self, seed: int, number: int) -> None:
        self.number = number
        self.random = Random(f"{seed}:{number}")
        known: Any = content("simulate/people")
        self.zone = self._weighted(known["zones"])
        role = self.random.choices(known["roles"], [each["share"] for each in known["roles"]])[0]
        first = self.random.choice(known["first_names"])
        self.who = Person(
            f"{first.lower()}-{number}",
            f"{first} {self.random.choice(known['last_names'])}",
            role["role"],
            self.zone,
        )
        self.stage: str = self.random.choice(role["stages"])
        self.chance = self._temperament()
        titles = [*role["goals"], *known["goals"]]
        self._titles: list[str] = self.random.sample(titles, len(titles))
        #: The numbers of the open goals, by row.
        self.goals: dict[int, int] = {}
        self.added = 0
        self.joined = False
        #: The check-in that waits for an answer, the week it was asked in, and the last answered.
        self.waiting, self.asked_in, self.answered = 0, "", 0
        #: The day of that question on their own wall.
        self.asked_on: date | None = None
        self.after_reminder = False
        self.leave: Leave | None = None
        #: The message that said we stopped asking; empty while we ask.
        self.stopped = ""
        self._silent_until: datetime | None = None

    def _temperament(self) -> float:
        shares = {chance: share for share, chance in habits.TEMPERAMENTS.values()}
        return self.random.choices(list(shares), list(shares.values()))[0]

    def _weighted(self, weights: Mapping[str, float]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _within(self, low: float, high: float) -> timedelta:
        """Give some time between so many hours and so many."""
        return timedelta(hours=self.random.uniform(low, high))

    def on_leave(self, now: datetime) -> bool:
        """Tell whether they asked for silence at this moment."""
        return self.leave is not None and (self.leave.until is None or now < self.leave.until)

    def still_wants(self, act: Act, now: datetime) -> bool:
        """Tell whether an act that was planned is still worth doing."""
        if self.on_leave(now):
            return act.resumes
        return not act.checkin or act.checkin != self.answered

    # Of their own accord

    def comes(self, start: datetime, weeks: int) -> list[Later]:
        """Come for the first time, with a goal or to look around, and wake each week from then."""
        late = self.random.random() > habits.AT_ONCE
        hours = 24 * 7 * weeks / 2 if late else 24 * 5
        when = self._within(0, max(hours, 24))
        first = (
            self._adds(start + when)
            if self.random.random() < habits.WITH_GOAL
            else Act(does="visit")
        )
        return [(when, first), (when + self._within(24, 24 * 8), Act(does="wake"))]

    def wakes(self, now: datetime) -> list[Later]:
        """Decide what to begin this week."""
        ahead: list[Later] = [(WEEK, Act(does="wake"))]
        if self.on_leave(now):
            return ahead
        if self._silent_until is not None:
            return [*ahead, *self._comes_back(now)]
        for what, chance in habits.WEEKLY.items():
            if self.random.random() < chance:
                ahead += self._begins(what, now)
                if what in {"leave", "silence"}:
                    break
        return ahead

    def _comes_back(self, now: datetime) -> list[Later]:
        if self._silent_until is None or now < self._silent_until:
            return []
        self._silent_until = None
        if self.stopped:
            act = Act(does="press", text="checkin.again", ref=self.stopped, again=True)
            return [(self._within(0, 2), act)]
        if self.random.random() < 0.5 and self.goals:
            return [(self._within(0, 2), Act(does="say", text="/checkin", sign="form"))]
        return [(self._within(0, 2), Act(does="visit"))]

    def _begins(self, what: str, now: datetime) -> list[Later]:
        soon = self._within(0, 4)
        if what == "leave":
            return self._leaves(now, soon)
        if what == "silence":
            self._silent_until = now + WEEK * self.random.randint(*habits.SILENT_WEEKS)
            return []
        if what == "move":
            return [(soon, Act(does="say", text="/coach settings", sign="coach.change"))]
        if what == "look":
            text = self.random.choice(["/goal list", "/coach why", "/coach help", ""])
            return [(soon, Act(does="say", text=text) if text else Act(does="visit"))]
        if what == "add":
            few = len(self.goals) < habits.MOST_GOALS
            return [(soon, self._adds(now))] if few else []
        if not self.goals:
            return []
        row = self.random.choice(sorted(self.goals))
        number = self.goals[row]
        if what == "done":
            return [(soon, typed.goal_done(self.random, row, number))]
        if what == "drop":
            return [(soon, typed.goal_dropped(self.random, row, number))]
        return [(soon, typed.progress(self.random, number))]

    def _adds(self, now: datetime) -> Act:
        # After all titles the first comes again: it is closed by then.
        self._titles.append(self._titles.pop(0))
        return typed.goal_added(self.random, self._titles[-1], now.date())

    def _leaves(self, now: datetime, soon: timedelta) -> list[Later]:
        if self.random.random() >= habits.OPEN_LEAVE:
            days = self.random.randint(*habits.LEAVE_DAYS)
            back = local(now + soon, self.zone).date() + timedelta(days=days)
            return [(soon, typed.pause(back, self.zone))]
        ahead: list[Later] = [(soon, typed.pause(None, self.zone))]
        if self.random.random() < habits.RESUMES:
            days = self.random.randint(*habits.OPEN_DAYS)
            resume = Act(does="say", text="/coach resume", resumes=True)
            ahead.append((soon + timedelta(days=days), resume))
        return ahead

    # About what the coach sent

    def hears(self, message: Message, ref: str, week: str, now: datetime) -> list[Later]:
        """Read a message that came, and decide what to do about it, if anything."""
        pressable = actions([message])
        if beginning(pressable, "checkin.again"):
            self.stopped = ref
            return []
        if beginning(pressable, "goal.review_form:"):
            return self._considers(pressable, ref, now)
        checkin = row_of(beginning(pressable, "checkin.answer:"))
        if checkin == self.waiting:  # the reminder
            if not self.after_reminder:
                return []
            self.after_reminder = False
            return [(self._within(0.1, 8), self._answers(checkin, pressable, ref))]
        self.waiting, self.asked_in, self.after_reminder = checkin, week, False
        if self._is_silent(now) or self.random.random() > self.chance:
            return []
        when = self.random.random()
        if when > habits.SOON + habits.LATER:
            self.after_reminder = True
            return []
        hours = self._within(0.05, 3) if when < habits.SOON else self._within(3, 48)
        return [(hours, self._answers(checkin, pressable, ref))]

    def _is_silent(self, now: datetime) -> bool:
        return self._silent_until is not None and now < self._silent_until

    def _answers(self, checkin: int, pressable: Sequence[str], ref: str) -> Act:
        standing = self._weighted(habits.STANDINGS)
        one_press = next((each for each in pressable if each.endswith(f":{standing}")), "")
        if not one_press or self.random.random() < habits.BY_FORM:
            form = f"checkin.answer:{checkin}"
            return Act(does="press", text=form, ref=ref, sign="form", checkin=checkin)
        closes = one_press.startswith("checkin.mark") and standing == Standing.DONE
        return Act(
            does="press",
            text=one_press,
            ref=ref,
            sign=f"checkin.answer:{checkin}",
            checkin=checkin,
            answers=True,
            done=(int(one_press.split(":")[2]),) if closes else (),
        )

    def _considers(self, pressable: Sequence[str], ref: str, now: datetime) -> list[Later]:
        if self._is_silent(now) or self.random.random() > habits.REVIEWS:
            return []
        keep_all = self.random.random() < 0.5
        action = beginning(pressable, "goal.keep_all:" if keep_all else "goal.review_form:")
        act = Act(does="press", text=action, ref=ref, sign="goal.list" if keep_all else "form")
        return [(self._within(0.5, 48), act)]

    # About an answer

    def learns(self, act: Act, reply: Reply, now: datetime) -> tuple[Counter[str], list[Later]]:
        """Remember what was done, and decide what comes of it; give what happened by name."""
        happened: Counter[str] = Counter()
        if not self.joined:
            self.joined = True
            happened["joined"] += 1
        pressable = actions(reply.messages)
        is_done = (
            reply.form is not None
            if act.sign == "form"
            else (not act.sign or bool(beginning(pressable, act.sign)))
        )
        if not is_done or (reply.form is not None and reply.form.errors):
            happened["refused"] += 1
            return happened, []
        had_goals = bool(self.goals)
        happened += self._remembers(act, pressable)
        later = self._goes_on(act, reply, pressable, now)
        if had_goals and not self.goals and self.random.random() < habits.NEXT_GOAL:
            later.append((self._within(0.1, 150), self._adds(now)))
        return happened, later

    def _remembers(self, act: Act, pressable: Sequence[str]) -> Counter[str]:
        happened: Counter[str] = Counter()
        if act.adds:
            self.added += 1
            self.goals[row_of(beginning(pressable, "goal.plan:"))] = self.added
            happened["added"] += 1
        for row in (*act.done, *act.dropped):
            if self.goals.pop(row, None) is not None:
                happened["done" if row in act.done else "dropped"] += 1
        if act.answers and act.checkin != self.answered:
            self.answered, self.stopped = act.checkin, ""
            happened["answered" if act.checkin == self.waiting else "unasked"] += 1
        if act.zone:
            self.zone = act.zone
            happened["moved"] += 1
        if act.leave is not None:
            self.leave = act.leave
        if act.resumes:
            self.leave = None
        if act.again:
            self.stopped = ""
        return happened

    def _goes_on(
        self, act: Act, reply: Reply, pressable: Sequence[str], now: datetime
    ) -> list[Later]:
        if reply.form is not None:
            today = local(now, self.zone).date()
            act = filled(self.random, reply.form, stage=self.stage, today=today)
            return [(self._within(0.02, 0.2), act)]
        if act.does == "say" and act.sign == "coach.change":
            return [(self._within(0, 0.1), Act(does="press", text="coach.change", sign="form"))]
        if beginning(pressable, "coach.first_questions"):
            chance = self.random.random()
            if chance < habits.SETTLES:
                act = Act(does="press", text="coach.first_questions", sign="form")
                return [(self._within(0, 1), act)]
            if chance < habits.SETTLES + habits.SKIPS:
                return [(self._within(0, 1), Act(does="press", text="coach.skip"))]
        offered = [each for each in pressable if each.startswith(OFFERS)]
        if not offered or self.random.random() > habits.TAKES_UP:
            return []
        return [(self._within(0, 0.5), self._takes_up(self.random.choice(offered)))]

    def _takes_up(self, action: str) -> Act:
        if action.startswith("goal.let_go"):
            row = row_of(action)
            return Act(does="press", text=action, sign=f"goal.reopen:{row}", dropped=(row,))
        if action.startswith("goal.finish"):
            row = row_of(action)
            return Act(does="press", text=action, sign=f"goal.reopen:{row}", done=(row,))
        sign = "" if action.startswith("goal.fine") else "form"
        return Act(does="press", text=action, sign=sign)
