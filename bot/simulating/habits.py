"""How simulated people are assumed to act: the numbers, and the same numbers in words.

They are assumptions, not findings: change them to what you know of your own team.
"""

#: Each temperament's share of the people, and how often it answers a check-in.
TEMPERAMENTS = {"keen": (0.30, 0.85), "steady": (0.45, 0.65), "seldom": (0.25, 0.25)}
#: How many come in the first week; the others come in the first half of the run.
AT_ONCE = 0.8
#: How many begin with a goal, and how many then answer the first three questions, or skip them.
WITH_GOAL, SETTLES, SKIPS = 0.9, 0.6, 0.2
#: Which day they choose for the check-in, from Monday on, as weights.
DAYS = (40, 10, 10, 10, 15, 5, 10)
#: How often the last goal, once closed, is followed by another within a week.
NEXT_GOAL = 0.7
#: Of the answers: within three hours, within two days; the rest wait for the reminder.
SOON, LATER = 0.55, 0.30
#: Where a goal stands, as weights.
STANDINGS = {"on_track": 52, "not_this_week": 25, "stuck": 18, "done": 5}
#: How often a form is chosen where one press would do.
BY_FORM = 0.25
#: How often something that the coach offers with an answer is taken up.
TAKES_UP = 0.25
#: How often a review is answered, and what is decided about a goal, as weights.
REVIEWS = 0.5
VERDICTS = {"keep": 70, "change": 15, "finish": 8, "let_go": 7}
#: What someone begins of their own accord: the chance in each week.
WEEKLY = {
    "leave": 0.03,
    "silence": 0.02,
    "move": 0.006,
    "add": 0.08,
    "done": 0.02,
    "drop": 0.015,
    "progress": 0.06,
    "look": 0.12,
}
#: Days of a leave with an end; one leave in four has none, and most of those resume themselves.
LEAVE_DAYS = (7, 28)
OPEN_LEAVE, RESUMES, OPEN_DAYS = 0.25, 0.7, (10, 45)
#: Weeks that someone answers nothing, before they come back.
SILENT_WEEKS = (3, 30)
#: More goals than this nobody here adds.
MOST_GOALS = 4
#: Weeks until a goal is due.
DUE_WEEKS = (3, 40)

_ANSWERS = sum(share * chance for share, chance in TEMPERAMENTS.values())

#: The numbers above, for people.
ASSUMPTIONS = (
    f"{AT_ONCE:.0%} join in the first week, the others in the first half of the run; "
    f"{WITH_GOAL:.0%} begin with a goal, and {NEXT_GOAL:.0%} add another when the last is closed.",
    f"Check-ins are answered {_ANSWERS:.0%} of the time: "
    + ", ".join(
        f"{chance:.0%} by the {name} ({share:.0%} of people)"
        for name, (share, chance) in TEMPERAMENTS.items()
    )
    + ".",
    f"Of the answers {SOON:.0%} come within three hours, {LATER:.0%} within two days, and the "
    "rest after the reminder.",
    f"Goals stand on track {STANDINGS['on_track']}, not this week {STANDINGS['not_this_week']}, "
    f"stuck {STANDINGS['stuck']}, done {STANDINGS['done']} times of 100.",
    f"Reviews are answered {REVIEWS:.0%} of the time; a review lets {VERDICTS['let_go']} goals of "
    f"100 go and finishes {VERDICTS['finish']}.",
    "In a week "
    + ", ".join(
        f"{WEEKLY[name]:.1%} {words}"
        for name, words in (
            ("leave", "go on leave"),
            ("silence", f"fall silent for {SILENT_WEEKS[0]} to {SILENT_WEEKS[1]} weeks"),
            ("move", "change zones"),
            ("add", "add a goal"),
            ("done", "finish one"),
            ("drop", "let one go"),
        )
    )
    + ".",
)
