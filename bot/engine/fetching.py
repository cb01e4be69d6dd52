"""Fetches a feed from an address that a member gave: the only place that asks for such a one.

Each hop is checked wholly: its name is resolved here, once, every address that came back must be
public, and the connection goes to those addresses and no others. So a name that changes its mind
between the check and the connection gains nothing. Settings cannot loosen any of it; what the
constructor takes is there for tests.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.rota_address import (
    PORTS,
    Failure,
    Target,
    Unread,
    is_public,
    read_ip,
    read_redirect,
    read_target,
)
from bot.domain.rota_text import MOST_BYTES

#: How long one feed may take in all, with its redirects, in seconds.
TIMEOUT = 10.0
#: How many redirects are followed.
HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_HEADERS = {
    "Accept": "text/calendar, */*;q=0.5",
    "Accept-Encoding": "identity",
    "User-Agent": "Preceptor",
}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Allowed = Callable[[IPv4Address | IPv6Address], bool]


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for a name's addresses; raise OSError if it knows none."""
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(
        _threads(), lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [str(each[4][0]) for each in found]


@cache
def _threads() -> ThreadPoolExecutor:
    # Apart from the loop's own threads: a name server that hangs must hold up nothing else.
    return ThreadPoolExecutor(4, thread_name_prefix="preceptor-names")


class Fetcher:
    """Fetches feeds, and trusts nobody on the way."""

    def __init__(
        self,
        *,
        resolve: Resolve = resolve,
        allowed: Allowed = is_public,
        ports: frozenset[int] = PORTS,
        trust: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._resolve, self._allowed, self._ports = resolve, allowed, ports
        self._trust, self._timeout = trust, timeout

    async def fetch(self, address: str) -> bytes:
        """Give what an address answers with, at most MOST_BYTES, or raise Unread.

        Errors of the libraries name what they asked for. So Unread is raised where none of them is
        being handled, and carries none along.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(address)
        except Unread as told:
            failure = told.failure
        except TimeoutError:
            failure = Failure.SLOW
        except (ClientSSLError, ssl.SSLError):
            failure = Failure.TLS
        except (ClientError, OSError, ValueError):  # whatever a server makes the library say
            failure = Failure.UNREACHABLE
        raise Unread(failure)

    async def _follow(self, address: str) -> bytes:
        target = read_target(address, self._ports)
        pinned = _Pinned()
        connector = TCPConnector(
            resolver=pinned,
            use_dns_cache=False,
            force_close=True,
            ssl=True if self._trust is None else self._trust,
        )
        async with ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            headers=_HEADERS,
            auto_decompress=False,
            trust_env=False,
            timeout=ClientTimeout(total=self._timeout),
            read_bufsize=_CHUNK,
        ) as session:
            for _ in range(HOPS + 1):
                pinned.host, pinned.addresses = target.host, await self._addresses(target)
                found = await self._ask(session, target)
                if isinstance(found, bytes):
                    return found
                target = found
        raise Unread(Failure.REDIRECTS)

    async def _addresses(self, target: Target) -> list[IPv4Address | IPv6Address]:
        """Resolve a name; one address that is not public spoils all of them."""
        found = [read_ip(each) for each in await self._resolve(target.host, target.port)]
        addresses = [each for each in found if each is not None]
        if not all(each is not None and self._allowed(each) for each in found):
            raise Unread(Failure.PRIVATE)
        if not addresses:
            raise Unread(Failure.UNREACHABLE)
        return addresses

    async def _ask(self, session: ClientSession, target: Target) -> bytes | Target:
        """Ask once; give the body, or where to ask instead."""
        # Built of parts that were read here, so that there is no second opinion of what it says.
        url = URL.build(
            scheme="https",
            host=target.host,
            port=target.port,
            path=target.path,
            query_string=target.query,
            encoded=True,
        )
        answer = await session.get(url, allow_redirects=False, proxy=None)
        try:
            if answer.status in _REDIRECTS:
                return read_redirect(target, answer.headers.get("Location", ""), self._ports)
            if answer.status != HTTPStatus.OK:
                raise Unread(Failure.STATUS)
            return await _body(answer)
        finally:
            answer.close()  # what was not read by now is not wanted


class _Pinned(AbstractResolver):
    """Knows one name at a time: the one that was just checked."""

    def __init__(self) -> None:
        self.host = ""
        self.addresses: list[IPv4Address | IPv6Address] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family  # those that were checked, whatever they are
        if host != self.host:
            raise OSError("a name that was not checked")
        return [
            ResolveResult(
                hostname=host,
                host=str(each),
                port=port,
                family=socket.AF_INET6 if each.version == 6 else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


async def _body(answer: ClientResponse) -> bytes:
    """Read a body within its bound, decompressed; raise Unread beyond it."""
    with suppress(ValueError):
        if int(answer.headers.get("Content-Length", "0")) > MOST_BYTES:
            raise Unread(Failure.TOO_BIG)
    unpacked = _unpacker(",".join(answer.headers.getall("Content-Encoding", ())))
    body, came = bytearray(), 0
    async for chunk in answer.content.iter_any():
        came += len(chunk)
        body += unpacked.more(chunk, MOST_BYTES + 1 - len(body))
        if max(came, len(body)) > MOST_BYTES:
            raise Unread(Failure.TOO_BIG)
    unpacked.end()
    return bytes(body)


class _Plain:
    """A body as it is."""

    def more(self, chunk: bytes, most: int) -> bytes:
        """Give the next bytes, no more than `most`."""
        return chunk[:most]

    def end(self) -> None:
        """Raise Unread if something is missing."""


class _Packed(_Plain):
    """A body that zlib unpacks; of what is packed never more is unpacked than is wanted."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._zlib: zlib._Decompress | None = None

    def more(self, chunk: bytes, most: int) -> bytes:
        """Unpack the next bytes, no more than `most`; raise Unread for what is no such stream."""
        if not chunk:
            return b""
        if self._zlib is None:
            # Servers mean two things by "deflate": with the head of zlib (RFC 1950), and without.
            plain = not self._gzip and chunk[0] & 0x0F != 8
            self._zlib = zlib.decompressobj(31 if self._gzip else -15 if plain else 15)
        try:
            unpacked = self._zlib.decompress(chunk, most)
        except zlib.error:
            unpacked = None
        if unpacked is None or self._zlib.unused_data:
            raise Unread(Failure.ENCODING)
        return unpacked

    def end(self) -> None:
        """Raise Unread if the stream was cut off."""
        if self._zlib is None or not self._zlib.eof:
            raise Unread(Failure.ENCODING)


def _unpacker(encoding: str) -> _Plain:
    """Choose how a body is unpacked; raise Unread for ways that have no bound, or several."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Packed(gzip=name != "deflate")
    raise Unread(Failure.ENCODING)
