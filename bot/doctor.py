"""A report for IT: what is set up, what works, and what is missing."""

from collections.abc import Callable
from datetime import UTC, datetime

from slack_sdk.errors import SlackApiError
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from bot import database_check, health, sealed_keys, token_check
from bot.authorize import Authority
from bot.config import ConfigurationError, Settings
from bot.delivery.calls import Outcome, result_of_error
from bot.manifest import SCOPES
from bot.runtime import leadership
from storage.database import Database, parse_url, sqlite_path
from storage.outbox import OutboxMessage
from storage.seals import KeyRing
from storage.vocabulary import DeliveryState

Finding = tuple[bool, str]
"""Whether something is in order, and the sentence about it."""


def check(settings: Settings, print_line: Callable[[str], object]) -> int:
    """Check everything and print the findings. Return 0 if all is in order, otherwise 1."""
    findings = [*_database(settings), *_slack(settings), _socket(settings), _calendars(settings)]
    for good, text in findings:
        print_line(f"{'ok' if good else 'CHECK':6}{text}")
    return 0 if all(good for good, _ in findings) else 1


def _database(settings: Settings) -> list[Finding]:
    db = Database(settings.database_url)
    kind = "SQLite file" if db.is_sqlite else "PostgreSQL"
    path = sqlite_path(db.url)
    try:
        if path is not None and not path.exists():
            # opening it would create it
            return [(False, f"Database ({kind}): there is none at {path} yet. The first start creates it.")]
        if wrong := health.tables(db):
            return [(False, f"Database ({kind}): {wrong}")]
        wrongs = health.findings(db, KeyRing(sealed_keys.known(settings)), datetime.now(UTC))
        with db.read() as session:
            counts = dict(
                session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)).all()
            )
            has_worker = db.is_sqlite or leadership.has_leader(session)
    except (SQLAlchemyError, OSError) as error:
        if path is not None and isinstance(error, DatabaseError) and not isinstance(error, OperationalError):
            return [(False, f"Database ({kind}): {database_check.unreadable(path)}")]
        return [(False, f"Database ({kind}): no answer ({type(error).__name__}).")]
    finally:
        db.close()
    failed, unknown = counts.get(DeliveryState.FAILED, 0), counts.get(DeliveryState.UNKNOWN, 0)
    return [
        (True, f"Database ({kind}): it answers, and its tables are up to date."),
        (
            not failed and not unknown,
            f"Messages: {counts.get(DeliveryState.PENDING, 0)} waiting, {failed} not delivered, {unknown} that may not "
            "have arrived" + (" (facilitators find them with `/consortium`)." if failed or unknown else "."),
        ),
        *([] if has_worker else [(False, "Worker: none is running on this database.")]),
        *([(False, f"Health: {wrong}") for wrong in wrongs] or [(True, "Health: no trouble is known.")]),
    ]


def _calendars(settings: Settings) -> Finding:
    address = settings.public_url or "no calendar addresses, because PUBLIC_URL is not set"
    return True, f"Calendars: {address}."


def _slack(settings: Settings) -> list[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return [(False, f"Slack: {token_check.BOT} is missing.")]
    try:
        response = Authority(token, settings.slack_api_url).client("").auth_test()
    except SlackApiError as error:
        result = result_of_error(error)
        if result.refused:
            return [(False, f"Slack: {token_check.rejection(token_check.BOT, result)}")]
        return [(False, f"Slack: it has trouble ({result.reason or 'too many calls'}). Try again in a few minutes.")]
    except OSError as error:
        return [(False, f"Slack: it cannot be reached ({type(error).__name__}).")]
    granted = str(response.headers.get("x-oauth-scopes") or response.headers.get("X-OAuth-Scopes") or "")
    missing = [scope for scope in SCOPES if granted and scope not in granted.split(",")]
    return [
        (True, f"Slack: the bot token belongs to {response.get('team')}."),
        *_own_workspace(settings, str(response.get("team_id") or "")),
        (not missing, f"Scopes: missing {', '.join(missing)}." if missing else "Scopes: nothing is missing."),
    ]


def _own_workspace(settings: Settings, team: str) -> list[Finding]:
    """Return a finding if the database belongs to another workspace than the bot token does."""
    path = sqlite_path(parse_url(settings.database_url))
    if path is not None and not path.exists():
        return []
    try:
        database_check.require_own_workspace(settings, team)
    except ConfigurationError as error:
        return [(False, f"Database: {error}")]
    return []


def _socket(settings: Settings) -> Finding:
    if not settings.slack_app_token.get_secret_value():
        return False, f"Socket Mode: {token_check.APP} is missing."
    result = token_check.ask(settings, token_check.APP)
    if result.refused:
        return False, f"Socket Mode: {token_check.rejection(token_check.APP, result)}"
    good = result.outcome is Outcome.OK
    return good, f"Socket Mode: Slack {'accepts the app token' if good else 'cannot be reached'}."
