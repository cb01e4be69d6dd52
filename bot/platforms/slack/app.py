"""Bolt, set up for one workspace: quiet, without a call of its own, acknowledging at once."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.listeners import Listeners
from bot.platforms.slack.wire import QUIET, Identity, Wire


def bolt_app(wire: Wire, identity: Identity, listeners: Listeners) -> AsyncApp:
    """Build the Bolt app.

    `process_before_response` removes a poll of 10 ms from each acknowledgement; our listeners
    return as soon as they have acknowledged. `authorize` answers from the one `auth.test` of the
    start; Bolt's own would ask Slack again for each command.
    """

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=identity.enterprise or None,
            team_id=identity.team or None,
            bot_token=wire.bot_token,
            bot_id=identity.bot,
            bot_user_id=identity.user,
        )

    # Without a token of its own, so that Bolt does not prefer it over `authorize`.
    client = AsyncWebClient(
        base_url=wire.patient.base_url,
        session=wire.patient.session,
        logger=QUIET,
        retry_handlers=wire.patient.retry_handlers,
    )
    app = AsyncApp(
        name="preceptor",
        logger=QUIET,
        client=client,
        authorize=authorize,
        signing_secret=wire.signing_secret,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        attaching_function_token_enabled=False,
    )
    listeners.register(app)
    return app
