"""What people type when they are tired: one clear sentence, nothing lost, nobody pinged."""

import pytest

from bot.chat.prompt import Words
from tests.pilot import Pilot, World, at

MEAN = [
    "<!channel> <@U123> @everyone",
    "*bold* _it_ `code` [a](http://x)",
    "# heading\n- item",
    "\u202egnitset\u202c",
    "مرحبا بالعالم يا صديقي",
    "a\x00b\x07c\x1b[31m",
    "{{ 7 * 7 }}",
    "<script>alert(1)</script>",
    "%s %d {0}",
    "'; DROP TABLE goal; --",
    "> quote\n\n1. one",
]


async def test_near_misses_suggest_the_right_command(amina: Pilot) -> None:
    await amina.says("/gaol add Pass the boards by June 2027")
    assert "/goal add Pass the boards by June 2027" in amina.answer
    await amina.presses("/goal add Pass the boards by June 2027")
    assert "30 June 2027" in amina.answer
    await amina.says("/goal lisst")
    await amina.presses("/goal list")
    assert "1. Pass the boards" in amina.answer
    await amina.says("/goal banana")
    assert "It knows: add, list, show" in amina.answer
    await amina.says("/banana")
    assert "I know: /coach, /goal, /checkin" in amina.answer


async def test_a_message_that_is_no_command_can_become_a_goal(amina: Pilot) -> None:
    await amina.says("pass the boards next year")
    assert "You wrote: pass the boards next year" in amina.answer
    await amina.presses("Keep it as a goal")
    assert "Kept as goal 1: pass the boards, by 31 December 2028" in amina.answer


@pytest.mark.parametrize("text", MEAN)
async def test_words_stay_words(amina: Pilot, text: str) -> None:
    await amina.says("/goal add Read one paper a week by June 2027")
    await amina.says(f"/goal add {text} by May 2027")
    assert "Kept as goal 2" in amina.answer
    spans = [
        span
        for message in amina.replies[-1].messages
        for block in message.blocks
        for span in getattr(block, "spans", ())
    ]
    title = next(span for span in spans if span.bold)
    shown = title.text.strip("\u2068\u2069")
    assert "\x00" not in shown
    assert "\u202e" not in shown
    assert not title.href
    visible = " ".join(text.replace("\x00", "").replace("\x07", "").replace("\x1b", "").split())
    assert shown == visible.replace("\u202e", "").replace("\u202c", "")
    await amina.says("/goal show 2")
    assert shown in amina.answer


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/goal add 🙂🙂🙂", "Please write it in words"),
        ("/goal add \x00\x01 ", ""),
        (f"/goal add {'x' * 301}", "That is 301 characters; 300"),
        (f"/goal add {'long words ' * 1000}", "4000 is as much"),
        ("/goal add Pass the boards by 3 May 2020", "3 May 2020 has passed"),
        ("/goal add Pass the boards by 31 February", "There is no such day"),
        ("/goal show 7", "You have no goal number 7"),
        ("/goal done 99999999999", "Write it like this: /goal done"),
        ("/goal progress one", "You have no active goal yet"),
        ("/coach pause until yesterday", "I could not read"),
        ("/coach help banana", "I know no command “banana”"),
        ("/", "Type a command"),
        ("", "Type a command"),
    ],
)
async def test_one_clear_sentence(amina: Pilot, text: str, sentence: str) -> None:
    await amina.says(text)
    assert sentence in amina.answer
    assert "Something failed" not in amina.answer
    await amina.says("/goal list")
    assert "You have no active goal" in amina.answer


async def test_a_refused_command_gives_the_words_back(amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by 31 February")
    assert "You wrote: /goal add Pass the boards by 31 February" in amina.answer


async def test_an_ambiguous_date_is_asked_about(amina: Pilot) -> None:
    await amina.says("/goal add Submit the abstract by 2/3/27 because I want a poster")
    assert "can be two days" in amina.answer
    first = next(button for button in amina.replies[-1].messages[-1].buttons)
    await amina.presses_action(first.action)
    assert "Submit the abstract, by 2 March 2027" in amina.answer


async def test_another_persons_goal_is_out_of_reach(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    daniel = world.member("daniel", "America/New_York")
    await daniel.says("/goal show 1")
    assert "You have no goal number 1" in daniel.answer
    for action in ("goal.look:1", "goal.finish:1", "goal.edit_form:1", "goal.tick:1:1"):
        await daniel.presses_action(action)
        assert "not on your list" in daniel.answer
        assert "boards" not in daniel.answer
    await daniel.submits("goal.edit_form:1", {"title": "mine now"})
    assert "not on your list" in daniel.answer
    await amina.says("/goal show 1")
    assert "Pass the boards" in amina.answer


async def test_another_persons_check_in_is_out_of_reach(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await world.until("2027-01-04 09:00")
    daniel = world.member("daniel", "America/New_York")
    await daniel.presses_action("checkin.mark:1:1:done")
    assert "no longer there" in daniel.answer
    await daniel.submits("checkin.answer:1", {"goal1": "done"})
    assert "no longer there" in daniel.answer
    await amina.says("/goal list")
    assert "Pass the boards" in amina.answer


async def test_a_button_pressed_twice_or_a_year_later(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.says("/goal show 1")
    await amina.presses("It is done")
    await amina.presses_action("goal.finish:1")
    assert "was reached on 1 January 2027. Nothing changed" in amina.answer
    world.clock.moment = at("2028-02-01 12:00")
    await amina.presses_action("goal.let_go:1")
    assert "was reached on 1 January 2027" in amina.answer
    for action in (
        "goal.finish:77",
        "goal.nothing:1",
        "goal.finish",
        "goal.finish:x",
        "x" * 99,
        "checkin.mark:1:1:banana",
        "house.choose:abc:9",
        "",
    ):
        await amina.presses_action(action)
        assert "Something failed" not in amina.answer
        assert len(amina.answer) < 200


async def test_a_form_sent_after_its_goal_was_dropped(amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.presses_action("goal.plan:1")
    await amina.says("/goal drop 1")
    await amina.submits("goal.plan:1", {"cue": "I log off", "act": "open the question bank"})
    assert "was let go on 1 January 2027" in amina.answer
    assert "open the question bank" in amina.answer  # what was typed is given back


async def test_a_refused_form_keeps_what_was_typed(amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.presses("Make it sharper") if "Make it sharper" in str(amina.replies) else None
    await amina.presses_action("goal.edit_form:1")
    await amina.fills(
        title="Pass step three", due="31 February", confidence="eleven", measure="banana"
    )
    form = amina.form
    assert form is not None
    assert set(form.errors) == {"due", "confidence", "measure"}
    assert {each.name: each.value for each in form.fields}["title"] == "Pass step three"
    assert {each.name: each.value for each in form.fields}["due"] == "31 February"
    await amina.fills(due="1/3/28", confidence="11", measure="")
    assert amina.form is not None
    assert "1 March 2028 or 3 January 2028" in amina.form.errors["due"] or (
        "3 January 2028 or 1 March 2028" in amina.form.errors["due"]
    )
    assert "from 0 to 10" in amina.form.errors["confidence"]
    await amina.fills(due="1 March 2028", confidence="7")
    assert "Goal 1 is now: Pass step three, by 1 March 2028" in amina.answer


async def test_a_restart_in_mid_form_harms_nothing(world: World, amina: Pilot) -> None:
    await amina.says("/goal add")
    await amina.fills(title="Pass the boards", due="31 February")
    assert amina.form is not None
    world.restart()
    await amina.fills(due="30 June 2027")
    assert "Kept as goal 1: Pass the boards, by 30 June 2027" in amina.answer


async def test_the_same_event_twice_is_one(amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027", key="same")
    await amina.says("/goal add Pass the boards by June 2027", key="same")
    assert amina.replies[-1].messages == ()
    await amina.says("/goal list")
    assert "2." not in amina.answer


async def test_a_failure_of_ours_has_a_reference_and_no_words(
    amina: Pilot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await amina.says("/goal list")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret words of a member")

    monkeypatch.setattr("bot.store.goals.add", broken)
    await amina.says("/goal add A secret of mine by June 2027")
    reference = amina.answer.split("code ")[1].strip(" .")
    [record] = [each for each in caplog.records if getattr(each, "action", "") == "turn_failed"]
    assert record.reference == reference
    assert "RuntimeError at" in record.cause
    assert "secret" not in str(record.__dict__)


def test_every_sentence_says_what_to_do_next() -> None:
    words = Words()
    for key, text in words._shorts.items():
        assert text.strip(), key
