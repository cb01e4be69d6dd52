"""The address of a rota feed: which ones may be asked for, and how asking can fail.

Members name these addresses, so each may try to reach what only our own network should. What is
allowed is written down; all else is refused. An address is a credential: no error holds any of it.
"""

import re
from contextlib import suppress
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import quote, urljoin

#: Hospitals' own servers answer on the second one. Any more would let a member feel for what else
#: listens on a machine.
PORTS = frozenset({443, 8443})
#: Characters of an address; those of real feeds take some two hundred.
LONGEST = 2_000
#: Endings of names that mean something only inside a network (RFC 6762, 6761, 8375, and habits).
_INSIDE = re.compile(
    "arpa|corp|home|internal|intranet|invalid|lan|local(?:domain|host)?|onion|private|test"
)
_ADDRESS = re.compile(
    r"https://(?P<host>[^/?#@:\[\]]+)(?::(?P<port>\d{1,5}))?(?P<rest>[/?][^#]*)?(?:#.*)?",
    re.IGNORECASE | re.ASCII,
)
# The last label begins with a letter, so that no notation of a number is a name.
_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\\"<>^`{|}]")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))

_EMBEDS = IPv6Network("64:ff9b::/96")  # NAT64 (RFC 6052): the last 32 bits are an IPv4 address
_GLOBAL = IPv6Network("2000::/3")
# What some versions of `ipaddress` call global although it leads elsewhere or nowhere: RFC 6890 and
# its kin. A network's own prefix of NAT64 cannot be known here: its router must refuse for itself.
_SPECIAL = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # shared behind a carrier
            "192.0.0.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.175.48.0/24",
            "198.18.0.0/15",
            "224.0.0.0/3",  # multicast and reserved
            "2001::/23",  # Teredo, ORCHID, benchmarks
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)


class Failure(StrEnum):
    """Why a feed was not read. This name is all that is logged of it."""

    ADDRESS = "address"  # no address at all
    NOT_HTTPS = "not_https"
    PRIVATE = "private"  # leads into a network that is not public
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    TLS = "tls"
    STATUS = "status"  # an answer other than 200
    REDIRECTS = "redirects"
    ENCODING = "encoding"  # compressed in a way that we do not read, or badly
    TOO_BIG = "too_big"
    NO_CALENDAR = "no_calendar"
    BROKEN = "broken"
    FAULT = "fault"  # ours


#: Failures that another try will hardly mend.
PERMANENT = frozenset(
    (
        Failure.ADDRESS,
        Failure.NOT_HTTPS,
        Failure.PRIVATE,
        Failure.REDIRECTS,
        Failure.ENCODING,
        Failure.TOO_BIG,
        Failure.NO_CALENDAR,
        Failure.BROKEN,
    )
)


class Unread(Exception):
    """A feed was not read; it says why, and nothing of the feed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class Target(NamedTuple):
    """An address in its parts, each as it goes over the wire."""

    host: str
    port: int
    #: The path with its slash, and the query without its mark.
    path: str
    query: str

    def __repr__(self) -> str:
        """Hide it: wherever this is printed, it must not be read."""
        return "Target(…)"

    def text(self) -> str:
        """Write it as one address."""
        port = "" if self.port == 443 else f":{self.port}"
        return f"https://{self.host}{port}{self.path}{'?' if self.query else ''}{self.query}"


def read_target(text: str, ports: frozenset[int] = PORTS) -> Target:
    """Take an address apart, or raise Unread with ADDRESS, NOT_HTTPS or PRIVATE."""
    if len(text) > LONGEST or _UNSAFE.search(text) or "://" not in text:
        raise Unread(Failure.ADDRESS)
    if not text[:8].lower().startswith("https://"):
        raise Unread(Failure.NOT_HTTPS if text[:7].lower() == "http://" else Failure.ADDRESS)
    if text[8:9] == "[":  # IPv6
        raise Unread(Failure.PRIVATE)
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise Unread(Failure.ADDRESS)
    host, port = _name(match["host"]), int(match["port"] or 443)
    if port not in ports:
        raise Unread(Failure.ADDRESS)
    rest = quote(match["rest"] or "/", safe=_ASCII)
    path, _, query = rest.partition("?")
    return Target(host, port, path or "/", query)


def read_redirect(base: Target, location: str, ports: frozenset[int] = PORTS) -> Target:
    """Read where an answer sends us, as strictly as what a member gives."""
    if len(location) <= LONGEST and not _UNSAFE.search(location):
        joined = ""
        with suppress(ValueError):  # its text quotes the address
            joined = urljoin(base.text(), location)
        if joined:
            return read_target(joined, ports)
    raise Unread(Failure.ADDRESS)


def _name(host: str) -> str:
    """Give a host's name in small letters; raise Unread unless it can be a public name."""
    name = host.lower()
    last = name.rstrip(".").rpartition(".")[2]
    if not name.isascii() or "%" in name:
        raise Unread(Failure.ADDRESS)
    if _INSIDE.fullmatch(last) or "." not in name.rstrip(".") or last[:1].isdigit():
        raise Unread(Failure.PRIVATE)
    if _NAME.fullmatch(name) is None:
        raise Unread(Failure.ADDRESS)
    return name


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address belongs to the public network, and leads to no other one."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if address in _EMBEDS:  # where a network speaks only IPv6, every name leads here
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in _GLOBAL:
            return False
    special = any(each.version == address.version and address in each for each in _SPECIAL)
    return address.is_global and not (
        special
        or address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_unspecified
    )


def read_ip(text: str) -> IPv4Address | IPv6Address | None:
    """Read what a resolver gave; None if it is no address."""
    try:
        return ip_address(text)
    except ValueError:
        return None
