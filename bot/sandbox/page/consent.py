"""The consent page: what the app asks for, who allows it, and the way back."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ..oauth.authorization_request import AuthorizationRequest, InvalidAuthorization, parse_request
from ..oauth.scopes import describe_scope
from ..state.directory import User
from ..state.world import World
from .blocks import templates

ADDRESS = "/oauth/v2/authorize"


def consent_routes(world: World) -> list[BaseRoute]:
    """Return the consent page's routes."""

    async def show(request: Request) -> Response:
        words = request.query_params
        try:
            return _render_request(world, parse_request(world, words), words)
        except InvalidAuthorization as why:
            return _render_error(why)

    async def decide(request: Request) -> Response:
        words = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        try:
            return RedirectResponse(_redirect_url(world, words), status_code=302)
        except InvalidAuthorization as why:
            return _render_error(why)

    return [Route(ADDRESS, show, methods=["GET"]), Route(ADDRESS, decide, methods=["POST"])]


def _redirect_url(world: World, words: Mapping[str, str]) -> str:
    """Return the address to which the browser goes next."""
    asking = parse_request(world, words)
    if words.get("decision") != "allow":
        return asking.back(error="access_denied")
    code = world.oauth_codes.issue(_installer(world, words).id, asking.scopes, asking.user_scopes, asking.given)
    return asking.back(code=code)


def _installers(world: World) -> list[User]:
    """List who can install apps, administrators first: people of this workspace who have not left."""
    here = [one for one in world.directory.humans() if not one.deleted and not one.external]
    return sorted(here, key=lambda one: not one.admin)


def _installer(world: World, words: Mapping[str, str]) -> User:
    able = _installers(world)
    if not able:
        raise InvalidAuthorization("access_denied", "Nobody is in the workspace who could let an app in.")
    return next((one for one in able if words.get("as") in (one.id, one.name)), able[0])


def _render_request(world: World, asking: AuthorizationRequest, words: Mapping[str, str]) -> Response:
    drawn = templates.get_template("consent.html").render(
        app=world.directory.people[world.directory.bot_id].real_name,
        workspace=world.settings.team["name"],
        installed=world.tokens.installed,
        wants=[(scope, describe_scope(scope)) for scope in asking.scopes],
        wants_of_you=[(scope, describe_scope(scope)) for scope in asking.user_scopes],
        people=_installers(world),
        who=_installer(world, words),
        place=asking.place,
        link={name: words.get(name, "") for name in ("client_id", "scope", "user_scope", "state", "redirect_uri")},
    )
    return HTMLResponse(drawn, headers=_headers(asking.place))


def _render_error(why: InvalidAuthorization) -> Response:
    drawn = templates.get_template("consent_refused.html").render(why=why)
    return HTMLResponse(drawn, status_code=400, headers=_headers(""))


def _headers(place: str) -> dict[str, str]:
    """Allow the page only to submit its form and to redirect to the app."""
    policy = f"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {place}; base-uri 'none'"
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
