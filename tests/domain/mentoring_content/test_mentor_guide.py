"""The guide for mentors and mentees: what is there, and that it adds up."""

from bot.chat.content import content
from bot.domain.mentor_guide import AGREED, FIELD, MentorGuide

GUIDE = MentorGuide.from_data(content("mentoring/guide"))


def test_five_cards_of_three_minutes() -> None:
    assert list(GUIDE.cards) == ["listen", "ask_first", "sponsor", "feedback", "refer_on"]
    for card in GUIDE.cards.values():
        assert card.minutes == 3
        assert len(card.tries) == 3
        assert card.reflect.endswith("?")
        words = [card.title, card.idea, *card.tries, card.words, card.reflect]
        assert len(" ".join(words).split()) <= 120, card.id


def test_a_meeting_gives_most_of_its_time_to_the_mentee() -> None:
    assert [part.minutes for part in GUIDE.meeting.parts] == [5, 5, 20, 10, 5]
    assert GUIDE.meeting.minutes == 45
    longest = max(GUIDE.meeting.parts, key=lambda part: part.minutes)
    assert "mentee leads" in longest.text


def test_the_agenda_has_three_lines_to_finish() -> None:
    assert len(GUIDE.agenda.lines) == 3
    assert all(line.endswith("…") for line in GUIDE.agenda.lines)


def test_five_lines_of_agreement_with_wording_that_fits_a_field() -> None:
    lines = {line.id: line for line in GUIDE.agreement.lines}
    assert tuple(lines) == AGREED
    assert all(len(line.suggests) <= FIELD for line in lines.values())
    secret = lines["confidentiality"].suggests
    assert "danger" in secret
    assert "law" in secret
    assert "No patient" in secret
    boundaries = lines["boundaries"]
    for word in ("assessment", "therapy", "promise of a post", "advice about patients", "Credit"):
        assert word in boundaries.suggests
    assert "without giving a reason" in lines["ending"].suggests
    assert any("grades or assesses" in limit for limit in GUIDE.agreement.limits)


def test_two_questions_after_a_meeting() -> None:
    useful, following = GUIDE.after_meeting
    assert list(useful.options) == ["1", "2", "3", "4", "5"]
    assert following.id == "next"
    assert "pause" in following.options


def test_health_is_asked_at_30_days_and_then_each_60() -> None:
    asked = [day for day in range(220) if GUIDE.health.due_on_day(day)]
    assert asked == [30, 90, 150, 210]


def test_roles_are_told_apart_in_one_line() -> None:
    assert list(GUIDE.roles) == ["mentor", "coach", "sponsor", "buddy", "near_peer"]
    assert len({role.text for role in GUIDE.roles.values()}) == 5


def test_the_ending_thanks_both() -> None:
    assert "Thank you both" in GUIDE.ending.text
    assert [ask.id for ask in GUIDE.ending.asks] == ["reached", "thanks", "onward"]
