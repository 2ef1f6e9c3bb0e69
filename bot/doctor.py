"""What is set up, what answers, and what is missing, in words."""

from collections.abc import Callable

from cryptography.fernet import Fernet
from slack_sdk.errors import SlackApiError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot import token_check
from bot.authorize import Authority
from bot.config import Settings, known_keys
from bot.delivery.calls import Fate, refusal
from bot.manifest import SCOPES
from storage import migrate, seals
from storage.database import Database
from storage.outbox import Outbox
from storage.seals import KeyRing
from storage.vocabulary import Delivery


def examine(settings: Settings, say: Callable[[str], None]) -> int:
    """Look at everything and say what was found; give 0 if all is well, else 1."""
    findings = [*_database(settings), *_slack(settings), _socket(settings), _calendars(settings)]
    for good, text in findings:
        say(f"{'ok  ' if good else 'LOOK'}  {text}")
    return 0 if all(good for good, _ in findings) else 1


def _database(settings: Settings) -> list[tuple[bool, str]]:
    db = Database(settings.database_url)
    kind = "SQLite file" if db.is_sqlite else "PostgreSQL"
    try:
        shape = migrate.current(db)
        if shape != migrate.newest():
            return [(False, f"Database ({kind}): its shape is not the newest; run `python -m bot release`.")]
        with db.read() as session:
            counts = dict(session.execute(select(Outbox.state, func.count()).group_by(Outbox.state)).all())
            unreadable = seals.unreadable(session, KeyRing(known_keys(settings) or [Fernet.generate_key().decode()]))
    except SQLAlchemyError as error:
        return [(False, f"Database ({kind}): it does not answer ({type(error).__name__}).")]
    finally:
        db.close()
    stuck = counts.get(Delivery.FAILED, 0) + counts.get(Delivery.UNKNOWN, 0)
    return [
        (True, f"Database ({kind}): it answers and has its newest shape."),
        (
            not stuck,
            f"Deliveries: {counts.get(Delivery.PENDING, 0)} waiting, {stuck} stuck"
            + (" (facilitators find them under `/consortium`)." if stuck else "."),
        ),
        (
            not unreadable,
            f"Sealed rounds: {unreadable} cannot be opened; SEAL_KEYS lacks the key they were sealed with."
            if unreadable
            else "Sealed rounds: SEAL_KEYS opens all of them.",
        ),
    ]


def _calendars(settings: Settings) -> tuple[bool, str]:
    where = settings.public_url or "PUBLIC_URL is not set, so nobody gets a calendar address"
    return True, f"Calendars: {where}."


def _slack(settings: Settings) -> list[tuple[bool, str]]:
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return [(False, "Slack: SLACK_BOT_TOKEN is missing.")]
    try:
        answer = Authority(token, settings.slack_api_url).client("").auth_test()
    except SlackApiError as error:
        return [(False, f"Slack: {token_check.refused(token_check.BOT, refusal(error))}")]
    except OSError as error:
        return [(False, f"Slack: it cannot be reached ({type(error).__name__}).")]
    granted = str(answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or "")
    missing = [scope for scope in SCOPES if granted and scope not in granted.split(",")]
    return [
        (True, f"Slack: the bot token belongs to {answer.get('team')}."),
        (not missing, f"Scopes: missing {', '.join(missing)}." if missing else "Scopes: nothing is missing."),
    ]


def _socket(settings: Settings) -> tuple[bool, str]:
    if not settings.slack_app_token.get_secret_value():
        return False, f"Socket Mode: {token_check.APP} is missing."
    answer = token_check.ask(settings, token_check.APP)
    if answer.fate is Fate.REFUSED:
        return False, f"Socket Mode: {token_check.refused(token_check.APP, answer)}"
    good = answer.fate is Fate.DONE
    return good, "Socket Mode: Slack takes the app token." if good else "Socket Mode: Slack cannot be reached."
