"""Fields of the local workspace that take several values: ticked, kept, refused, and joined."""

from collections.abc import AsyncIterator

import pytest

from bot.app import FEATURES, join
from bot.chat.answers import Answers
from bot.chat.command import Group
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.engine.prompts import Told as Sentence
from bot.engine.turn import Feature, Turn
from bot.platforms.local.pages import html_of_form
from bot.platforms.local.people import CAST, offered, person
from bot.platforms.local.terminal import Terminal, as_text
from bot.platforms.local.web import web_app
from bot.platforms.local.workspace import Workspace
from bot.store.local import PLATFORM
from tests.platforms.asgi import Client, Page

DM = "/as/amina/dm"
TOPICS = (("research", "Doing research"), ("exams", "Exams <and> boards"), ("teaching", "Teaching"))
crew = Group("crew", "Choose topics and people.")


@crew.form("pick")
def pick(turn: Turn) -> Form:
    """Ask for topics and people."""
    topics = Field(
        "topics", "Topics", "several", required=True, value="research", choices=TOPICS, limit=2
    )
    people = Field("people", "Not with", "people", hint="Nobody sees this.", limit=5)
    return Form("crew.pick", "Choose", "Save", (topics, people))


@pick.submitted
def picked(turn: Turn, answers: Answers) -> Prompt:
    """Say what was chosen."""
    known = [value for value, _ in TOPICS]
    topics = answers.several("topics", known, most=2, required=True)
    people = answers.several("people", most=5)
    answers.check()
    return Sentence(sentence=f"{' and '.join(topics)}; not with {', '.join(people) or 'nobody'}")


@pytest.fixture
async def terminal(room: Workspace, browser: Client) -> AsyncIterator[Terminal]:
    """A terminal and the browser's page, with one more form."""
    feature = Feature(name="crew", groups=(crew,))
    coach = join(
        room.database, room.clock, {PLATFORM: room.messenger}, features=(*FEATURES, feature)
    )
    browser.app = web_app(workspace=room, dispatch=coach.dispatch, rounds=coach.rounds)
    return Terminal(room, coach.dispatch, person("amina"))


def ticked(page: Page, name: str) -> list[str]:
    return [each["value"] for each in page.find_all("input", name=name) if "checked" in each]


def test_several_are_boxes_in_one_group() -> None:
    field = Field(
        "topics", "Topics", "several", value="exams,teaching", choices=TOPICS, hint="H", limit=2
    )
    html = html_of_form(Form("x", "X", "Send", (field,), errors={"topics": "At most 2."}))
    page = Page(html)
    boxes = page.find_all("input", type="checkbox", name="f.topics")
    assert [each["value"] for each in boxes] == ["research", "exams", "teaching"]
    assert ticked(page, "f.topics") == ["exams", "teaching"]
    group = page.find("fieldset", id="field-topics")
    assert group["aria-describedby"].split() == ["field-topics-hint", "field-topics-error"]
    assert "Exams &lt;and&gt; boards" in html
    assert "up to 2" in page.words


def test_many_choices_are_folded_under_their_headings() -> None:
    headings = (("Study <1>", 2),)
    field = Field("topics", "Topics", "several", value="exams", choices=TOPICS, groups=headings)
    html = html_of_form(Form("x", "X", "Send", (field,)))
    page = Page(html)
    [group] = page.find_all("details")
    assert "open" in group  # something in it is chosen
    assert "<summary>Study &lt;1&gt;</summary>" in html
    values = [each["value"] for each in page.find_all("input", type="checkbox")]
    assert values == ["research", "exams", "teaching"]
    assert html.index("</details>") < html.index('value="teaching"')
    nothing = Field("topics", "Topics", "several", choices=TOPICS, groups=headings)
    [group] = Page(html_of_form(Form("x", "X", "Send", (nothing,)))).find_all("details")
    assert "open" not in group


def test_a_form_offers_everyone_but_oneself() -> None:
    form = Form("x", "X", "Send", (Field("who", "Who", "people", value="zoe,U 1"), Field("t", "T")))
    people, text = offered(form, CAST["daniel"], ["amina", "bruno", "daniel"]).fields
    keys = [key for key, _ in people.choices]
    assert keys == [*(key for key in CAST if key != "daniel"), "bruno", "zoe"]
    assert dict(people.choices)["amina"] == "Amina Rahman"
    assert text.choices == ()


async def test_what_is_ticked_arrives_and_is_kept_while_something_is_wrong(
    browser: Client, terminal: Terminal
) -> None:
    await browser.get("/as/bruno/dm")  # a visitor who has come can be chosen, too
    opened = await browser.post(f"{DM}/press", {"action": "crew.pick", "key": "o"})
    assert ticked(opened.page, "f.topics") == ["research"]
    boxes = opened.page.find_all("input", type="checkbox", name="f.people")
    offers = [each["value"] for each in boxes]
    assert offers[:2] == ["daniel", "rosa"]
    assert "amina" not in offers
    assert offers[-1] == "bruno"

    async def sends(*pairs: tuple[str, str]) -> Page:
        fields = [("form", "crew.pick"), ("key", str(pairs)), ("f.topics", ""), ("f.people", "")]
        return (await browser.post(f"{DM}/submit", [*fields, *pairs])).page

    page = await sends(
        *(("f.topics", value) for value, _ in TOPICS), ("f.people", "rosa"), ("f.people", "bruno")
    )
    assert ticked(page, "f.topics") == ["research", "exams", "teaching"]
    assert ticked(page, "f.people") == ["rosa", "bruno"]
    assert "aria-invalid" in page.find("fieldset", id="field-topics")
    page = await sends(("f.people", "rosa"))
    assert ticked(page, "f.topics") == []  # nothing is ticked again that was unticked
    page = await sends(
        ("f.topics", "exams"), ("f.topics", "teaching"), ("f.people", "rosa"), ("f.people", "bruno")
    )
    assert not page.find_all("dialog")
    assert "exams and teaching; not with rosa, bruno" in page.words


async def test_a_terminal_shows_the_choices_and_takes_them_with_commas(terminal: Terminal) -> None:
    [*_, opened] = await terminal.press("crew.pick")
    shown = as_text([opened])
    assert "up to 2, as topics=research,exams: research, exams, teaching" in shown
    assert "up to 5, as people=daniel,rosa: daniel, rosa, " in shown
    [refused] = await terminal.submit("crew.pick", {"topics": "exams,astrology"})
    assert "topics" in refused["form"]["errors"]
    assert refused["form"]["fields"][0]["value"] == "exams,astrology"
    [told] = await terminal.submit("crew.pick", {"topics": "exams, teaching", "people": "rosa"})
    assert told["text"] == "exams and teaching; not with rosa"


async def test_only_fields_of_a_form_are_joined(browser: Client) -> None:
    sent = [("text", "/goal list"), ("text", "/coach forget"), ("key", "k")]
    answer = await browser.post(f"{DM}/say", sent)
    assert "/goal list" in answer.page.words
    assert "Forget me" not in answer.page.words
