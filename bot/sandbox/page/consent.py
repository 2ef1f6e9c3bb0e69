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
        query = request.query_params
        try:
            return _render_request(world, parse_request(world, query), query)
        except InvalidAuthorization as error:
            return _render_error(error)

    async def decide(request: Request) -> Response:
        query = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        try:
            return RedirectResponse(_redirect_url(world, query), status_code=302)
        except InvalidAuthorization as error:
            return _render_error(error)

    return [Route(ADDRESS, show, methods=["GET"]), Route(ADDRESS, decide, methods=["POST"])]


def _redirect_url(world: World, query: Mapping[str, str]) -> str:
    """Return the address to which the browser goes next."""
    asking = parse_request(world, query)
    if query.get("decision") != "allow":
        return asking.back(error="access_denied")
    code = world.oauth_codes.issue(_installer(world, query).id, asking.scopes, asking.user_scopes, asking.given)
    return asking.back(code=code)


def _installers(world: World) -> list[User]:
    """List who can install apps, administrators first: people of this workspace who have not left."""
    here = [person for person in world.directory.humans() if not person.deleted and not person.external]
    return sorted(here, key=lambda person: not person.admin)


def _installer(world: World, query: Mapping[str, str]) -> User:
    installers = _installers(world)
    if not installers:
        raise InvalidAuthorization("access_denied", "Nobody in this workspace can install an app.")
    return next((person for person in installers if query.get("as") in (person.id, person.name)), installers[0])


def _render_request(world: World, asking: AuthorizationRequest, query: Mapping[str, str]) -> Response:
    html = templates.get_template("consent.html").render(
        app=world.directory.people[world.directory.bot_id].real_name,
        workspace=world.settings.team["name"],
        installed=world.tokens.installed,
        wants=[(scope, describe_scope(scope)) for scope in asking.scopes],
        wants_of_you=[(scope, describe_scope(scope)) for scope in asking.user_scopes],
        people=_installers(world),
        who=_installer(world, query),
        origin=asking.origin,
        link={name: query.get(name, "") for name in ("client_id", "scope", "user_scope", "state", "redirect_uri")},
    )
    return HTMLResponse(html, headers=_headers(asking.origin))


def _render_error(error: InvalidAuthorization) -> Response:
    html = templates.get_template("consent_refused.html").render(why=error)
    return HTMLResponse(html, status_code=400, headers=_headers(""))


def _headers(origin: str) -> dict[str, str]:
    """Allow the page only to submit its form and to redirect to the app."""
    policy = f"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {origin}; base-uri 'none'"
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
