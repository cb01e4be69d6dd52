"""What Slack knows of a person: a name and a time zone, asked once."""

import asyncio
import logging
from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.inbound import Heard
from bot.platforms.slack.trouble import FAILURES, reason_of

log = logging.getLogger(__name__)

#: People remembered at once; the others are asked for again.
KNOWN = 10_000
#: A form must open within three seconds of the press: an introduction may take one of them.
PATIENCE = 1.0


class People:
    """Introduces people to the engine, which believes it when they join."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()

    async def introduce(self, heard: Heard) -> Heard:
        """Add the person's name and zone; without them the coach asks or uses UTC."""
        user = heard.origin.user
        if user not in self._known:
            self._known[user] = await self._ask(user)
            if len(self._known) > KNOWN:
                self._known.popitem(last=False)
        self._known.move_to_end(user)
        return heard.from_(*self._known[user])

    async def _ask(self, user: str) -> tuple[str, str]:
        try:
            async with asyncio.timeout(PATIENCE):
                told = await self._client.users_info(user=user)
        except FAILURES as failure:
            log.info(
                "A profile could not be read",
                extra={"action": "profile_unknown", "reason": reason_of(failure)},
            )
            return "", ""
        profile = told["user"]
        name = profile.get("real_name") or profile.get("name") or ""
        return str(name), str(profile.get("tz") or "")
