"""What a simulated person types of their own accord."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.chat.content import content
from bot.domain.dates import spoken
from bot.domain.zones import zone_info
from bot.simulating import habits
from bot.simulating.acts import Act, Leave


def goal_added(random: Random, title: str, today: date) -> Act:
    """Set a goal, mostly with a date, and now and then with a reason."""
    text = f"/goal add {title}"
    if random.random() < 0.8:
        due = today + timedelta(weeks=random.randint(*habits.DUE_WEEKS))
        text += f" by {spoken(due)}"
    if random.random() < 0.3:
        text += f" because {written(random, 'why')}"
    return Act(does="say", text=text, sign="goal.plan:", adds=True)


def goal_done(random: Random, row: int, number: int) -> Act:
    """Finish a goal."""
    text = f"/goal done {number} because {written(random, 'taught')}"
    return Act(does="say", text=text, sign=f"goal.reopen:{row}", done=(row,))


def goal_dropped(random: Random, row: int, number: int) -> Act:
    """Let a goal go."""
    text = f"/goal drop {number} because {written(random, 'reason')}"
    return Act(does="say", text=text, sign=f"goal.reopen:{row}", dropped=(row,))


def progress(random: Random, number: int) -> Act:
    """Say in words how a goal moved."""
    text = f"/goal progress {number} {written(random, 'note')}"
    return Act(does="say", text=text, sign="goal.look:")


def pause(back: date | None, zone: str) -> Act:
    """Go on leave until a day, or until further notice."""
    if back is None:
        return Act(does="say", text="/coach pause", sign="coach.resume", leave=Leave(None))
    midnight = datetime.combine(back, time(), zone_info(zone)).astimezone(UTC)
    text = f"/coach pause until {spoken(back)}"
    return Act(does="say", text=text, sign="coach.resume", leave=Leave(midnight))


def written(random: Random, name: str) -> str:
    """Choose some words for a purpose."""
    texts: list[str] = content("simulate/people")["texts"][name]
    return random.choice([each for each in texts if each])
