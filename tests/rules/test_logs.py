"""Logs are for operators: each line has an `action`, and none can quote a member."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
LEVELS = {"debug", "info", "warning", "error", "critical", "log"}
#: What a line may carry: codes, counts and places, but nothing that someone typed.
KEYS = {
    "action", "reference", "cause", "delivery", "occasion", "platform", "count", "reason", "port",
    "member",  # the number of a row
}  # fmt: skip


def lines() -> Iterator[tuple[str, ast.Call]]:
    """Find every call of a module's `log`, with its place."""
    for file in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"log", "logger", "logging"}
                and node.func.attr not in {"getLogger", "basicConfig"}
                and not node.func.attr[0].isupper()
            ):
                yield f"{file.relative_to(BOT)}:{node.lineno}", node


def faults(line: ast.Call) -> list[str]:
    """Say what is wrong with a call; empty when nothing is."""
    assert isinstance(line.func, ast.Attribute)
    found = []
    if line.func.attr not in LEVELS:
        found.append(f"log.{line.func.attr} would write a traceback, which may quote a member")
    message, *values = line.args[1:] if line.func.attr == "log" else line.args
    if not isinstance(message, ast.Constant | ast.Name):
        found.append("its message is put together; write a constant, and keys in extra")
    parts = [part for value in values for part in ast.walk(value)]
    if any(isinstance(part, ast.Attribute | ast.Call | ast.JoinedStr) for part in parts):
        found.append("a value in its message may be a member's; only plain names stand there")
    named = {keyword.arg: keyword.value for keyword in line.keywords}
    if named.keys() - {"extra"}:
        found.append("it takes more than extra; a traceback may quote a member")
    extra = named.get("extra")
    if not isinstance(extra, ast.Dict):
        return [*found, "it has no extra={…} of its own"]
    keys = {key.value if isinstance(key, ast.Constant) else None for key in extra.keys}
    if "action" not in keys:
        found.append("it has no action")
    if keys - KEYS:
        found.append(f"{keys - KEYS} is not known as a key that holds no member's words")
    return found


def test_each_line_has_an_action_and_no_words_of_a_member() -> None:
    found = {place: faults(line) for place, line in lines()}
    assert len(found) > 15
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "line",
    [
        'log.info("Said")',
        'log.info("Said", extra={"reason": reason})',
        'log.info("Said", extra=known)',
        'log.info(f"Said {text}", extra={"action": "said"})',
        'log.info("Said %s", turn.member.name, extra={"action": "said"})',
        'log.info("Said", extra={"action": "said", "text": text})',
        'log.info("Said", exc_info=True, extra={"action": "said"})',
        'log.exception("Said", extra={"action": "said"})',
    ],
)
def test_the_rule_sees(line: str) -> None:
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    assert faults(call)
