"""Words that members plant everywhere are found nowhere but in their own export.

Looked through: the database with its log and every other file beside it, all log records with all
their fields, metrics, what other members can see and export, and what a wrong key opens.
"""

import io
import logging
import zipfile
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.store.database import connect
from bot.store.vault import Vault, new_key
from tests.features.mentoring_ground import says_who
from tests.pilot import Pilot, World

#: Where each word is planted. None of them is a word that anything else would hold.
WORDS = {
    "title": "quillfeather",
    "why": "marrowbrook",
    "edited": "ottercombe",
    "step": "thistlewaite",
    "cue": "fennimore",
    "act": "larkspurring",
    "note": "hobblethorn",
    "reason": "wrenfallow",
    "win": "gorsebridge",
    "obstacle": "nettleburn",
    "next": "pipistrelle",
    "review": "sorrelhithe",
    "talk": "bramblewick",
    "refused": "cuttlesworth",
    "danger": "hawkmotherly",
    "patient": "dunnockley",
    "broken": "starlingate",
    "about": "pintailwharf",
    "apart": "aspenwickham",
    "conflict": "dotterelmoor",
    "hope": "godwitlea",
    "aims": "whimbrelby",
    "agenda": "lapwingford",
    "after": "plovergate",
}
FEED = "https://rota.example-hospital.org/tok3n-yaffleheron/amina.ics"
#: Words that nobody may keep at all, not even for their member.
NEVER = ("hawkmotherly", "dunnockley", "yaffleheron", "merlinstead", "starlingate")
#: In a label that must be asked about: sealed until it was.
LABEL = "siskinford"
CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Rota//EN\r
BEGIN:VEVENT\r
UID:siskinford-1\r
SUMMARY:Holiday siskinford\r
LOCATION:Ward merlinstead\r
DESCRIPTION:with Dr merlinstead\r
DTSTART;VALUE=DATE:20270105\r
DTEND;VALUE=DATE:20270106\r
END:VEVENT\r
END:VCALENDAR\r
"""


async def plant(world: World, amina: Pilot) -> None:
    """Say every word in its place."""
    word = WORDS
    world.feeds[FEED] = CALENDAR
    await amina.says(f"/goal add Learn {word['title']} by June 2027 because {word['why']}")
    await amina.says("/goal add Draft a poster by May 2027")
    await amina.says("/goal edit 2")
    await amina.fills(title=f"Draft a poster on {word['edited']}")
    await amina.says(f"/goal step 1 Read about {word['step']}")
    await amina.presses("Add an if-then plan")
    await amina.fills(cue=f"I see {word['cue']}", act=f"I do {word['act']}")
    await amina.says(f"/goal progress 1 {word['note']}")
    await amina.says(f"/goal drop 2 because {word['reason']}")
    await amina.says(f"/shift feed {FEED}")
    await world.until("2027-01-04 12:00")
    await amina.says("/checkin")
    await amina.fills(
        win=f"some {word['win']}", obstacle=f"the {word['obstacle']}", next_step=word["next"]
    )
    await amina.says("/goal review")
    await amina.presses("Decide")
    await amina.fills(answer=f"It was {word['review']}")
    await amina.says(f"so much {word['talk']} today")
    await amina.says("/goal add")
    await amina.fills(title=word["refused"], due="the 31st of June")
    await amina.says(f"I want to kill myself {word['danger']}")
    await amina.presses("You misunderstood")
    await amina.says(f"/goal add Follow up MRN 4482913 {word['patient']}")
    await amina.says("/wellbeing")
    await amina.fills(burnout="4", energy="0", driver="sleep")
    await amina.says("/wellbeing settings")
    await amina.presses("Change these")
    await amina.fills(counted="yes")
    await amina.says("/coach export")
    world.outbox.refuse = [RuntimeError(word["broken"])]
    await world.until("2027-01-12 12:00")


async def plant_together(world: World, amina: Pilot) -> None:
    """Say the words that are told to a mentor, and those that are told to nobody."""
    word = WORDS
    carla = world.member("carla", "Europe/London")
    await says_who(carla, "mentor", "quality,hard_talks", stage="mid_career")
    await says_who(amina, "mentee", "quality,hard_talks", about=f"I like {word['about']}.")
    await amina.presses("In confidence")
    await amina.fills(not_with=word["apart"], conflicts=word["conflict"])
    await amina.says("/mentor ask Carla")
    await amina.fills(note=f"Something on {word['hope']}")
    await carla.presses_action("mentor.accept:1")
    await amina.presses_action("mentor.pair_edit:1")
    await amina.fills(aims=f"Learn {word['aims']}")
    await amina.says("/mentor meet")
    await amina.presses("I name a time")
    await amina.fills(day="15 January 2027", at="17:00")
    await carla.says("/mentor meet")
    await carla.presses("That suits me")
    await amina.presses_action("mentor.pair_agenda:1")
    await amina.fills(line0=f"About {word['agenda']}")
    await world.until("2027-01-16 12:00")
    await amina.presses_action("mentor.pair_step:1")
    await amina.fills(step=f"Write to {word['after']}")


def leaks(content: bytes, words: tuple[str, ...]) -> list[str]:
    low = content.lower()
    return [word for word in words if word.encode() in low]


def unzipped(pilot: Pilot) -> bytes:
    """Give all that the member's last export holds."""
    [*_, found] = [file for _, message, _ in pilot.delivered() for file in message.files]
    with zipfile.ZipFile(io.BytesIO(found.content)) as pack:
        return b"\n".join(pack.read(name) for name in pack.namelist())


def search(folder: Path, words: tuple[str, ...], least: set[str]) -> None:
    """Find none of the words in any file; these files at least must be there."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert least <= {file.name for file in files}
    for file in files:
        assert leaks(file.read_bytes(), words) == [], file.name


async def test_planted_words_are_found_nowhere(
    world: World, amina: Pilot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    everything = (*WORDS.values(), *NEVER, LABEL)
    ben = world.member("ben")
    await ben.says("/goal add Learn ultrasound by June 2027")
    await plant(world, amina)
    await plant_together(world, amina)
    await amina.says("/coach export")
    await ben.says("/coach export")
    for command in ("/coach team", "/coach why", "/goal list", "/coach"):
        await ben.says(command)
    for command in ("/mentor find", "/mentor round", "/circle"):
        await ben.says(command)
    await world.until("2027-01-18 12:00")

    own = unzipped(amina)
    kept = [word for word in WORDS.values() if word not in NEVER]
    told = [word for word in kept if word not in {WORDS["talk"], WORDS["refused"]}]
    assert leaks(own, tuple(told)) == told, "what is kept is in the member's own export"
    assert leaks(own, NEVER) == []

    assert leaks(unzipped(ben), everything) == []
    heard = " ".join(message.text for reply in ben.replies for message in reply.messages)
    assert leaks(heard.encode(), everything) == []
    assert leaks(world.coach.metrics.render(None), everything) == []
    assert caplog.records
    for record in caplog.records:
        assert leaks(repr(record.__dict__).encode(), everything) == [], record.name

    search(tmp_path, everything, {"test.db", "test.db-wal"})
    world.coach.database.close()
    search(tmp_path, everything, {"test.db"})

    other = connect(world.url, Vault.parse(new_key()))
    with pytest.raises(Misconfigured, match="is not the key"):
        other.call(lambda db: db.info["vault"].check(db, make=False))
    other.close()
    world.restart()


async def test_the_search_would_find_a_word(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"…{WORDS['win'].upper()}…")
    assert leaks((tmp_path / "a").read_bytes(), tuple(WORDS.values())) == [WORDS["win"]]
