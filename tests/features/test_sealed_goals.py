"""What a member writes about goals is read by the member, and by nobody who reads the database."""

from pathlib import Path

from sqlalchemy import event

from tests.pilot import Pilot, World

#: Words that nothing but the goal of this test holds; each is shown to the member in its place.
PLANTED = (
    "Quibblewick",  # the title as it was first
    "Snorvalent",  # the title that replaced it
    "zorblatt",  # why
    "fribbets",  # what is counted
    "glimmerfoot",  # a step
    "wuzzlepond",  # a cue
    "crandlesnap",  # the act
    "thrumbling",  # progress in words
    "vexolary",  # the obstacle of a check-in with this goal alone
    "mirthless",  # why it was let go
)


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


async def test_no_file_of_the_database_holds_a_word_of_a_goal(
    world: World, amina: Pilot, tmp_path: Path
) -> None:
    await amina.says("/goal add Leave the Quibblewick programme because the zorblatt wears me out")
    await amina.says("/goal edit 1")
    await amina.fills(title="Leave the Snorvalent programme", measure="0 of 5 fribbets")
    await amina.says("/goal step 1 Call the glimmerfoot by 3 February")
    await amina.presses("Add an if-then plan")
    await amina.fills(cue="the wuzzlepond rings", act="write one crandlesnap")
    await amina.says("/goal progress 1 2 after some thrumbling")
    await world.until("2027-01-04 12:00")
    await amina.says("/checkin")
    await amina.fills(goal1="stuck", obstacle="a vexolary month")
    await amina.says("/goal drop 1 because it was mirthless")
    await amina.says("/goal add Leave the Quibblewick programme by the 31st of Junne")  # half said
    await amina.says("/goal show 1")
    for word in PLANTED:
        assert word in amina.answer, word

    # The program still runs: there is a file, and a log that waits to be written into it.
    held = files(tmp_path)
    assert held.keys() >= {"test.db", "test.db-wal"}
    assert b"checkin.weekly" in held["test.db-wal"]  # what is kept in the open is found
    for word in PLANTED:
        assert [name for name, content in held.items() if word.encode() in content] == []

    world.restart()
    await amina.says("/goal show 1")
    assert all(word in amina.answer for word in PLANTED)


async def test_a_title_is_known_again_whatever_its_case(amina: Pilot) -> None:
    await amina.says("/goal add Straße und Übung meistern")
    await amina.says("/goal add STRASSE UND ÜBUNG MEISTERN")
    assert "You have this goal already: it is number 1." in amina.answer
    await amina.says("/goal drop 1")
    await amina.says("/goal add straße und übung meistern")  # only open goals count
    await amina.says("/goal list")
    assert "straße und übung meistern" in amina.answer


async def test_a_batch_of_check_ins_reads_its_keys_at_once(world: World) -> None:
    for name in ("amina", "daniel", "rosa"):
        await world.member(name).says("/goal add Pass the boards")
    await world.until("2027-01-04 08:59")  # the sums of the quarter have been made
    asked: list[str] = []
    event.listen(
        world.coach.database.engine, "before_cursor_execute", lambda *it: asked.append(it[2])
    )
    await world.until("2027-01-04 12:00")
    assert len(world.outbox.sent) == 3
    assert sum("FROM member_key" in each for each in asked) == 1
