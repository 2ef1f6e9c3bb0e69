"""The payloads that Slack sends, over HTTP or Socket Mode: parsed, and of the shape that listeners rely on."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

import structlog
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from slack_bolt import App, BoltRequest, BoltResponse

from handlers.kit.refusals import Malformed

log = structlog.get_logger()

MAX_DEPTH = 100
"""How deep a payload may be nested. Slack's own, a view with its state, stay below twenty."""

_MAX_FIELDS = 200

_SURROGATE = re.compile(r"\\u[dD][89abAB]")

Id = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[!-~]+$")]
"""An id of a person, a channel, a workspace or an organization, as short as the database's columns."""

OptionalId = Annotated[str, StringConstraints(max_length=32, pattern=r"^[!-~]*$")] | None

Key = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[!-~]+$")]
"""An id that tells a repeated request from a new one, or that names a button, a form or a message."""

Url = Annotated[str, StringConstraints(max_length=2000)]

Fields = dict[str, Any]


class _Shape(BaseModel):
    """What listeners rely on. Slack sends much more, and may add to it."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class _Identified(_Shape):
    id: Id


class _Person(_Shape):
    id: Id
    team_id: OptionalId = None


class _Team(_Shape):
    id: OptionalId = None
    domain: str | None = None
    enterprise_id: OptionalId = None


class _Authorization(_Shape):
    team_id: OptionalId = None
    enterprise_id: OptionalId = None
    user_id: OptionalId = None


class _Option(_Shape):
    value: str | None = None


class _Element(_Shape):
    """An element that was pressed, or the state of an input."""

    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_user: OptionalId = None
    selected_conversation: OptionalId = None
    selected_channel: OptionalId = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: int | None = None
    files: list[Fields] | None = None


class _Action(_Element):
    action_id: Key
    block_id: str | None = None


class _State(_Shape):
    values: dict[str, dict[str, _Element]] | None = None


class _View(_Shape):
    id: Key
    type: str | None = None
    callback_id: str | None = None
    private_metadata: str | None = None
    previous_view_id: str | None = None
    app_installed_team_id: OptionalId = None
    blocks: list[Fields] | None = None
    state: _State | None = None


class _SubmittedView(_View):
    callback_id: Annotated[str, StringConstraints(max_length=255)]


class _Container(_Shape):
    type: str | None = None
    message_ts: str | None = None
    is_ephemeral: bool | None = None


class _Message(_Shape):
    ts: Key | None = None
    thread_ts: Key | None = None
    text: str | None = None
    blocks: list[Fields] | None = None


class _ResponseUrl(_Shape):
    response_url: Url | None = None


class Command(_Shape):
    """A slash command."""

    command: Key
    team_id: Id
    user_id: Id
    text: str | None = None
    trigger_id: Key | None = None
    channel_id: OptionalId = None
    enterprise_id: OptionalId = None
    response_url: Url | None = None


class _Interaction(_Shape):
    user: _Person
    team: _Team | None = None
    enterprise: _Identified | None = None
    trigger_id: Key | None = None
    channel: _Identified | None = None
    message: _Message | None = None
    container: _Container | None = None
    response_url: Url | None = None
    response_urls: list[_ResponseUrl] | None = None


class BlockActions(_Interaction):
    """A press of a button, or a selection."""

    type: Literal["block_actions"]
    trigger_id: Key
    actions: Annotated[list[_Action], Field(min_length=1)]
    view: _View | None = None


class ViewSubmission(_Interaction):
    """A submitted form."""

    type: Literal["view_submission"]
    view: _SubmittedView


class GlobalShortcut(_Interaction):
    """A shortcut from the menu of the composer."""

    type: Literal["shortcut"]
    callback_id: Key
    trigger_id: Key


class _ActedOnMessage(_Message):
    ts: Key


class MessageShortcut(_Interaction):
    """A shortcut from the menu of a message."""

    type: Literal["message_action"]
    callback_id: Key
    trigger_id: Key
    channel: _Identified
    message: _ActedOnMessage


class _EnterpriseUser(_Shape):
    enterprise_id: OptionalId = None
    teams: list[Id] | None = None


class _Profile(_Shape):
    real_name: str | None = None
    display_name: str | None = None
    email: str | None = None
    team: OptionalId = None


class _User(_Person):
    name: str | None = None
    real_name: str | None = None
    tz: str | None = None
    profile: _Profile | None = None
    enterprise_user: _EnterpriseUser | None = None


class _UserEvent(_Shape):
    type: Literal["user_change", "team_join"]
    user: _User


class _ChannelEvent(_Shape):
    type: Literal["channel_id_changed"]
    old_channel_id: Id
    new_channel_id: Id


class _UnarchiveEvent(_Shape):
    type: Literal["channel_unarchive", "group_unarchive"]
    channel: Id


class _OpenedEvent(_Shape):
    type: Literal["app_home_opened"]
    user: Id
    tab: str | None = None


class _MessageEvent(_Shape):
    type: Literal["message"]
    subtype: str | None = None
    channel_type: str | None = None
    channel: OptionalId = None
    user: OptionalId = None
    user_team: OptionalId = None
    bot_id: OptionalId = None
    files: list[Fields] | None = None


class EventCallback(_Shape):
    """An event to which the app subscribes."""

    type: Literal["event_callback"]
    team_id: Id
    event_id: Key
    event: Annotated[
        _UserEvent | _ChannelEvent | _UnarchiveEvent | _OpenedEvent | _MessageEvent, Field(discriminator="type")
    ]
    enterprise_id: OptionalId = None
    authorizations: list[_Authorization] | None = None


class UrlVerification(_Shape):
    """The question with which Slack verifies the address of the app."""

    type: Literal["url_verification"]
    challenge: Annotated[str, StringConstraints(max_length=1000)]


_TYPED: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        BlockActions | ViewSubmission | GlobalShortcut | MessageShortcut | EventCallback | UrlVerification,
        Field(discriminator="type"),
    ]
)


def parse(body: bytes, content_type: str) -> dict[str, Any]:
    """Parse the body of a request: a command is a form, an interaction JSON in a form, an event JSON.

    Raise `Malformed` if it is none of these.
    """
    try:
        text = body.decode()
        if not (content_type.partition(";")[0].strip() == "application/json" or text.startswith("{")):
            fields = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS))
            if "payload" not in fields:
                return dict(fields)
            text = fields["payload"]
        payload = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("the body") from None
    if not isinstance(payload, dict):
        raise Malformed("the body")
    # a payload as deep as this has at least as many brackets, and counting them costs nothing
    if text.count("{") + text.count("[") > MAX_DEPTH:
        _check_depth(payload)
    if _SURROGATE.search(text):
        _check_characters(payload)
    return payload


def dispatch(app: App, payload: Any, headers: Mapping[str, Any]) -> BoltResponse:
    """Check the shape of a payload, and have Bolt answer it. Answer 400 if no listener could read it."""
    try:
        _check_shape(payload)
    except Malformed as malformed:
        log.warning("malformed request", kind=_kind(payload), unreadable=str(malformed))
        return BoltResponse(status=400)
    # in this mode Bolt takes a payload that was parsed already
    request = BoltRequest(mode="socket_mode", body=payload, headers=dict(headers))
    response = app.dispatch(request)
    if response.status == 404:
        log.warning("request without a listener", kind=_kind(payload))
    return response


def _check_shape(payload: Any) -> None:
    if not isinstance(payload, dict):
        raise Malformed("the payload")
    try:
        if "command" in payload:
            Command.model_validate(payload)
        else:
            _TYPED.validate_python(payload)
    except ValidationError as error:
        raise Malformed(_names(error)) from None


def _names(error: ValidationError) -> str:
    """Name the fields that are wrong, without their values."""
    places = [".".join(part for part in problem["loc"] if isinstance(part, str)) for problem in error.errors()]
    return ", ".join(places[:3]) or "type"


def _kind(payload: Any) -> str:
    if not isinstance(payload, dict):
        return ""
    kind = "command" if "command" in payload else payload.get("type")
    return kind[:40] if isinstance(kind, str) else ""


def _check_characters(payload: Any) -> None:
    """Raise `Malformed` for half of a character that takes two escapes: it cannot be stored or sent."""
    try:
        json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Malformed("half of a character") from None


def _check_depth(payload: Any) -> None:
    """Raise `Malformed` if a payload is nested too deeply, without recursion."""
    level = [payload]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _parts(outer)]
        if not level:
            return
    raise Malformed("the depth of the body")


def _parts(outer: Any) -> Iterator[Any]:
    values = outer.values() if isinstance(outer, dict) else outer
    return (value for value in values if isinstance(value, dict | list))
