"""Deadlines that are found in a sentence, and what is asked about the doubtful ones."""

from datetime import date

import pytest

from bot.domain.dates import Found, find_deadline, without
from bot.errors import Ambiguous, Misread

TODAY = date(2026, 9, 10)  # a Thursday


@pytest.mark.parametrize(
    ("text", "phrase", "day"),
    [
        ("Pass the boards by June 2027", "by June 2027", "2027-06-30"),
        (
            "Submit one abstract to the ACP meeting by 15 October so that I have a poster",
            "by 15 October",
            "2026-10-15",
        ),
        ("By June 2027, lead a team of five", "By June 2027", "2027-06-30"),
        ("PASS BY JUNE 2027!", "BY JUNE 2027", "2027-06-30"),
        ("Pass it (by June).", "by June", "2027-06-30"),
        ("Read it by the end of the month.", "by the end of the month", "2026-09-30"),
        ("Finish by end of Q1 2027 at latest", "by end of Q1 2027", "2027-03-31"),
        ("Finish the audit end of June", "end of June", "2027-06-30"),
        ("Pass before June 2027", "before June 2027", "2027-05-31"),
        ("Apply no later than 3 May", "no later than 3 May", "2027-05-03"),
        ("Publish within three months", "within three months", "2026-12-10"),
        ("Finish in 3-6 months", "in 3-6 months", "2027-03-10"),
        ("Write daily for the next 6 weeks", "for the next 6 weeks", "2026-10-22"),
        ("Write for six months", "for six months", "2027-03-10"),
        ("Meet every week until 3 May", "until 3 May", "2027-05-03"),
        ("Call the dean next Friday", "next Friday", "2026-09-18"),
        ("Call the dean on Friday, please", "on Friday", "2026-09-11"),
        ("Finish this month", "this month", "2026-09-30"),
        ("Finish by Dec. 3", "by Dec. 3", "2026-12-03"),
        ("Finish by June, 3 papers at least", "by June", "2027-06-30"),
        ("Finish by June, 2027 at last", "by June, 2027", "2027-06-30"),
        ("Begin by March, finish by June", "by June", "2027-06-30"),
        ("Teach in 3 wards by Friday", "by Friday", "2026-09-11"),
        ("Publish the cohort we closed in 2019 by 2027", "by 2027", "2027-12-31"),
        ("Mend by 31 February, or in 6 weeks", "in 6 weeks", "2026-10-22"),
        ("Finish it by 15th.", "by 15th", "2026-09-15"),
        ("Finish by the 15th at the latest", "by the 15th", "2026-09-15"),
        ("Finish by 28.2.", "by 28.2", "2027-02-28"),
        ("Finish in 6/2027", "in 6/2027", "2027-06-30"),
        ("Finish early June", "early June", "2027-06-10"),
        ("Finish mid-June with Ann", "mid-June", "2027-06-15"),
        ("Finish the first week of June", "the first week of June", "2027-06-07"),
        ("Finish by Q3 ’27, with Ann", "by Q3 ’27", "2027-09-30"),
        ("Finish by Q3 20 procedures", "by Q3", "2026-09-30"),
        ("Finish by june or july", "by june or july", "2027-07-31"),
        ("Finish b4 june", "b4 june", "2027-05-31"),
        ("Finish b4 the end of june", "b4 the end of june", "2027-06-30"),
        ("Finish til june", "til june", "2027-06-30"),
        ("Finish ’til june…", "’til june", "2027-06-30"),
        ("Read 2 papers by June and 3 by July", "by July", "2027-07-31"),
    ],
)
def test_a_deadline_is_found(text, phrase, day):
    start = text.index(phrase)
    end = start + len(phrase)

    found = find_deadline(text, today=TODAY)
    assert found == Found(start, end, phrase, date.fromisoformat(day))


@pytest.mark.parametrize(
    "text",
    [
        "", "Stand by me", "Work in the OR", "Teach in 3 languages", "Write by hand",
        "İn 3 weeks", "By phone",
        "Stay within the team", "Prepare before rounds", "Lead a team of five", "Every week",
        "Reflect each month", "Shorten the stay by 2 days", "See 20 patients in a day",
        "Meet twice in a week", "Sit in on Fridays", "Teach on Friday mornings",
        "Shine in the June exam", "Score well in Match 2027", "Get feedback by Jane",
        "Be supervised by Marc", "Chart in MAR", "Learn in 5 ways", "Examine in 2 ears",
        "Learn end of life care", "Validate in 2500 patients", "Validate in 2028 patients",
        "Publish the cohort we closed in 2019", "Sign notes within 24 hours",
        "Publish in June issue of JAMA", "Edit the next June issue", "Finish by my birthday",
        "Finish by end of residency", "Apply by ERAS opening", "Be in by the 5th percentile",
        "Teach on the 3rd floor", "Pay on the 15th of each month", "Pass the EOM exam",
        "Raise the GPA by 0.5", "Raise the GPA by 1.5.", "Raise it by 28.2 points",
        "Teach early year students", "Pass the mid year review", "Survive the first week of it",
        "Publish within a month of graduation", "Reduce falls by 50%", "In the year ahead", "by",
    ],
)  # fmt: skip
def test_other_words_are_no_deadline(text):
    assert find_deadline(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "phrase", "lead", "key", "options"),
    [
        ("Pass by Junne 2027 please", "by Junne 2027", "by", "near_miss", ("June 2027",)),
        ("Pass by nxt friday", "by nxt friday", "by", "near_miss", ("next Friday",)),
        ("Call next fryday", "next fryday", "", "near_miss", ("next Friday",)),
        ("Pass in 2 moths", "in 2 moths", "in", "near_miss", ("2 months",)),
        ("Pass by 1/3/27", "by 1/3/27", "by", "ambiguous", ("1 March 2027", "3 January 2027")),
        ("Pass by 31 February", "by 31 February", "by", "no_such_day", ()),
        ("Pass by June 35 or so", "by June 35", "by", "no_such_day", ()),
        ("Pass by 3 May 2020", "by 3 May 2020", "by", "past", ()),
        ("Pass by spring 2027", "by spring 2027", "by", "unread", ()),
        ("Pass by 2100", "by 2100", "by", "too_far", ()),
    ],
)
def test_a_doubtful_deadline_is_told_with_its_place(text, phrase, lead, key, options):
    with pytest.raises((Ambiguous, Misread)) as told:
        find_deadline(text, today=TODAY)

    start = text.index(phrase)
    assert told.value.key == f"dates.{key}"
    assert getattr(told.value, "options", ()) == options
    place = {"start": start, "end": start + len(phrase), "phrase": phrase, "lead": lead}
    assert told.value.facts.items() >= place.items()
    assert told.value.facts["text"] == phrase.removeprefix(lead).strip()
    for option in options:
        rebuilt = f"{text[:start]}{lead} {option}{text[start + len(phrase) :]}"
        assert find_deadline(rebuilt, today=TODAY)


def test_a_sentence_may_hold_control_characters():
    found = find_deadline("İ\x00Pass\x00by\x1fJune 2027", today=TODAY)

    assert found == Found(7, 19, "by June 2027", date(2027, 6, 30))


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Read it by the end of June", True),
        ("Read the cohort of patients seen in 2019 by June", True),
        ("Read 2 papers by June and 3 by July", False),
        ("Mend by 31 February, or in 6 weeks", False),
    ],
)
def test_a_deadline_knows_whether_it_is_alone(text, alone):
    found = find_deadline(text, today=TODAY)

    assert found is not None
    assert found.alone is alone
    assert (without(text, found) == text) is not alone


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Finish it by the end of the year.", "Finish it"),
        ("Finish it by Jan 15!", "Finish it"),
        ("Finish it (by June)", "Finish it"),
        ("Finish it (draft by June) with Ann", "Finish it (draft) with Ann"),
        ("Finish it by June...", "Finish it"),
        ("Finish it, by June at the latest.", "Finish it"),
        ("Finish it: by June", "Finish it"),
        ("Finish it - by June - with Ann", "Finish it - with Ann"),
        ("Finish it, by June, with Ann", "Finish it, with Ann"),
        ("Finish it by June! Then rest.", "Finish it! Then rest."),
        ("Finish it; -- by June", "Finish it; --"),
        ("Finish it by June for the club", "Finish it for the club"),
        ('"Finish it by June"', '"Finish it"'),
        ("By June 2027, lead a team", "lead a team"),
        ("by June!", ""),
    ],
)
def test_nothing_remains_around_a_deadline_that_was_taken_out(text, rest):
    found = find_deadline(text, today=TODAY)

    assert found is not None
    assert without(text, found) == rest
