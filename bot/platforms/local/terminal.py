"""The terminal's half of the local workspace: say, press, submit, inbox."""

import json
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import uuid4

from bot.chat.incoming import Incoming, Pressed, Said, Submitted
from bot.chat.message import Form, Message
from bot.engine.dispatch import Dispatch
from bot.engine.reply import Reply
from bot.platforms.local.workspace import Person, Workspace
from bot.store import local


class Terminal:
    """One person at a terminal of the workspace."""

    def __init__(self, workspace: Workspace, dispatch: Dispatch, who: Person) -> None:
        self._workspace = workspace
        self._dispatch = dispatch
        self._who = who

    async def say(self, text: str, channel: str = "") -> list[dict[str, Any]]:
        """Type a command or a message; give what came back."""
        place = f"channel:{channel}" if channel else self._who.place
        among_themselves = bool(channel) and not text.startswith("/")
        shown = text if among_themselves else self._dispatch.catalog.masked(text)
        await self._workspace.hear(self._who, place, shown)
        if among_themselves:
            return []  # people talking among themselves are none of the coach's business
        return await self._handle(Said(self._who.actor, text, uuid4().hex), place)

    async def press(self, action: str) -> list[dict[str, Any]]:
        """Press a button by its action."""
        pressed = await self._workspace.database.run(
            partial(local.with_action, place=self._who.place, action=action)
        )
        return await self._handle(
            Pressed(self._who.actor, action, uuid4().hex), self._who.place, pressed
        )

    async def submit(self, form: str, values: dict[str, str]) -> list[dict[str, Any]]:
        """Send a form's values."""
        return await self._handle(
            Submitted(self._who.actor, form, values, uuid4().hex), self._who.place
        )

    async def inbox(self) -> list[dict[str, Any]]:
        """List what the coach sent of its own accord, as it stands now."""
        posts = await self._workspace.database.run(partial(local.delivered, place=self._who.place))
        return [self._told(Message.from_json(post.message)) for post in posts]

    async def _handle(
        self, incoming: Incoming, place: str, pressed: int = 0
    ) -> list[dict[str, Any]]:
        reply: Reply = await self._dispatch.handle(incoming)
        await self._workspace.answer(self._who, place, reply, pressed)
        told = [self._told(message) for message in reply.messages]
        if reply.form is not None:
            told.append(self._told(Message(()), reply.form))
        return told

    def _told(self, message: Message, form: Form | None = None) -> dict[str, Any]:
        return {
            "to": self._who.key,
            "text": message.text or (form.title if form else ""),
            "private": True,
            "buttons": [{"label": each.label, "action": each.action} for each in message.buttons],
            "files": [{"name": each.name, "says": each.says} for each in message.files],
            "form": None if form is None else _form(form),
        }


def _form(form: Form) -> dict[str, Any]:
    fields = [
        {
            **asdict(each),
            "choices": [{"value": value, "label": label} for value, label in each.choices],
        }
        for each in form.fields
    ]
    return {
        "id": form.address,
        "title": form.title,
        "intro": form.intro,
        "submit": form.submit,
        "fields": fields,
        "errors": dict(form.errors),
    }


def as_text(told: list[dict[str, Any]]) -> str:
    """Write what came back for a person to read."""
    return "\n\n".join(_one_as_text(each) for each in told)


def as_json(told: list[dict[str, Any]]) -> str:
    """Write what came back for a program to read."""
    return json.dumps(told, ensure_ascii=False, indent=2)


def _one_as_text(told: dict[str, Any]) -> str:
    lines = [told["text"]]
    lines += [f"  [file: {each['name']}, {each['says']}]" for each in told["files"]]
    lines += [f"  [{each['label']}]  {each['action']}" for each in told["buttons"]]
    form = told["form"]
    if form is not None:
        lines.append(f"  form {form['id']}")
        for each in form["fields"]:
            needed = " (needed)" if each["required"] else ""
            lines.append(
                f"    {each['name']}: {each['label']}{needed}"
                + (f" = {each['value']}" if each["value"] else "")
            )
            if each["choices"]:
                lines.append("      " + ", ".join(one["value"] for one in each["choices"]))
            if each["name"] in form["errors"]:
                lines.append(f"      ! {form['errors'][each['name']]}")
    return "\n".join(lines)
