"""What the crisis rules find, and what they miss, measured and kept.

Of the sets in `vectors.tsv`, `notes` are the examples of the field notes, `gap` those that word
lists miss, and `dev` half of 254 sentences of our own, split at random before any rule was written.
Rules were tuned on these. `held`, the other half, was scored once, when they were frozen:

    found at their level or above     dev                    held
    l3, l2, l1                        11/13  17/18  15/15    10/13  13/18  14/15
    third person, patient, loss        8/8    7/8    6/6      6/8    4/8    6/6
    false alarms                       0 of 59                1 of 59 (l1)

Their author knew the held sentences while writing the rules, so two sets of new ones followed,
indirect on purpose. `fresh` was written and scored once after that freeze; then rules were tuned on
it as well and frozen for good. `last` was scored once after this, and is the figure to believe:

    found at their level or above     fresh                  last
    l3, l2, l1                         0/6    1/12   1/10     1/6    6/12   4/10
    of these answered at all           3 of 28               12 of 28
    third person, patient, loss        1/3    0/2    2/2      2/3    2/2    2/2
    false alarms                       4 of 25 (two l3)       2 of 25 (both l3)

More than half is missed, so safety rests on Help now. Never change a label, or a rule because of
`held` or `last`.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.crisis import CrisisRules, Level

HERE = Path(__file__).parent
DATA = content("crisis/rules")
RULES = CrisisRules.from_data(DATA)
OWN = (Level.NONE, Level.L1, Level.L2, Level.L3)
GOALS = [
    line.split("\t")[1]
    for line in (HERE.parent / "phi" / "goals.txt").read_text("utf-8").splitlines()
]


def rows(*sets: str) -> list[tuple[str, str, str]]:
    lines = (HERE / "vectors.tsv").read_text("utf-8").splitlines()[1:]
    found = [tuple(line.split("\t")) for line in lines]
    return [(part, level, text) for part, level, text in found if not sets or part in sets]


def right(wanted: Level, got: Level) -> bool:
    """Tell whether a text was found: what is said of oneself, at its level or above."""
    if wanted in OWN[1:]:
        return got in OWN and OWN.index(got) >= OWN.index(wanted)
    return got is wanted


MISSED = {  # of the field notes and `gap`: (wanted, got today)
    "I have a date picked": "l1",
}


@pytest.mark.parametrize(("part", "level", "text"), rows("notes", "gap"))
def test_the_examples_of_the_field_notes(part: str, level: str, text: str) -> None:
    got = RULES.level(text)
    if text in MISSED:
        assert got == MISSED[text], "it changed: if for the better, take it out of MISSED"
    else:
        assert right(Level(level), got), got


#: Found, asked for, and answered at all (any level), of each set, as the rules stand.
FIGURES = {
    "notes": {"l3": (6, 6, 6), "l2": (12, 12, 12), "l1": (6, 6, 6), "third_person": (1, 1, 1),
              "third_patient": (2, 2, 2), "bereavement": (1, 1, 1), "none": (37, 37, 0)},
    "gap": {"l2": (4, 5, 5)},
    "dev": {"l3": (11, 13, 13), "l2": (17, 18, 18), "l1": (15, 15, 15), "third_person": (8, 8, 8),
            "third_patient": (7, 8, 7), "bereavement": (6, 6, 6), "none": (59, 59, 0)},
    "held": {"l3": (10, 13, 11), "l2": (13, 18, 15), "l1": (14, 15, 14), "third_person": (6, 8, 6),
             "third_patient": (4, 8, 5), "bereavement": (6, 6, 6), "none": (58, 59, 1)},
    "fresh": {"l3": (0, 6, 0), "l2": (7, 12, 9), "l1": (10, 10, 10), "third_person": (2, 3, 2),
              "third_patient": (0, 2, 1), "bereavement": (2, 2, 2), "none": (25, 25, 0)},
    "last": {"l3": (1, 6, 2), "l2": (6, 12, 6), "l1": (4, 10, 4), "third_person": (2, 3, 3),
             "third_patient": (2, 2, 2), "bereavement": (2, 2, 2), "none": (23, 25, 2)},
}  # fmt: skip


@pytest.mark.parametrize("part", FIGURES)
def test_the_figures_are_what_was_measured(
    part: str, record_property: Callable[[str, object], None]
) -> None:
    found, asked, answered = Counter[str](), Counter[str](), Counter[str]()
    for _, level, text in rows(part):
        got = RULES.level(text)
        asked[level] += 1
        found[level] += right(Level(level), got)
        answered[level] += got is not Level.NONE
    figures = {level: (found[level], asked[level], answered[level]) for level in asked}
    shown = [f"{level} {right_ones}/{of}" for level, (right_ones, of, _) in figures.items()]
    false = figures["none"][2] if "none" in figures else 0
    record_property("measured", f"crisis, {part}: {', '.join(shown)}; false alarms {false}")
    assert figures == FIGURES[part]


def test_no_sentence_stands_twice() -> None:
    texts = [text.lower() for _, _, text in rows()]
    assert len(texts) == len(set(texts))
    assert sum(part in {"dev", "held"} for part, _, _ in rows()) == 254


def test_no_goal_raises_an_alarm() -> None:
    assert len(GOALS) >= 200
    assert [goal for goal in GOALS if RULES.level(goal) is not Level.NONE] == []


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", "none"),
        ("I want to kill myself", "l3"),
        ("I WANT TO KILL MYSELF", "l3"),
        ("i wanna kms", "l3"),
        ("I really, really want to die", "l2"),
        ("i want to dieeeee 😭", "l2"),
        ("I don’t want to be alive anymore", "l2"),
        ("ｉ want to kill myself", "l3"),
        ("i want to unalive myself", "l3"),
        ("I'd never kill myself", "l1"),
        ("I don't want to kill myself, I want the pain to stop", "l2"),  # with care
        ("suicidal again", "l1"),
        ("suicide", "l1"),
        ("my patient said 'I want to go home'", "none"),
        ('she said "I want to kill myself"', "third_person"),
        ('I said "I want to kill myself" to nobody', "l3"),
        ("the suicide lecture was good and I want to kill myself", "l3"),
        ("my friend is suicidal and I can't do this anymore", "l1"),
        ("my friend killed himself and I want to die", "l2"),
        ("my brother almost killed himself", "third_person"),
        ("Finish the audit.\nI want to end my life.\nCall mum.", "l3"),
    ],
)
def test_how_a_text_is_read(text: str, level: str) -> None:
    assert RULES.level(text) == level


@pytest.mark.parametrize(
    "piece",
    ["i want to ", "i ", "don't ", "kill myself ", "wish i would ", "put the rope ", 'said "', "'",
     "how many of my ", "end it all ", "and ", "aaaa", "patient he ", ".", "a", "\U0001f62d",
     "i have the "],
)  # fmt: skip
def test_a_hundred_kilobytes_are_read(piece: str) -> None:
    # Nothing is timed: a pattern that ran away would meet the time limit of the test run.
    text = (piece * 100_000)[:99_960]
    assert RULES.level(text + " pass the boards. I want to kill myself.") is Level.L3


words = sorted({word for _, _, text in rows() for word in text.split()})


@given(
    st.one_of(st.text(max_size=300), st.lists(st.sampled_from(words), max_size=40).map(" ".join))
)
def test_any_text_is_read_and_what_is_added_hides_nothing(text: str) -> None:
    assert isinstance(RULES.level(text), Level)
    assert RULES.level(f"{text}. I want to kill myself.") is Level.L3
    assert RULES.level(f"I want to kill myself. {text}") is Level.L3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("l3", None),
        ("l2", []),
        ("l1", "help"),
        ("acts", [3]),
        ("states", ["(now) dead"]),
        ("losses", ["... died"]),
        ("set_aside", ["kill <nothing>"]),
        ("l2", ["don't"]),
        ("work", [True]),
        ("spellings", {"im": 3}),
        ("classes", {"one": []}),
    ],
)
def test_a_faulty_key_is_named(key: str, value: object) -> None:
    data = deepcopy(DATA)
    data[key] = value
    with pytest.raises(ValueError, match=key):
        CrisisRules.from_data(data)


def test_an_absent_key_is_named() -> None:
    with pytest.raises(ValueError, match="classes"):
        CrisisRules.from_data({})
