"""The command line: what the README shows as real processes, and what goes wrong within one."""

import json
import socket
import sqlite3
import sys
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from tests.outside.shell import Shell

pytestmark = pytest.mark.outside

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_processes_share_a_database_and_keep_their_streams_apart(shell: Shell) -> None:
    now = ("--now", "2026-11-23T12:00")
    said = shell.process("say", "--json", "--as", "amina", *now, "/goal add Pass the boards")
    assert (said.returncode, said.stderr) == (0, "")
    assert "Pass the boards" in json.loads(said.stdout)[-1]["text"]
    due = shell.process("tick", "--now", "2026-11-30T09:00")
    assert due == (0, "planned 1, sent 1\n", "")
    assert len(shell.json("inbox", "--as", "amina")) == 1


def test_a_goal_and_its_check_in_in_a_terminal(shell: Shell) -> None:
    *_, kept = shell.json(
        "say",
        "--as",
        "amina",
        "--now",
        "2026-11-23T12:00",
        "/goal add Pass the boards by June 2027",
    )
    assert set(kept) == {"to", "text", "private", "buttons", "files", "form"}
    assert "Pass the boards" in kept["text"]
    assert "30 June 2027" in kept["text"]
    assert "sharper" in kept["text"]
    assert shell.json("inbox", "--as", "amina") == []
    assert shell.run("tick", "--now", "2026-11-30T08:59").stdout == "nothing was due\n"
    assert shell.run("tick", "--now", "2026-11-30T09:00").stdout == "planned 1, sent 1\n"
    assert shell.run("tick", "--now", "2026-11-30T09:00").stdout == "nothing was due\n"
    [asked] = shell.json("inbox", "--as", "amina")
    stuck = next(each["action"] for each in asked["buttons"] if each["label"] == "Stuck")
    [thanks] = shell.json("press", "--as", "amina", stuck)
    assert "stuck" in thanks["text"]
    assert len(shell.json("inbox", "--as", "amina")) == 1  # replaced by its answer
    change = thanks["buttons"][-1]["action"]
    [opened] = shell.json("press", "--as", "amina", change)
    form = opened["form"]["id"]
    [refused] = shell.json("submit", "--as", "amina", form, "goal1=banana")
    assert "goal1" in refused["form"]["errors"]
    shell.json("submit", "--as", "amina", form, "goal1=on_track", "win=a mock exam")
    [story] = shell.json("say", "--as", "amina", "/goal show 1")
    assert "30 November 2026: stuck" in story["text"]
    assert "30 November 2026: on track: a mock exam" in story["text"]
    [done] = shell.json("say", "--as", "amina", "/goal done 1")
    assert "Well done" in done["text"]


def test_channels_are_for_people(shell: Shell) -> None:
    assert shell.json("say", "--as", "amina", "--in", "general", "good morning") == []
    assert shell.json("say", "--as", "amina", "--in", "general", "/goal list")[-1]["private"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("say", "--as", "A!", "x"), "is not a name here"),
        (("say", "--as", "amina", "--in", "attic", "x"), "is no channel that Amina Rahman is in"),
        (("tick", "--now", "soon"), "is not a moment"),
        (("tick", "--now", "9999-12-31T23:00-10:00"), "is not a moment"),
        (("tick", "--now", "0001-01-01T00:00"), "choose a year from 1970 to 9000"),
        (("say", "--as", "amina", "--now", "9999-12-31", "x"), "choose a year"),
        (("submit", "--as", "amina", "goal.add", "title"), "write it as name=value"),
        (("serve",), "No platform has a token"),
    ],
)
def test_bad_use_is_one_sentence_and_status_2(
    shell: Shell, words: tuple[str, ...], sentence: str
) -> None:
    done = shell.run(*words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_serve_says_what_is_wrong(shell: Shell, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 - only to take the port
        taken.listen()
        port = str(taken.getsockname()[1])
        busy = shell.run("serve", PRECEPTOR_PORT=port, **TOKENS)
    assert (busy.returncode, "is taken" in busy.stderr) == (2, True)
    one = shell.run("serve", PRECEPTOR_PORT="0", SLACK_BOT_TOKEN="xoxb-1")
    assert (one.returncode, "SLACK_APP_TOKEN" in one.stderr) == (2, True)
    wrong = shell.run(
        "serve", PRECEPTOR_PORT="0", SLACK_BOT_TOKEN="xoxp-1", SLACK_APP_TOKEN="xapp-1"
    )
    assert (wrong.returncode, "xoxb-" in wrong.stderr) == (2, True)
    text = tmp_path / "text.db"
    text.write_text("this is no database, but a long enough text to be read as a page" * 20)
    garbage = shell.run("migrate", DATABASE_URL=f"sqlite:///{text}")
    assert (garbage.returncode, "does not open" in garbage.stderr) == (2, True)
    nowhere = shell.run("migrate", DATABASE_URL="sqlite:////proc/none/x.db")
    assert (nowhere.returncode, "DATABASE_URL" in nowhere.stderr) == (2, True)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DATABASE_URL", "foo", "DATABASE_URL names no database that is known here: write it as"),
        ("DATABASE_URL", "postgresql://localhost:1/x", 'run `pip install "psycopg[binary]"`'),
        ("SLACK_API_URL", "foo", "SLACK_API_URL is not usable: it must begin with http:// or"),
        ("PRECEPTOR_PORT", "many", "PRECEPTOR_PORT is not usable: "),
        ("PRECEPTOR_PORT", "65536", "PRECEPTOR_PORT is not usable: "),
    ],
)
def test_a_bad_setting_is_one_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for command in (("migrate",), ("say", "--as", "amina", "x")):
        done = shell.run(*command, **{variable: value})
        assert (done.returncode, done.stdout) == (2, "")
        assert sentence in done.stderr
        assert done.stderr.count("\n") == 1
        assert ".." not in done.stderr
    checked = shell.run("check", **{variable: value})
    assert checked.returncode == (1 if variable == "DATABASE_URL" else 2)
    assert sentence in checked.stdout + checked.stderr


def test_an_empty_setting_is_none(shell: Shell) -> None:
    empty = shell.run("check", SLACK_API_URL="", PRECEPTOR_PORT="", PROMPTS_DIR="")
    assert empty == (0, "Everything is in order.\n", "")


def test_a_port_that_cannot_be_is_refused(shell: Shell) -> None:
    for port in ("80000", "-1"):
        done = shell.run("try", "--no-browser", "--port", port)
        assert (done.returncode, "Invalid value for '--port'" in done.stderr) == (2, True)


def test_port_0_is_any_free_one(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def bind(port: int) -> socket.socket:
        asked.append(port)
        raise Misconfigured("enough")

    monkeypatch.setattr("bot.serving.bind", bind)
    shell.run("try", "--port", "0", PRECEPTOR_PORT="8000")
    shell.run("try", PRECEPTOR_PORT="8000")
    assert asked == [0, 8000]


def test_a_locked_database_is_said(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.embedded.BUSY_MS", 50)
    assert shell.run("migrate").returncode == 0
    holder = sqlite3.connect(shell.file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    locked = shell.run("say", "--as", "amina", "/goal list")
    holder.execute("ROLLBACK")
    holder.close()
    assert (locked.returncode, "locked by another program" in locked.stderr) == (2, True)


def test_check_names_planted_faults_with_their_mends(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("migrate").returncode == 0
    clean = shell.run("check")
    assert (clean.returncode, clean.stdout) == (0, "Everything is in order.\n")
    words = tmp_path / "words"
    (words / "goals").mkdir(parents=True)
    (words / "goals" / "added.md").write_text("Kept.\n\nAnd {{ titel }}.\n")
    (words / "goals" / "list.md").write_text("{% if goals %}\nYours.\n")
    (words / "goals" / "lost.md").write_text("Nobody says this.\n")
    found = shell.run("check", PROMPTS_DIR=str(words), SLACK_BOT_TOKEN="wrong")
    assert found.returncode == 1
    assert "SLACK_BOT_TOKEN does not begin with xoxb-: use" in found.stdout
    assert f"{words}/goals/added.md, line 3: there is no value named “titel”" in found.stdout
    assert "goals/list.md, line 2" in found.stdout
    assert "lost.md is never used" in found.stdout


def test_check_misses_the_master_key_where_slack_is_served(shell: Shell) -> None:
    slack, missing = {"SLACK_BOT_TOKEN": "wrong"}, "PRECEPTOR_SECRET_KEY is not set: set the key"
    assert missing in shell.run("check", **slack).stdout  # before there is a database
    assert not shell.file.exists()
    assert missing not in shell.run("check").stdout
    made = shell.run("new-key").stdout.strip()
    assert missing not in shell.run("check", PRECEPTOR_SECRET_KEY=made, **slack).stdout
    shell.file.parent.mkdir(exist_ok=True)
    shell.file.touch()
    behind = shell.run("check", **slack).stdout
    assert "run `preceptor migrate`" in behind
    assert missing in behind


def test_short_words_that_cannot_be_read_stop_everything_with_a_sentence(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "words" / "goals" / "words.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("press:\n  done: a: b\n")
    words = {"PROMPTS_DIR": str(tmp_path / "words"), "PRECEPTOR_PORT": "0"}
    sentence = f"{file}, line 2: mapping values are not allowed here: mend it, or delete it"
    assert sentence in shell.run("check", **words).stdout
    for command in (("say", "--as", "amina", "x"), ("tick",), ("try", "--no-browser"), ("serve",)):
        done = shell.run(*command, **words, **(TOKENS if command == ("serve",) else {}))
        assert (done.returncode, sentence in done.stderr) == (2, True), command
        assert done.stderr.count("\n") == 1


def test_own_words_are_laid_over_ours(shell: Shell, tmp_path: Path) -> None:
    words = tmp_path / "words"
    (words / "goals").mkdir(parents=True)
    (words / "goals" / "list.md").write_text("Our own list.\n")
    (words / "goals" / "words.yaml").write_text("press:\n  add: Our own label\n")
    done = shell.run("say", "--as", "amina", "/goal list", PROMPTS_DIR=str(words))
    assert "Our own list." in done.stdout
    assert "[Our own label]" in done.stdout


def test_the_manifest_and_the_documents_are_in_step(shell: Shell) -> None:
    assert "slash_commands" in shell.run("manifest", "slack").stdout
    assert shell.run("docs", "--check").returncode == 0
