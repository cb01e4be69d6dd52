"""What the PHI rules find, and what they miss, measured and kept.

Of the sets in `vectors.tsv`, `notes` are the forty sentences of the field notes, and `dev` half of
126 of our own, split at random before any rule was written. Rules were tuned on these and on
goals.txt. `held`, the other half, was scored once, when they were frozen: certain 25/25, possible
6/6, no false alarm in 33 (dev: 25/25, 5/5, none in 32).

Their author knew the held sentences while writing the rules, so two sets of new ones followed.
`fresh` was written and scored once after that freeze: certain 6/16, possible 3/4, 8 false alarms in
20, four of them certain. Then rules were tuned on it as well and frozen for good. `last` was scored
once after this, and is the figure to believe: certain 9/12, possible 2/2, 2 false alarms in 18, one
of them certain. Never change a label, or a rule because of `held` or `last`.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.areas import Area
from bot.domain.phi import _ALIKE, Finding, Kind, PhiRules, Severity, is_nhs_number

HERE = Path(__file__).parent
DATA = content("phi/rules")
RULES = PhiRules.from_data(DATA)
GOALS = [line.split("\t") for line in (HERE / "goals.txt").read_text("utf-8").splitlines()]


def rows(*sets: str) -> list[list[str]]:
    lines = (HERE / "vectors.tsv").read_text("utf-8").splitlines()[1:]
    return [row for row in (line.split("\t") for line in lines) if not sets or row[0] in sets]


@pytest.mark.parametrize(("part", "severity", "kind", "text"), rows("notes"))
def test_the_sentences_of_the_field_notes(part: str, severity: str, kind: str, text: str) -> None:
    wanted = None if severity == "none" else Finding(Kind(kind), Severity(severity))
    assert RULES.look(text) == wanted


#: Right, and asked for; a false alarm is what a "none" lacks.
FIGURES = {
    "notes": {"certain": (16, 16), "possible": (4, 4), "none": (20, 20)},
    "dev": {"certain": (25, 25), "possible": (5, 5), "none": (32, 32)},
    "held": {"certain": (25, 25), "possible": (6, 6), "none": (33, 33)},
    "fresh": {"certain": (14, 16), "possible": (3, 4), "none": (19, 20)},
    "last": {"certain": (9, 12), "possible": (2, 2), "none": (16, 18)},
}


@pytest.mark.parametrize("part", FIGURES)
def test_the_figures_are_what_was_measured(
    part: str, record_property: Callable[[str, object], None]
) -> None:
    right, asked = Counter[str](), Counter[str]()
    for _, severity, _, text in rows(part):
        found = RULES.look(text)
        asked[severity] += 1
        right[severity] += (found.severity if found else "none") == severity
    figures = {severity: (right[severity], asked[severity]) for severity in asked}
    shown = [f"{severity} {found}/{of}" for severity, (found, of) in figures.items()]
    false = asked["none"] - right["none"]
    record_property("measured", f"patients, {part}: {', '.join(shown)}; false alarms {false}")
    assert figures == FIGURES[part]


def test_no_sentence_stands_twice() -> None:
    texts = [row[-1].lower() for row in rows()]
    assert len(texts) == len(set(texts))
    assert len(rows("dev", "held")) == 126


def test_the_goals_are_many_and_of_every_area() -> None:
    assert len({goal for _, goal in GOALS}) >= 200
    counted = Counter(area for area, _ in GOALS)
    assert counted.keys() == {area.value for area in Area}
    assert min(counted.values()) >= 20


def test_no_goal_is_refused_or_earns_even_a_note() -> None:
    assert [goal for _, goal in GOALS if RULES.look(goal) is not None] == []


def test_a_finding_does_not_hold_the_words() -> None:
    found = RULES.look("MRN 4482913 still waiting on my note")
    assert found == Finding(Kind.MRN, Severity.CERTAIN)
    assert [each.name for each in fields(Finding)] == ["kind", "severity"]
    assert "4482913" not in repr(found)


def test_what_is_certain_comes_before_what_is_possible() -> None:
    both = "bed 12, the patient coded, MRN 4482913"
    assert RULES.look("bed 12, the patient coded") == Finding(Kind.BED, Severity.POSSIBLE)
    assert RULES.look(both) == Finding(Kind.MRN, Severity.CERTAIN)


@pytest.mark.parametrize(
    ("number", "real"),
    [
        ("943 476 5919", True),
        ("9434765919", True),
        ("943 476 5918", False),
        ("401 023 2137", True),
        ("4505577104", True),
        ("111 111 1111", False),
        ("943 476 591", False),
        ("", False),
    ],
)
def test_nhs_numbers_end_in_their_check_digit(number: str, real: bool) -> None:
    assert is_nhs_number(number) is real


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("patient 943 476 5919 had a fall", "certain"),
        ("NHS number 943 476 5918 on the form", "possible"),
        ("order 943 476 5919 of gloves", "none"),
        ("219-09-9999", "certain"),
        ("000-09-9999", "none"),
        ("666-09-9999", "none"),
        ("919-09-9999", "none"),
        ("219-00-9999", "none"),
        ("219-09-0000", "none"),
    ],
)
def test_numbers_and_their_exclusions(text: str, severity: str) -> None:
    found = RULES.look(text)
    assert (found.severity if found else "none") == severity


@pytest.mark.parametrize(
    "piece",
    ["a", "A", "1", "1-", "1 ", "Mr Xx ", "Mr ", "patient Aa", "Aa ", "Aa Bb ", "died 1 ", "@",
     "a@", "a.", "bed 1 ", "MRN ", "MRN 1", "555-010-4477 ", "943 476 5919 ", "1 Maple ",
     "96 year old ", "("],
)  # fmt: skip
def test_a_hundred_kilobytes_are_read(piece: str) -> None:
    # Nothing is timed: a pattern that ran away would meet the time limit of the test run.
    text = (piece * 100_000)[:99_960] + "\n\n. MRN 4482913"
    assert RULES.look(text) is not None


@pytest.mark.parametrize("rule", [each for each in RULES.rules if each.words or each.sign])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_all_that_a_rule_finds_holds_its_sign_and_one_of_its_words(
    rule: Any, data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(rule.pattern))
    assert rule.pattern.search(text)
    assert not rule.words or any(word in text.translate(_ALIKE).lower() for word in rule.words)
    assert not rule.sign or RULES.signs[rule.sign].search(text)


def test_words_that_a_pattern_takes_for_its_own_are_seen() -> None:
    for text in ("mrn 4482913", "ſſn 219099999", "DİED 3 March", "dıed 3 March", "Account № 1"):
        slow = [each.finding for each in RULES.rules if each.found_in(text, " ".join(each.words))]
        assert RULES.look(text) == (slow[0] if slow else None)


@given(st.text(max_size=300))
def test_any_text_is_read_and_hides_nothing(text: str) -> None:
    found = RULES.look(f"{text}\nMRN: 4482913")
    assert found is not None
    assert found.severity is Severity.CERTAIN


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pattern": "a+"}, "bound"),
        ({"pattern": "(ab)*"}, "bound"),
        ({"pattern": "a{2,}"}, "bound"),
        ({"pattern": "(a"}, r"rules\.1"),
        ({"pattern": "<nothing>"}, "<nothing>"),
        ({"pattern": ""}, "pattern"),
        ({"kind": "face"}, "face"),
        ({"severity": "maybe"}, "maybe"),
        ({"near": ["nowhere"]}, "nowhere"),
        ({"check": "luhn"}, "check"),
        ({"words": []}, "words"),
        ({"sign": "smoke"}, "smoke"),
        ({"regex": "a"}, "expected"),
    ],
)
def test_a_faulty_rule_is_named(change: dict[str, object], said: str) -> None:
    data = deepcopy(DATA)
    data["rules"][0].update(change)
    with pytest.raises(ValueError, match=said):
        PhiRules.from_data(data)


@pytest.mark.parametrize("key", ["parts", "contexts", "signs", "rules"])
def test_an_absent_key_is_named(key: str) -> None:
    data = {name: value for name, value in DATA.items() if name != key}
    with pytest.raises(ValueError, match=key):
        PhiRules.from_data(data)
