"""Parse web addresses that people give, and decide which of them the bot may visit."""

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from handlers.kit.fetch import Unreadable
from handlers.kit.text import sanitize

EXAMPLE_URL = "https://elm.example/calendar.ics"
LONGEST = 2000

NOT_A_URL = f"That is not a web address. For example: {EXAMPLE_URL}"
HAS_CREDENTIALS = (
    "That address contains a user name or password, which is not safe here. Use one without. "
    f"For example: {EXAMPLE_URL}"
)
OTHER_PORT = f"I can only visit addresses on the standard ports. For example: {EXAMPLE_URL}"
NOT_PUBLIC = "That address is in a private network, which I cannot visit. Download the file and upload it here."

PORTS = {"http": 80, "https": 443}

_GLOBAL = ip_network("2000::/3")
_CARRIERS = (ip_network("2001::/23"), ip_network("2002::/16"))
"""Global IPv6 addresses that carry an IPv4 address (Teredo, 6to4) or are reserved for protocols.

NAT64, mapped and compatible addresses are outside 2000::/3.
"""

_SHARED = (ip_network("100.64.0.0/10"), ip_network("192.0.0.0/24"), ip_network("198.18.0.0/15"))


def parse_url(typed: str) -> SplitResult:
    """Parse a typed address; `webcal:` means https. Raise Unreadable if the bot may not visit it."""
    text = sanitize(typed).strip("<>").strip()
    if "://" not in text and "." in text.partition("/")[0]:
        text = f"https://{text}"
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        raise Unreadable(NOT_A_URL) from None
    scheme = {"webcal": "https", "webcals": "https"}.get(url.scheme, url.scheme)
    if scheme not in PORTS or not url.hostname or len(text) > LONGEST or any(c.isspace() for c in text):
        raise Unreadable(NOT_A_URL)
    if url.username is not None or url.password is not None:
        raise Unreadable(HAS_CREDENTIALS)
    if _is_inside(url.hostname):
        raise Unreadable(NOT_PUBLIC)
    return url._replace(scheme=scheme, fragment="")


def is_public_ip(address: str) -> bool:
    """Return whether an IP address is on the public internet."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        reachable = ip in _GLOBAL and not any(ip in net for net in _CARRIERS)
    else:
        reachable = not any(ip in net for net in _SHARED)
    special = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved
    return reachable and ip.is_global and not special and not ip.is_unspecified


def _is_inside(host: str) -> bool:
    """Return whether a host name is visibly private. The address it resolves to is checked when it is visited."""
    try:
        return not is_public_ip(str(ip_address(host)))
    except ValueError:
        name = host.rstrip(".").casefold()
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal")) or "." not in name
