"""What a run came to, as a table for people and as JSON for programs."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from bot.simulating.run import START, Result

NOTE = (
    "Everyone here is invented, and how they act is assumed: `preceptor simulate --help` says what "
    "is assumed."
)
#: The occasions, and how their columns are called.
OCCASIONS = {
    "checkin.weekly": "check-ins",
    "checkin.reminder": "reminders",
    "review.monthly": "reviews",
}
Row = dict[str, Any]


def as_data(result: Result) -> dict[str, Any]:
    """Give settings, weeks and totals as plain data, the same for the same settings."""
    settings = result.settings
    weeks = list(_weeks(result))
    return {
        "settings": {
            "members": settings.members,
            "weeks": settings.weeks,
            "seed": settings.seed,
            "from": f"{START:%Y-%m-%d}",
            "until": f"{START + timedelta(weeks=settings.weeks):%Y-%m-%d}",
        },
        "note": NOTE,
        "weeks": weeks,
        "totals": {**_summed(weeks), "waiting": result.rows.waiting},
        "disagreements": result.disagreements,
    }


def as_json(result: Result) -> str:
    """Write it all as one JSON object."""
    return json.dumps(as_data(result), ensure_ascii=False, indent=2)


def as_text(result: Result) -> str:
    """Write it all as three aligned tables."""
    data = as_data(result)
    settings, weeks, totals = data["settings"], data["weeks"], data["totals"]
    reasons = list(totals["withheld"])
    rows = [*weeks, {**totals, "week": "in all"}]
    first = (
        f"{settings['members']} people from {settings['from']} until {settings['until']}, "
        f"seed {settings['seed']}"
    )
    return "\n".join(
        [
            first,
            NOTE,
            "",
            "Sent and answered",
            *_table(
                ["week", *OCCASIONS.values(), "late", "asked", "answered", "ignored", "unasked"],
                [
                    [
                        row["week"],
                        *(row["sent"][name] for name in OCCASIONS),
                        *(row[name] for name in ("late", "asked", "answered", "ignored")),
                        row["answered_unasked"],
                    ]
                    for row in rows
                ],
            ),
            "An answer counts in the week of its question; ignored is what had none by the end.",
            "",
            "Withheld, by reason",
            *_table(
                ["week", *reasons],
                [[row["week"], *(row["withheld"].get(why, 0) for why in reasons)] for row in rows],
            ),
            f"{totals['waiting']} were still to come when the run ended.",
            "",
            "People and goals",
            *_table(
                ["week", "joined", "on leave", "moved", "added", "done", "dropped", "refused"],
                [
                    [
                        row["week"],
                        *(row[name] for name in ("joined", "on_leave", "zone_changes")),
                        *(row["goals"][name] for name in ("added", "done", "dropped")),
                        row["refused"],
                    ]
                    for row in rows
                ],
            ),
            "On leave is how many were at the end of the week; moved is to another zone.",
        ]
    )


def _weeks(result: Result) -> Iterator[Row]:
    of, rows = result.ledger.of, result.rows
    reasons = sorted({reason for reason, _ in rows.withheld})
    for week in result.ledger.weeks:
        yield {
            "week": week,
            "joined": of("joined", week),
            "sent": {name: of(f"sent {name}", week) for name in OCCASIONS},
            "late": rows.late[week],
            "withheld": {why: rows.withheld[why, week] for why in reasons},
            "asked": of("asked", week),
            "answered": of("answered", week),
            "ignored": of("asked", week) - of("answered", week),
            "answered_unasked": of("unasked", week),
            "on_leave": of("on leave", week),
            "goals": {name: of(name, week) for name in ("added", "done", "dropped")},
            "zone_changes": of("moved", week),
            "refused": of("refused", week),
        }


def _summed(weeks: Sequence[Row]) -> Row:
    """Add the weeks up; who is on leave is a state, and the last week's is kept."""
    totals: Row = {}
    for name, value in weeks[0].items():
        if name == "week":
            continue
        if isinstance(value, dict):
            totals[name] = {key: sum(week[name][key] for week in weeks) for key in value}
        else:
            totals[name] = sum(week[name] for week in weeks)
    return {**totals, "on_leave": weeks[-1]["on_leave"]}


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Align columns: the first to the left, numbers to the right."""
    cells = [[*head], *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    align: Callable[[int, str], str] = lambda place, cell: (  # noqa: E731 - used once, below
        cell.rjust(widths[place]) if place else cell.ljust(widths[place])
    )
    return ["  ".join(align(place, cell) for place, cell in enumerate(row)) for row in cells]
