"""Feeds are fetched from public hosts only, within bounds, and no error or log names them.

The host is real TLS on this machine. It is reached by a public name through a resolver that each
test sets; where a test speaks of what is private, the production rule decides.
"""

import asyncio
import gzip
import logging
import socket
import traceback
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.rota_address import Failure, Unread, is_public, read_ip
from bot.domain.rota_text import MOST_BYTES
from bot.engine.feeds import fetch
from bot.engine.fetching import HOPS, Fetcher
from tests.engine.tls_host import NAME, OTHER, Host, serving, trust

SECRET = "key-4711-of-amina"
ROTA = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    async with serving(tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def silent(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever happens, no log says where we asked."""
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.records:
        assert not tells(f"{record.getMessage()} {record.__dict__}")


def tells(text: str) -> bool:
    return any(each in text for each in (SECRET, "hospital.org", "clinic.org"))


def fetcher(host: Host, *answers: str | list[str], **strict) -> Fetcher:
    """Fetch from the host, allowed only by its address; each answer of the resolver in turn."""
    left = list(answers)

    async def resolve(name: str, port: int) -> list[str]:
        found = (left.pop(0) if len(left) > 1 else left[0]) if left else "127.0.0.1"
        return [found] if isinstance(found, str) else found

    usual = {"allowed": lambda ip: str(ip) == "127.0.0.1", "trust": trust()}
    return Fetcher(resolve=resolve, ports=frozenset({host.port}), **usual | strict)


async def failure(fetching: Fetcher, address: str) -> Failure:
    """Fetch in vain; nothing that the error carries may tell of the address."""
    with pytest.raises(Unread) as caught:
        await fetching.fetch(address)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert not tells("".join(traceback.format_exception(caught.value)))
    return caught.value.failure


async def test_a_calendar_is_fetched_plainly(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    moved = f"Location: /ical?key={SECRET}%2F%40"
    first = host.says("/go", b"", moved, "Set-Cookie: a=b", status="302 Found")
    host.says(f"/ical?key={SECRET}%2F%40", ROTA)
    assert await fetcher(host).fetch(first) == ROTA
    seen = host.asked[1].lower()  # the address as it was given, and nothing else of us
    assert seen.splitlines()[0] == f"get /ical?key={SECRET}%2f%40 http/1.1"
    assert {line.partition(":")[0] for line in seen.splitlines()[1:] if line} == {
        *("host", "accept", "accept-encoding", "user-agent", "connection")
    }
    assert "accept-encoding: identity" in seen


PRIVATE = (
    "127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 "
    "192.0.0.8 192.0.2.1 192.88.99.1 198.18.0.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: "
    "::1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 "
    "fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 100::1 2001::1 2001:20::1 2001:db8::1 "
    "2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fec0::1 4000::1 "
)


def test_what_is_public() -> None:
    private = [read_ip(each) for each in PRIVATE.split()]
    assert [str(each) for each in private if each is None or is_public(each)] == []
    for text in ("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"):
        public = read_ip(text)
        assert public is not None
        assert is_public(public)


@pytest.mark.parametrize(
    "answer",
    [
        *("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "0.0.0.0", "no address"),  # noqa: S104 - to be refused
        ["8.8.8.8", "127.0.0.1"],
        ["2606:4700:4700::1111", "::1"],
    ],
    ids=str,
)
async def test_a_name_that_leads_inside_is_refused(host: Host, answer: str | list[str]) -> None:
    address = host.says(f"/{SECRET}", ROTA)
    strict = fetcher(host, answer, allowed=is_public)
    assert await failure(strict, address) is Failure.PRIVATE
    assert host.connections == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *[
            (each, Failure.PRIVATE)
            for each in (
                *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001"),
                *("[::1]", "[::ffff:7f00:1]", "[fe80::1%25lo]", "127.0.0.1.", "localhost"),
                *("localhost.", "intranet", "printer.local", "db.internal", "a.localhost"),
            )
        ],
        *[
            (each, Failure.ADDRESS)
            for each in (
                *("", "a:b@", f"{NAME}@127.0.0.1", "１２７.0.0.1", "127%2e0.0.1", "ex ample.org"),
                *("example..org", "-a.org:443", f"{'a' * 64}.org", f"{NAME}\\.local"),
            )
        ],
    ],
)
async def test_an_address_that_is_no_public_name_is_refused(
    host: Host, name: str, why: Failure
) -> None:
    assert await failure(fetcher(host), f"https://{name}:{host.port}/{SECRET}") is why
    # The same where a host sends us there.
    moved = f"Location: https://{name}:{host.port}/{SECRET}"
    sent = host.says("/go", b"", moved, status="307 Moved")
    assert await failure(fetcher(host), sent) in {why, Failure.ADDRESS}
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("location", "why"),
    [
        (f"http://{NAME}/{SECRET}", Failure.NOT_HTTPS),
        ("https://example.org:22/", Failure.ADDRESS),
        ("ftp://example.org/", Failure.ADDRESS),
        ("file:///etc/passwd", Failure.ADDRESS),
        ("//127.0.0.1/", Failure.PRIVATE),
        ("", Failure.REDIRECTS),  # to itself
        (f"/{SECRET}", Failure.REDIRECTS),  # for ever
    ],
)
async def test_redirects_are_checked_and_end(host: Host, location: str, why: Failure) -> None:
    address = host.says(f"/{SECRET}", b"", f"Location: {location}", status="301 Moved")
    assert await failure(fetcher(host), address) is why
    assert len(host.asked) == (HOPS + 1 if why is Failure.REDIRECTS else 1)


async def test_as_it_is_built_for_members_it_is_strict(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", host.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    for address, why in ((f"https://{NAME}/", "private"), (f"https://{NAME}:{host.port}/", "addr")):
        with pytest.raises(Unread, match=why):
            await fetch(address)
    assert host.connections == 0


async def test_a_redirect_to_a_name_that_leads_inside_is_refused(host: Host) -> None:
    moved = f"Location: https://{OTHER}:{host.port}/{SECRET}"
    address = host.says("/go", b"", moved, status="302 Found")
    assert await failure(fetcher(host, "127.0.0.1", "10.0.0.1"), address) is Failure.PRIVATE
    assert host.connections == 1


async def test_a_name_that_changes_its_mind_gains_nothing(host: Host, tmp_path: Path) -> None:
    async with serving(tmp_path, "127.0.0.2", host.port) as inside:
        address = host.says(f"/{SECRET}", ROTA)
        assert await fetcher(host, "127.0.0.1", "127.0.0.2").fetch(address) == ROTA
        # The second time it is asked, a second answer counts, and is checked again.
        again = host.says("/go", b"", f"Location: /{SECRET}", status="302 Found")
        rebound = fetcher(host, "127.0.0.1", "127.0.0.2")
        assert await failure(rebound, again) is Failure.PRIVATE
        assert inside.connections == 0


async def test_the_certificate_must_be_the_names(host: Host) -> None:
    address = host.says(f"/{SECRET}", ROTA)
    assert await failure(fetcher(host, trust=None), address) is Failure.TLS
    elsewhere = address.replace(NAME, OTHER)
    assert await failure(fetcher(host), elsewhere) is Failure.TLS
    assert host.asked == []


async def test_what_does_not_answer_is_unreachable(host: Host) -> None:
    async def unknown(name: str, port: int) -> list[str]:
        raise OSError(f"{name} {SECRET}")

    cut = host.says("/cut", b"BEGIN", "Content-Length: 99")
    for fetching, where in (
        (Fetcher(resolve=unknown), f"https://{NAME}/{SECRET}"),
        (fetcher(host, []), cut),
        (fetcher(host), cut),
        (fetcher(host), host.says("/bad", b"", status=f"what {SECRET}")),
    ):
        assert await failure(fetching, where) is Failure.UNREACHABLE
    for status in ("404 Gone", "304 Same", "204 Empty", "500 Fault"):
        there = host.says("/gone", b"", status=status)
        assert await failure(fetcher(host), there) is Failure.STATUS


async def test_a_body_that_drips_takes_no_longer_than_the_limit(host: Host) -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.02)

    address = host.says(f"/{SECRET}", drip)
    assert await failure(fetcher(host, timeout=0.3), address) is Failure.SLOW


def packed(data: bytes, bits: int) -> bytes:
    made = zlib.compressobj(wbits=bits)
    return made.compress(data) + made.flush()


async def test_bodies_are_unpacked_within_the_bound(host: Host) -> None:
    async def asked(encoding: str, body: bytes) -> bytes | Failure:
        address = host.says(f"/{SECRET}", body, f"Content-Encoding: {encoding}")
        try:
            return await fetcher(host).fetch(address)
        except Unread as told:
            return told.failure

    full = b"x" * MOST_BYTES
    for encoding, bits in (("gzip", 31), ("X-GZIP", 31), ("deflate", 15), ("deflate", -15)):
        assert await asked(encoding, packed(ROTA, bits)) == ROTA
        assert await asked(encoding, packed(full, bits)) == full
        assert await asked(encoding, packed(full + b"x", bits)) is Failure.TOO_BIG
        assert await asked(encoding, packed(ROTA, bits)[:-1]) is Failure.ENCODING
    for encoding in ("br", "zstd", "gzip, gzip", "compress"):
        assert await asked(encoding, packed(ROTA, 31)) is Failure.ENCODING
    assert await asked("gzip", ROTA) is Failure.ENCODING
    assert await asked("gzip", b"") is Failure.ENCODING
    assert await asked("gzip", gzip.compress(ROTA) * 2) is Failure.ENCODING
    assert await asked("identity", full) == full
    assert await asked("identity", full + b"x") is Failure.TOO_BIG


async def test_a_large_body_is_not_waited_for(host: Host) -> None:
    async def large() -> AsyncIterator[bytes]:
        for _ in range(48):
            yield b"x" * 65_536

    told = host.says("/told", large, f"Content-Length: {3 * 1024 * 1024}")
    assert await failure(fetcher(host), told) is Failure.TOO_BIG
    untold = host.says("/untold", large)
    assert await failure(fetcher(host), untold) is Failure.TOO_BIG


async def test_a_bomb_is_put_out_early(host: Host) -> None:
    made = zlib.compressobj(9, wbits=31)
    head = made.compress(b"\0" * 4_000_000) + made.flush(zlib.Z_FULL_FLUSH)
    block = made.compress(b"\0" * 4_000_000) + made.flush(zlib.Z_FULL_FLUSH)

    async def bomb() -> AsyncIterator[bytes]:
        yield head
        for _ in range(512):  # 2 GB in all
            yield block

    address = host.says(f"/{SECRET}", bomb, "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        assert await failure(fetcher(host), address) is Failure.TOO_BIG
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()
