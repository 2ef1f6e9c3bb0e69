"""Addresses on the web as people give them, and which of them may be visited at all."""

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from handlers.kit.fetch import Unreadable
from handlers.kit.text import clean

EXAMPLE = "https://elm.example/calendar.ics"
LONGEST = 2000

NO_ADDRESS = f"That is no address on the web. One looks like {EXAMPLE}"
SECRETS = f"An address with a name and a password in it is not safe here. One without looks like {EXAMPLE}"
OTHER_PORT = f"I visit addresses only at the usual ports. One looks like {EXAMPLE}"
NOT_PUBLIC = "That address lies within a private network, where I do not look. Download the file and hand it over here."

PORTS = {"http": 80, "https": 443}

_GLOBAL = ip_network("2000::/3")
_CARRIERS = (ip_network("2001::/23"), ip_network("2002::/16"))
"""Within the global IPv6 addresses, those that carry an IPv4 address (Teredo, 6to4) or serve protocols.

NAT64, mapped and compatible addresses lie outside of 2000::/3.
"""

_SHARED = (ip_network("100.64.0.0/10"), ip_network("192.0.0.0/24"), ip_network("198.18.0.0/15"))


def read(typed: str) -> SplitResult:
    """Read an address as people give it; `webcal:` means https. Raises Unreadable where it may not be visited."""
    text = clean(typed).strip("<>").strip()
    if "://" not in text and "." in text.partition("/")[0]:
        text = f"https://{text}"
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        raise Unreadable(NO_ADDRESS) from None
    scheme = {"webcal": "https", "webcals": "https"}.get(url.scheme, url.scheme)
    if scheme not in PORTS or not url.hostname or len(text) > LONGEST or any(c.isspace() for c in text):
        raise Unreadable(NO_ADDRESS)
    if url.username is not None or url.password is not None:
        raise Unreadable(SECRETS)
    if _is_inside(url.hostname):
        raise Unreadable(NOT_PUBLIC)
    return url._replace(scheme=scheme, fragment="")


def is_public(address: str) -> bool:
    """Tell whether a numeric address lies on the public internet."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        reachable = ip in _GLOBAL and not any(ip in net for net in _CARRIERS)
    else:
        reachable = not any(ip in net for net in _SHARED)
    wrong = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved
    return reachable and ip.is_global and not wrong and not ip.is_unspecified


def _is_inside(host: str) -> bool:
    """Tell from the name alone, where it can be told; what a name leads to is looked at when it is visited."""
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        name = host.rstrip(".").casefold()
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal")) or "." not in name
