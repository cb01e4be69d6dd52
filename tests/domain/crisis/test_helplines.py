"""Lines by country: what is shown, to whom, and what the data may not hold."""

from copy import deepcopy
from datetime import date

import pytest

from bot.chat.content import content
from bot.domain.helplines import Audience, Helplines, LineKind

DATA = content("crisis/helplines")
LINES = Helplines.from_data(DATA)
SEEN = date(2026, 11, 23)


def test_emergency_comes_first_and_a_clinician_line_last() -> None:
    kinds = [line.kind for line in LINES.for_country("US")]
    assert kinds[0] is LineKind.EMERGENCY
    assert kinds == sorted(kinds, key=list(LineKind).index)
    assert kinds[-1] is LineKind.CLINICIAN


@pytest.mark.parametrize("code", LINES.countries())
def test_a_country_has_an_emergency_number_and_somebody_to_talk_to(code: str) -> None:
    kinds = {line.kind for line in LINES.for_country(code)}
    assert {LineKind.EMERGENCY, LineKind.CRISIS} <= kinds


@pytest.mark.parametrize("code", ["", "ZZ", "XX", "USA", "ES", "unknown"])
def test_an_unknown_country_is_given_nothing(code: str) -> None:
    assert LINES.for_country(code) == ()


def test_a_code_may_be_written_small() -> None:
    assert LINES.for_country(" us ") == LINES.for_country("US") != ()


@pytest.mark.parametrize(
    ("country", "display", "dial", "sms"),
    [
        ("US", "988", "988", ""),
        ("US", "text HOME to 741741", "741741", "HOME"),
        ("CA", "9-8-8", "988", ""),
        ("GB", "116 123", "116123", ""),
        ("GB", "0330 123 1245", "+443301231245", ""),
        ("AU", "000", "000", ""),
        ("AU", "13 11 14", "131114", ""),
        ("IN", "14416 or 1-800-891-4416", "14416", ""),
    ],
)
def test_what_is_read_and_what_is_dialled(country: str, display: str, dial: str, sms: str) -> None:
    found = [line for line in LINES.for_country(country) if line.display == display]
    assert [(line.dial, line.sms_body) for line in found] == [(dial, sms)]


@pytest.mark.parametrize(
    ("role", "there"),
    [(None, True), (Audience.DOCTORS, True), (Audience.STUDENTS, True), (Audience.NURSES, False)],
)
def test_a_line_for_doctors_is_shown_to_doctors(role: Audience | None, there: bool) -> None:
    names = [line.name for line in LINES.for_country("AU", role)]
    assert ("Drs4Drs" in names) is there


def test_a_line_that_is_not_verified_is_shown_to_nobody() -> None:
    data = deepcopy(DATA)
    data["lines"][0]["confirm"] = True
    data["lines"][1]["mark"] = "M"
    hidden = Helplines.from_data(data)
    assert len(hidden.for_country("US")) == len(LINES.for_country("US")) - 2
    assert hidden.lines[0] not in hidden.stale(date(2030, 1, 1))


def test_no_number_from_memory_is_in_the_file() -> None:
    assert all(line.mark == "V" and line.source for line in LINES.lines)
    there = {line.dial for line in LINES.lines}
    # Marked [M] in the notes: CMA, text for Ireland, Nurse & Midwife Support, 116 123 in Germany.
    assert not there & {"+18446759222", "50808", "1800667877", "111111"}
    assert not [line for line in LINES.for_country("DE") if line.dial == "116123"]


def test_lines_grow_stale_after_half_a_year() -> None:
    assert LINES.stale(SEEN) == []
    assert LINES.stale(date(2027, 5, 22)) == []  # the 180th day
    assert LINES.stale(date(2027, 5, 23)) == list(LINES.lines)
    assert LINES.stale(date(2026, 12, 23), days=29) == list(LINES.lines)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dial": ""}, "dial"),
        ({"dial": "+44116123"}, "dial"),
        ({"dial": "call me"}, "dial"),
        ({"dial": "912"}, "not among"),
        ({"dial": 911}, "in quotes"),
        ({"display": "988 or 18002738255", "dial": "18002738255"}, "988"),
        ({"country": "usa"}, "country"),
        ({"kind": "chat"}, "kind"),
        ({"audience": ["vets"]}, "vets"),
        ({"audience": []}, "audience"),
        ({"verified_on": "2026-11-23"}, "verified_on"),
        ({"confirm": "yes"}, "confirm"),
        ({"phone": "911"}, "phone"),
        ({"source": ""}, "source"),
        ({"name": None}, "name"),
    ],
)
def test_a_faulty_record_is_named(change: dict[str, object], said: str) -> None:
    data = deepcopy(DATA)
    data["lines"][0].update(change)
    with pytest.raises(ValueError, match=rf"lines\.1.*{said}"):
        Helplines.from_data(data)


def test_a_file_without_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="lines"):
        Helplines.from_data({})
