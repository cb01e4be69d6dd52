"""What Slack's refusals mean for us: one table, and the three words the courier knows."""

import logging
from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import TryLater, Unreachable

log = logging.getLogger(__name__)

#: This person cannot be reached. Codes of `chat.postMessage` and `conversations.open`.
GONE = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_disabled",
        "user_is_bot",
        "user_is_restricted",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
#: Nobody can be reached until the operator mends the app; what to do stands beside each code.
#: It is not the member's fault, so it is no Unreachable: that would stop the rhythms of all.
OPERATOR: Mapping[str, str] = {
    "access_denied": "let the app into the workspace again",
    "account_inactive": "the app was removed: install it again and set SLACK_BOT_TOKEN",
    "ekm_access_denied": "ask the workspace's administrators to let apps post",
    "file_type_not_allowed": "ask the workspace's administrators to let apps upload files",
    "file_upload_size_restricted": "ask the workspace's administrators to allow larger files",
    "file_uploads_disabled": "ask the workspace's administrators to let apps upload files",
    "file_uploads_except_images_disabled": (
        "ask the workspace's administrators to let apps upload files"
    ),
    "invalid_auth": "set SLACK_BOT_TOKEN to the Bot User OAuth Token",
    "messages_tab_disabled": "turn the messages tab on under App Home",
    "messages_tab_read_only": "let people write in the messages tab under App Home",
    "missing_scope": "install the app again with the scopes of its manifest",
    "no_permission": "install the app again with the scopes of its manifest",
    "not_allowed_token_type": "set SLACK_BOT_TOKEN to a token that begins with xoxb-",
    "not_authed": "set SLACK_BOT_TOKEN to the Bot User OAuth Token",
    "org_login_required": "the workspace is moving to an organisation: wait, then check the app",
    "restricted_action": "ask the workspace's administrators to let apps post and make channels",
    "team_access_not_granted": "let the app into the workspace again",
    "token_expired": "set SLACK_BOT_TOKEN to a token without rotation",
    "token_revoked": "install the app again and set SLACK_BOT_TOKEN",
}
#: We were too fast for Slack: no message's fault.
LIMITED = frozenset({"ratelimited", "rate_limited"})
#: How long to wait where Slack does not say, in seconds.
LIMITED_WAIT = 30.0
#: Slack is busy or broken for a moment.
BUSY = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "timeout",
    }
)
#: How long to wait for the operator, in seconds. These tries do not count, and nothing else is
#: posted meanwhile: a wrong token may be mended until the delivery is stale.
OPERATOR_WAIT = 60.0
#: What a call to Slack raises when it does not succeed.
FAILURES = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)


def reason_of(failure: BaseException) -> str:
    """Name what went wrong in one word: Slack's code, else the kind of failure."""
    if isinstance(failure, SlackApiError):
        data = getattr(failure.response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        return str(code) if code else f"http_{_status(failure)}"
    return "timeout" if isinstance(failure, TimeoutError) else "connection"


def unheard(failure: BaseException) -> bool:
    """Tell whether the call may have been carried out although it failed."""
    if isinstance(failure, SlackApiError):
        return _status(failure) >= 500
    return not isinstance(failure, aiohttp.ClientConnectorError)


def meaning(failure: BaseException, *, posting: bool = False) -> TryLater | Unreachable:
    """Say what a failed call means for a delivery.

    Slack limits each method of a workspace for itself: what it says of `posting` holds for all that
    is to be posted there.
    """
    reason = reason_of(failure)
    if not isinstance(failure, SlackApiError):
        return TryLater(reason, unheard=unheard(failure))
    status = _status(failure)
    if status == 429 or reason in LIMITED:
        after = _retry_after(failure)
        return TryLater(
            "ratelimited",
            LIMITED_WAIT if after is None else after,
            blameless=True,
            everyone=posting,
        )
    if reason in BUSY or status >= 500:
        return TryLater(reason, _retry_after(failure), unheard=unheard(failure))
    if reason in GONE:
        return Unreachable(reason)
    if reason in OPERATOR:
        log.error(
            "Slack refuses the app: %s",
            OPERATOR[reason],
            extra={"action": "slack_refused", "reason": reason},
        )
        return TryLater(reason, OPERATOR_WAIT, blameless=True, everyone=posting)
    log.error(
        "Slack refused a call for an unknown reason",
        extra={"action": "slack_unknown_refusal", "reason": reason},
    )
    return TryLater(reason)


def _status(failure: SlackApiError) -> int:
    response = failure.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _retry_after(failure: SlackApiError) -> float | None:
    headers = getattr(failure.response, "headers", None) or {}
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    try:
        return float(told) if told is not None else None
    except (TypeError, ValueError):
        return None
