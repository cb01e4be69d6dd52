"""The way to Slack: one kept-alive session under two clients, checked before it is used."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import Misconfigured
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.trouble import FAILURES, reason_of
from bot.settings import Settings

#: Slack's libraries print whole requests at lower levels: members' words.
QUIET = logging.getLogger("slack_sdk.preceptor")
QUIET.setLevel(logging.CRITICAL)
#: One call takes at most so many seconds; a courier's lease holds three of them and more.
TIMEOUT = ClientTimeout(total=10, connect=5)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token says we are."""

    team: str
    user: str
    bot: str
    enterprise: str
    #: The scopes that Slack says the token has; empty where it does not say.
    scopes: frozenset[str]


class Wire:
    """Two clients on one session: one asks once, the other asks again when Slack is busy."""

    def __init__(self, settings: Settings) -> None:
        self.bot_token = settings.slack_bot_token.get_secret_value()
        self.app_token = settings.slack_app_token.get_secret_value()
        self.signing_secret = settings.slack_signing_secret.get_secret_value()
        _check(self.bot_token, self.app_token, self.signing_secret)
        url = settings.slack_api_url.rstrip("/") + "/"
        #: For deliveries: the courier knows better than a library when to try again.
        self.once = AsyncWebClient(self.bot_token, url, logger=QUIET, retry_handlers=[])
        #: Lets what the second client posts go before what the first one posts.
        self.gate = Gate()
        #: For answers: someone is waiting, so a short wait of Slack's is waited for.
        self.patient = AsyncWebClient(
            self.bot_token,
            url,
            logger=QUIET,
            retry_handlers=[
                AsyncRateLimitErrorRetryHandler(max_retry_count=2),
                AsyncConnectionErrorRetryHandler(max_retry_count=1),
            ],
        )

    async def open(self) -> None:
        """Open the session that both clients share."""
        # No limit of connections: hanging posts must not keep the others, or a reply, from going.
        session = ClientSession(timeout=TIMEOUT, connector=TCPConnector(limit=0))
        self.once.session = self.patient.session = session

    async def close(self) -> None:
        """Close it."""
        if self.once.session is not None:
            await self.once.session.close()

    async def identify(self) -> Identity:
        """Ask Slack once who we are; a wrong token is said in one sentence."""
        try:
            told = await self.patient.auth_test()
        except FAILURES as failure:
            raise self._explained(
                failure,
                "SLACK_BOT_TOKEN",
                ("copy the Bot User OAuth Token from the app's page “OAuth & Permissions”."),
            ) from None
        return Identity(
            told.get("team_id") or "",
            told.get("user_id") or "",
            told.get("bot_id") or "",
            told.get("enterprise_id") or "",
            _scopes(told.headers),
        )

    async def socket_address(self) -> str:
        """Ask Slack once for a Socket Mode address; a wrong token is said in one sentence."""
        try:
            told = await self.patient.apps_connections_open(app_token=self.app_token)
        except FAILURES as failure:
            raise self._explained(
                failure,
                "SLACK_APP_TOKEN",
                (
                    "make an app-level token with the scope connections:write under “Basic "
                    "Information”, and turn Socket Mode on."
                ),
            ) from None
        return str(told["url"])

    async def answer(self, url: str, payload: dict[str, Any]) -> str:
        """Post to a response URL; give the reason if Slack refuses, else nothing.

        The plain post costs half of what the webhook client does; that one comes in when Slack
        asks us to wait.
        """
        session = self.patient.session
        if session is not None and not session.closed:
            try:
                async with session.post(url, json=payload) as told:
                    if told.status == HTTPStatus.OK:
                        return ""
                    if told.status != HTTPStatus.TOO_MANY_REQUESTS:
                        return f"http_{told.status}"
            except FAILURES as failure:
                return reason_of(failure)
        hook = AsyncWebhookClient(
            url,
            session=self.patient.session,
            logger=QUIET,
            retry_handlers=list(self.patient.retry_handlers),
        )
        try:
            answer = await hook.send_dict(payload)
        except FAILURES as failure:
            return reason_of(failure)
        return "" if answer.status_code == HTTPStatus.OK else f"http_{answer.status_code}"

    def _explained(self, failure: BaseException, variable: str, remedy: str) -> Misconfigured:
        reason = reason_of(failure)
        if isinstance(failure, SlackApiError):
            return Misconfigured(f"Slack does not accept {variable} ({reason}): {remedy}")
        return Misconfigured(
            f"Slack could not be reached at {self.once.base_url} ({reason}): check the network, "
            "the proxy, and SLACK_API_URL."
        )


def _scopes(headers: Mapping[str, str]) -> frozenset[str]:
    told = next((each for name, each in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return frozenset(scope.strip() for scope in told.split(",") if scope.strip())


def _check(bot_token: str, app_token: str, signing_secret: str) -> None:
    """Say what is missing before anything is asked of Slack."""
    if not bot_token:
        raise Misconfigured(
            "SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token, which begins with xoxb-, "
            "from the app's page “OAuth & Permissions”."
        )
    if not bot_token.startswith("xoxb-"):
        raise Misconfigured(
            "SLACK_BOT_TOKEN does not begin with xoxb-: use the Bot User OAuth Token, not the "
            "user's or the app-level token."
        )
    if app_token and not app_token.startswith("xapp-"):
        raise Misconfigured(
            "SLACK_APP_TOKEN does not begin with xapp-: make an app-level token with the scope "
            "connections:write under “Basic Information”."
        )
    if not app_token and not signing_secret:
        raise Misconfigured(
            "SLACK_BOT_TOKEN is set, but nothing lets Slack reach us: set SLACK_APP_TOKEN for "
            "Socket Mode, or SLACK_SIGNING_SECRET for requests to /slack/events."
        )
