"""How a simulated person fills a form, field by field."""

from datetime import date, timedelta
from random import Random
from typing import Any

from bot.chat.content import content
from bot.chat.message import Field, Form
from bot.domain.dates import spoken
from bot.simulating import habits
from bot.simulating.acts import Act

#: The day and the hour are chosen in the first form; in the second only the zone changes.
FIRST, SETTINGS = "coach.first_questions", "coach.change"


def filled(random: Random, form: Form, *, stage: str, today: date) -> Act:
    """Fill a form and give the act of sending it, with what it brings about."""
    values = {each.name: _value(random, form, each, stage, today) for each in form.fields}
    chosen = {
        int(name.removeprefix("goal")): value
        for name, value in values.items()
        if name.startswith("goal")
    }
    checkin = 0
    if form.address.startswith("checkin.answer:"):
        checkin = int(form.address.split(":")[1])
        if not any(values.values()):
            first = next(iter(chosen))
            values[f"goal{first}"] = chosen[first] = "not_this_week"
    return Act(
        does="submit",
        text=form.address,
        values=values,
        sign=_sign(form.address),
        checkin=checkin,
        answers=bool(checkin),
        done=tuple(row for row, value in chosen.items() if value in {"done", "finish"}),
        dropped=tuple(row for row, value in chosen.items() if value == "let_go"),
        zone=values["zone"] if form.address == SETTINGS else "",
        again=form.address == FIRST,  # a chosen day begins the questions anew
    )


def _sign(address: str) -> str:
    if address.startswith("checkin.answer:"):
        return address
    if address.startswith("goal.review_form:"):
        return "goal.list"
    return "coach.change" if address.startswith("coach.") else ""


def _value(random: Random, form: Form, field: Field, stage: str, today: date) -> str:
    if field.choices and field.name.startswith("goal"):
        is_review = form.address.startswith("goal.review_form:")
        weights = habits.VERDICTS if is_review else habits.STANDINGS
        chosen = random.choices(list(weights), list(weights.values()))[0]
        return chosen if random.random() < 0.9 else ""
    if form.address == FIRST and field.name in {"stage", "hour", "day"}:
        hours: list[str] = content("simulate/people")["hours"]
        day = random.choices("0123456", habits.DAYS)[0]
        return {"stage": stage, "hour": random.choice(hours), "day": day}[field.name]
    if form.address == SETTINGS and field.name == "zone":
        zones = content("simulate/people")["zones"]
        return str(random.choice([zone for zone in zones if zone != field.value]))
    if field.name == "due":
        later = today + timedelta(weeks=random.randint(*habits.DUE_WEEKS))
        return spoken(later) if random.random() < 0.7 else field.value
    if field.name == "value":
        return str(random.randint(1, 9))
    texts: dict[str, Any] = content("simulate/people")["texts"]
    if field.name not in texts or field.value:
        return field.value
    return str(random.choice(texts[field.name]))
