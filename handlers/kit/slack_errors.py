"""What Slack's error codes mean for the bot: one table for deliveries, for answers to people, and for explanations."""

import re

_CODE = re.compile(r"[a-z0-9_]{1,80}")
"""The form of Slack's error codes. Where an answer is no JSON, slack_sdk puts its beginning in their place."""


def code_in(data: object) -> str | None:
    """Return the error code in Slack's answer; None if the answer has none, and so is not Slack's."""
    # an answer whose `ok` is something else than true or false is not Slack's either
    code = data.get("error") if isinstance(data, dict) and data.get("ok") is False else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


TROUBLE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
"""Slack has trouble, which passes."""

RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
"""Slack asks the bot to wait."""

NO_ACCESS = frozenset(
    {
        "access_token_expired",
        "account_inactive",
        "accesslimited",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""Errors that say nothing about a call, only about the token: every call of the workspace gets them."""

MISSING_SCOPE = "missing_scope"
"""A permission that the app was not given."""
