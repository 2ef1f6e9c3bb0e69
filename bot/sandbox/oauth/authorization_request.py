"""The request that a link to the consent page makes, and whether Slack would accept it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from ..state.world import World
from .scopes import SCOPE_PATTERN, split_scopes


class InvalidAuthorization(Exception):  # noqa: N818 - said to the person as a page
    """Refuse a link, with Slack's error code and a sentence for the person who fixes the link."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class AuthorizationRequest:
    """A valid link: `given` is its redirect_uri as written, `target` is where it leads."""

    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    state: str
    given: str
    target: str

    def back(self, **answer: str) -> str:
        """Return the address to which the browser returns with an answer."""
        more = urlencode({**answer, "state": self.state})
        return f"{self.target}{'&' if urlsplit(self.target).query else '?'}{more}"

    @property
    def origin(self) -> str:
        """Return the scheme, host and port of the app's address."""
        parts = urlsplit(self.target)
        return f"{parts.scheme}://{parts.netloc}"


def parse_request(world: World, query: Mapping[str, str]) -> AuthorizationRequest:
    """Read a link. Raise `InvalidAuthorization` if Slack would refuse it."""
    if query.get("client_id") != world.credentials.client_id:
        raise InvalidAuthorization("invalid_client_id", "The client_id is not this app's.")
    scopes, user_scopes = split_scopes(query.get("scope", "")), split_scopes(query.get("user_scope", ""))
    odd = [scope for scope in (*scopes, *user_scopes) if not SCOPE_PATTERN.fullmatch(scope)]
    if odd:
        raise InvalidAuthorization("invalid_scope", f"{odd[0]!r} is not a scope, such as chat:write.")
    if not scopes and not user_scopes:
        raise InvalidAuthorization("no_scopes", "The link asks for no scopes. Add scope=chat:write, for example.")
    redirect_uri = query.get("redirect_uri", "")
    return AuthorizationRequest(
        scopes, user_scopes, query.get("state", ""), redirect_uri, _target(world.redirect_urls(), redirect_uri)
    )


def _target(declared: list[str], redirect_uri: str) -> str:
    """Find the redirect address: one that the manifest declares, or one below it."""
    address = redirect_uri or next(iter(declared), "")
    if not address:
        raise InvalidAuthorization("bad_redirect_uri", "The link has no redirect_uri, and the manifest declares none.")
    parts = _address(address)
    if declared and not any(_is_below(parts, _address(uri)) for uri in declared):
        raise InvalidAuthorization(
            "bad_redirect_uri", f"{address} is not one of the manifest's redirect_urls, nor below one."
        )
    return address


def _address(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        plain = parts.hostname is not None and parts.port != 0 and not parts.username and not parts.fragment
    except ValueError:
        plain = False
    # The origin appears in a header of the consent page, so it may contain only a host and a port.
    if not plain or parts.scheme not in ("http", "https") or not set(parts.netloc) <= NETLOC_CHARACTERS:
        raise InvalidAuthorization(
            "bad_redirect_uri", f"{text!r} is not an address such as http://127.0.0.1:3000/slack/oauth_redirect."
        )
    return parts


NETLOC_CHARACTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")


def _is_below(address: SplitResult, declared: SplitResult) -> bool:
    same = (address.scheme, address.netloc) == (declared.scheme, declared.netloc)
    root = declared.path.rstrip("/")
    return same and (address.path.rstrip("/") == root or address.path.startswith(f"{root}/"))
