"""Feeds are read beside everything else: once, whatever changes meanwhile, and delaying nobody."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.domain.rota_address import Failure, Unread
from bot.domain.shifts import ShiftKind
from bot.engine.feeds import FeedReader, check_address, sparing
from bot.errors import Misread
from bot.store import feeds
from bot.store.database import connect
from tests.engine.ward import ADDRESS, DAY, HOUR, NIGHT, SECRET, START, Ward, rota
from tests.pilot import VAULT, Pilot, at


async def test_two_readers_read_a_feed_once(ward: Ward, url: str) -> None:
    for name in ("bela", "cora", "dora"):
        await ward.world.member(name).visits()
    for member in (1, 2, 3, 4):
        await ward.gives(f"{ADDRESS}{member}", member=member)
    second = connect(url, VAULT)
    try:
        beside = FeedReader(second, ["test"], ward.fetch)
        counts = await asyncio.gather(ward.reader.read_due(START), beside.read_due(START))
        assert await FeedReader(second, ["elsewhere"], ward.fetch).read_due(START + DAY) == 0
    finally:
        second.close()
    assert sum(counts) == 4
    again = await ward.run(lambda db: [feeds.of(db, member).next_at for member in (1, 2, 3, 4)])
    assert len(set(again)) == 4  # they do not stay together
    assert sorted(ward.asked) == [f"{ADDRESS}{member}" for member in (1, 2, 3, 4)]


async def test_a_feed_that_someone_takes_is_passed_over(ward: Ward, url: str, kind: str) -> None:
    await ward.world.member("bela").visits()
    for member in (1, 2):
        await ward.gives(member=member)
    second = connect(url, VAULT)

    def take(db: Session) -> list[int]:
        return [each.member_id for each in feeds.due(db, START, ["test"], 1)]

    def take_both(db: Session) -> list[list[int]]:
        first = take(db)
        if kind == "sqlite":  # one writes at a time
            return [first, take(db)]
        return [first, second.call(take)]

    try:
        assert sorted(await ward.run(take_both)) == [[1], [2]]
        assert await ward.run(take) == []
        later = START + feeds.LEASE
        assert len(await ward.run(lambda db: feeds.due(db, later, ["test"], 9))) == 2
    finally:
        second.close()


async def test_what_changes_while_it_is_read_comes_first(ward: Ward) -> None:
    async def new_address() -> None:
        ward.meanwhile, ward.says = None, Failure.STATUS
        await ward.gives(f"{ADDRESS}2")

    await ward.gives()
    ward.meanwhile = new_address
    assert await ward.reader.read_due(START) == 2
    assert ward.asked == [ADDRESS, f"{ADDRESS}2"]
    feed = await ward.feed()  # what the first one said is not kept
    assert (feed.read_at, feed.failures, await ward.shifts()) == (None, 1, [])
    ward.says = rota(NIGHT)

    async def answer() -> None:
        ward.meanwhile = None
        now = START + DAY
        await ward.run(lambda db: feeds.answer_label(db, feeds.of(db, 1), "k", ShiftKind.DAY, now))

    ward.meanwhile = answer
    assert await ward.reader.read_due(START + DAY) == 2  # read again, with the answer

    async def drop() -> None:
        await ward.run(lambda db: feeds.drop(db, 1))

    ward.meanwhile = drop
    assert await ward.reader.read_due(START + 2 * DAY) == 1
    assert await ward.shifts() == []


async def test_a_slow_host_delays_nothing_and_a_stop_does_not_wait_for_it(
    ward: Ward, amina: Pilot
) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    rounds, monday, begun = ward.joined().rounds, at("2027-01-04 09:00"), asyncio.Event()

    async def forever() -> None:
        begun.set()
        await asyncio.Event().wait()

    ward.meanwhile = forever
    await ward.gives(now=monday)
    await rounds.tick(monday, settle=False)
    await asyncio.wait_for(begun.wait(), 5)
    ward.world.clock.moment = monday
    await rounds.tick(monday + timedelta(seconds=1), settle=False)
    await ward.world.coach.courier.settle()
    assert len(amina.delivered()) == 1
    assert len(ward.asked) == 1  # what is under way is not begun again
    await asyncio.wait_for(rounds.stop(), 5)
    ward.meanwhile = None
    assert await ward.reader.read_due(monday + HOUR) == 1  # its lease has ended
    assert len(await ward.shifts()) == 1


async def test_a_round_that_settles_reads_first_and_knows_when_to(ward: Ward) -> None:
    rounds = ward.joined().rounds
    assert await ward.run(rounds.next_due) == at("2027-01-04 09:00")  # the check-in
    await ward.gives(now=START + HOUR)
    assert await ward.run(rounds.next_due) == START + HOUR
    await ward.world.until(START + DAY)
    assert 6 <= len(ward.asked) <= 7


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        (f" {ADDRESS}\n", ADDRESS),
        ("webcal://Rota.Example.org/a%2Fb?c=d#e", "https://rota.example.org/a%2Fb?c=d"),
        ("<https://rota.example.org:8443>", "https://rota.example.org:8443/"),
        ("https://rota.example.org:443?key=ü", "https://rota.example.org/?key=%C3%BC"),
        ("", "address"),
        ("rota.example.org", "address"),
        ("ftp://rota.example.org", "address"),
        (f"https://amina:{SECRET}@rota.example.org/", "address"),
        ("https://rota.example.org:22/", "address"),
        ("https://rota.example.org/" + "a" * 2_000, "address"),
        (f"http://rota.example.org/{SECRET}", "not_https"),
        ("https://10.0.0.1/", "private"),
        ("webcal://[::1]/", "private"),
        ("https://rota.hospital.local/", "private"),
    ],
)
def test_an_address_is_cleaned_or_refused_without_being_said(given: str, clean: str) -> None:
    if "://" in clean:
        assert check_address(given) == clean
        return
    with pytest.raises(Misread) as caught:
        check_address(given)
    told = caught.value
    assert (told.key, told.facts, told.__context__) == (f"shifts.feed_{clean}", {}, None)


async def test_where_a_clock_is_moved_by_hand_a_host_is_spared() -> None:
    asked = []

    async def fetch(address: str) -> bytes:
        asked.append(address)
        if address == ADDRESS:
            return b"rota"
        raise Unread(Failure.STATUS)

    spared = sparing(fetch)
    assert [await spared(ADDRESS) for _ in range(3)] == [b"rota"] * 3
    for _ in range(2):
        with pytest.raises(Unread, match="status"):
            await spared("another")
    assert asked == [ADDRESS, "another"]
    hasty = sparing(fetch, 0)
    assert [await hasty(ADDRESS) for _ in range(2)] == [b"rota"] * 2
    assert len(asked) == 4
