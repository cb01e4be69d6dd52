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
from bot.errors import Misconfigured
from bot.platforms.local.people import Person, offered
from bot.platforms.local.posts import Place, answering, direct, is_theirs, places
from bot.platforms.local.workspace import Workspace
from bot.store import local


class Terminal:
    """One person at a terminal of the workspace."""

    def __init__(self, workspace: Workspace, dispatch: Dispatch, who: Person) -> None:
        self._workspace = workspace
        self._dispatch = dispatch
        self._who = who

    async def say(self, text: str, channel: str = "") -> list[dict[str, Any]]:
        """Type a command or a message; give what came back."""
        place = await self._place(channel)
        if place.archived:
            raise Misconfigured(f"{place.label} is archived: it can only be read.")
        among_themselves = not place.is_private and not text.startswith("/")
        shown = text if among_themselves else self._dispatch.catalog.masked(text)
        await self._workspace.hear(self._who, place.address, shown)
        if among_themselves:
            return []  # people talking among themselves are none of the coach's business
        return await self._handle(Said(self._who.actor, text, uuid4().hex), place.address)

    async def press(self, action: str) -> list[dict[str, Any]]:
        """Press a button by its action, wherever it was offered last."""
        there = await self._places()
        usable = [each.address for each in there.values() if not each.archived]
        pressed = await self._workspace.database.run(
            partial(local.with_action, places=usable, person=self._who.key, action=action)
        )
        place = self._who.place if pressed is None else pressed.place
        post = pressed.id if pressed is not None and is_theirs(pressed, self._who) else 0
        return await self._handle(Pressed(self._who.actor, action, uuid4().hex), place, post)

    async def submit(self, form: str, values: dict[str, str]) -> list[dict[str, Any]]:
        """Send a form's values."""
        return await self._handle(
            Submitted(self._who.actor, form, values, uuid4().hex), self._who.place
        )

    async def inbox(self, channel: str = "") -> list[dict[str, Any]]:
        """List what the coach sent of its own accord, as it stands now; or posted in a channel."""
        place = await self._place(channel)
        posts = await self._workspace.database.run(partial(local.delivered, place=place.address))
        told = [self._told(Message.from_json(post.message)) for post in posts]
        if place.is_private:
            return told
        return [{**each, "to": place.label, "private": False} for each in told]

    async def _places(self) -> dict[str, Place]:
        return (await self._workspace.database.run(places([self._who])))[self._who.key]

    async def _place(self, channel: str) -> Place:
        """Find a channel that this person is in by its name; without one it is the DM."""
        if not channel:
            return direct(self._who)
        there = await self._places()
        place = there.get(channel.removeprefix("#"))
        if place is None or place.is_private:
            known = ", ".join(slug for slug, each in there.items() if not each.is_private)
            raise Misconfigured(
                f"“{channel}” is no channel that {self._who.name} is in: choose from {known}."
            )
        return place

    async def _handle(
        self, incoming: Incoming, place: str, pressed: int = 0
    ) -> list[dict[str, Any]]:
        reply: Reply = await self._dispatch.handle(incoming)
        where = await self._workspace.database.run(answering(self._who, place))
        await self._workspace.answer(self._who, where.address, reply, pressed)
        told = [self._told(message) for message in reply.messages]
        if reply.form is not None:
            come = await self._workspace.database.run(local.come)
            told.append(self._told(Message(()), offered(reply.form, self._who, come)))
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
                lines.append(f"      {_many(each)}" + ", ".join(_values(each)))
            if each["name"] in form["errors"]:
                lines.append(f"      ! {form['errors'][each['name']]}")
    return "\n".join(lines)


def _values(field: dict[str, Any]) -> list[str]:
    return [each["value"] for each in field["choices"]]


def _many(field: dict[str, Any]) -> str:
    """Say how several of the choices are given, where that is possible."""
    if field["kind"] not in {"several", "people"}:
        return ""
    most = min(field["limit"], len(field["choices"]))
    return f"up to {most}, as {field['name']}={','.join(_values(field)[:2])}: "
