"""Rota feeds are read on time and gently, and what is odd in them is asked about once."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from bot.domain.rota_address import Failure
from bot.domain.shifts import ShiftKind, label_key
from bot.engine.feeds import FEED_READ, FEED_TROUBLE
from bot.models import Delivery
from bot.store import feeds
from tests.engine.ward import ADDRESS, DAY, HOUR, NIGHT, SECRET, START, Ward, rota, whole_day
from tests.pilot import World


@pytest.fixture(autouse=True)
def silent(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever happens, no log says what a feed holds, or where it is."""
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.records:
        said = f"{record.getMessage()} {record.__dict__}"
        assert not any(each in said for each in (SECRET, "hospital", "Royal"))


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    failed = [each for each in caplog.records if getattr(each, "action", "") == "feed_failed"]
    assert {each.member for each in failed} <= {1}
    return [each.reason for each in failed]


async def test_a_feed_is_read_a_few_times_a_day_and_replaces_itself(ward: Ward) -> None:
    await ward.gives()
    assert await ward.reader.read_due(START) == 1
    assert ward.asked == [ADDRESS]
    assert await ward.shifts() == [("04 20:00", "night", True)]
    feed = await ward.feed()
    assert (feed.read_at, feed.failures, feed.told) == (START, 0, False)
    assert 3.6 * HOUR <= feed.next_at - START <= 4.4 * HOUR
    assert await ward.reader.read_due(START + HOUR) == 0
    later = "SUMMARY:Late\nDTSTART:20270106T120000Z\nDTEND:20270106T220000Z"
    ward.says = rota(NIGHT, later)
    moments = await ward.lives(START + DAY)
    assert 5 <= len(moments) <= 6
    assert [kind for _, kind, _ in await ward.shifts()] == ["night", "evening"]
    ward.says = rota(later)
    await ward.lives(START + 2 * DAY)
    assert [kind for _, kind, _ in await ward.shifts()] == ["evening"]
    # Only the first good reading is told of.
    assert await ward.promised(FEED_READ) == [f"{FEED_READ}:1:2027-01-01"]
    assert await ward.run(lambda db: feeds.drop(db, 1))
    assert not await ward.run(lambda db: feeds.drop(db, 1))
    assert await ward.shifts() == []


async def test_times_without_a_zone_are_the_members(world: World) -> None:
    await world.member("bela", "America/New_York").visits()
    ward = Ward(world)
    ward.says = rota("SUMMARY:Days\nDTSTART:20270104T080000\nDTEND:20270104T180000")
    await ward.gives()
    await ward.reader.read_due(START)
    assert await ward.shifts() == [("04 13:00", "day", True)]


async def test_an_unclear_label_is_asked_about_once_and_its_answer_holds(ward: Ward) -> None:
    key, other = label_key("Firm Zed"), label_key("Firm Wye")
    ward.says = rota(whole_day("Firm Zed", "20270104"), NIGHT)
    await ward.gives()
    await ward.lives(START + 2 * DAY)
    assert await ward.promised(FEED_READ) == [f"{FEED_READ}:1:2027-01-01"]
    assert await ward.unclear() == ["Firm Zed"]
    # A promise that still waits takes what is new along.
    ward.says = rota(whole_day("Firm Zed", "20270104"), whole_day("Firm Wye", "20270107"))
    await ward.lives(START + 3 * DAY)
    assert len(await ward.promised(FEED_READ)) == 1
    assert await ward.unclear() == ["Firm Zed", "Firm Wye"]

    now = START + 3 * DAY

    def answer(db) -> None:
        feeds.answer_label(db, feeds.of(db, 1), key, ShiftKind.NIGHT, now)

    await ward.run(answer)
    assert await ward.reader.read_due(now) == 1  # at once
    assert [kind for _, kind, _ in await ward.shifts()] == ["night"]

    def known(db) -> tuple[dict[str, ShiftKind], bool]:
        feed = feeds.of(db, 1)
        assert key not in str(feed.labels)  # a hash can be guessed from a list of labels
        return feeds.answers(feed), feeds.is_asked(feed, other, now.date())

    assert await ward.run(known) == ({key: ShiftKind.NIGHT}, True)
    assert await ward.unclear() == ["Firm Wye"]  # what was answered waits no more

    # What was never answered is asked about again after a month, if it is still there.
    def over(db) -> None:
        for row in db.exec(select(Delivery).where(Delivery.occasion == FEED_READ)):
            row.state = "sent"

    await ward.run(over)
    ward.says = rota(*(whole_day("Firm Wye", f"2027{m:02}07") for m in (1, 2, 3)))
    await ward.reader.read_due(START + 31 * DAY)
    assert len(await ward.promised(FEED_READ)) == 1
    await ward.reader.read_due(START + 34 * DAY)
    assert len(await ward.promised(FEED_READ)) == 2
    assert await ward.unclear() == ["Firm Wye"]
    await ward.run(over)
    ward.says = rota(whole_day("Firm Wye", "20270307"), whole_day("Firm Xi", "20270208"))
    await ward.reader.read_due(START + 35 * DAY)
    assert await ward.unclear() == ["Firm Wye", "Firm Xi"]  # the answer may still come
    ward.says = rota(whole_day("Firm Xi", "20270208"))
    await ward.reader.read_due(START + 36 * DAY)
    assert await ward.unclear() == ["Firm Xi"]  # words that left the feed are not kept
    kept = await ward.run(lambda db: feeds.answers(feeds.of(db, 1)))
    assert kept == {key: ShiftKind.NIGHT}


async def test_what_the_day_can_ask_no_more_is_asked_the_next_day(ward: Ward) -> None:
    await ward.gives()
    await ward.reader.read_due(START)

    def over(db) -> None:
        for row in db.exec(select(Delivery).where(Delivery.occasion == FEED_READ)):
            row.state = "sent"

    await ward.run(over)
    ward.says = rota(whole_day("Firm Zed", "20270104"))
    await ward.lives(START + 10 * HOUR)
    assert len(await ward.promised(FEED_READ)) == 1
    await ward.lives(START + DAY)
    assert (await ward.promised(FEED_READ))[1:] == [f"{FEED_READ}:1:2027-01-02"]
    assert await ward.unclear() == ["Firm Zed"]


async def test_failures_back_off_and_are_told_of_once(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    await ward.gives()
    await ward.reader.read_due(START)
    ward.says = Failure.STATUS
    moments = await ward.lives(START + timedelta(hours=71.9))
    waits = [(later - sooner) / HOUR for sooner, later in pairwise(moments)]
    for wait, least in zip(waits, (0.5, 1, 2, 4, 8, 16, 24), strict=False):
        assert least <= wait <= least * 1.1
    assert len(waits) >= 6
    assert await ward.promised(FEED_TROUBLE) == []
    await ward.lives(START + 10 * DAY)
    assert await ward.promised(FEED_TROUBLE) == [f"{FEED_TROUBLE}:1:2027-01-04"]
    feed = await ward.feed()
    assert (feed.told, feed.read_at) == (True, START)
    assert await ward.shifts() == [("04 20:00", "night", True)]  # what is known stays
    assert set(reasons(caplog)) == {"status"}
    # Well again, and then lost again.
    ward.says = rota(NIGHT)
    await ward.lives(START + 12 * DAY)
    feed = await ward.feed()
    assert (feed.told, feed.failures) == (False, 0)
    ward.says = Failure.SLOW
    await ward.lives(START + 17 * DAY)
    assert len(await ward.promised(FEED_TROUBLE)) == 2


@pytest.mark.parametrize(
    ("failure", "after"), [(Failure.NO_CALENDAR, 24 * HOUR), (Failure.SLOW, 72 * HOUR)]
)
async def test_an_address_that_never_worked_is_told_of_sooner_where_it_is_hopeless(
    ward: Ward, failure: Failure, after: timedelta
) -> None:
    await ward.gives()
    ward.says = failure
    await ward.lives(START + after)
    assert await ward.promised(FEED_TROUBLE) == []
    await ward.lives(START + after + DAY)
    assert len(await ward.promised(FEED_TROUBLE)) == 1
    assert await ward.promised(FEED_READ) == []
    ward.says = rota(NIGHT)
    await ward.gives(f"{ADDRESS}2", START + 5 * DAY)
    feed = await ward.feed()
    assert (feed.failures, feed.told, feed.next_at) == (0, False, START + 5 * DAY)


async def test_what_is_no_rota_is_a_failure(ward: Ward, caplog: pytest.LogCaptureFixture) -> None:
    many = b"BEGIN:VEVENT\nDTSTART:20270105\nEND:VEVENT\n" * 50_000
    for body in (
        b"<!DOCTYPE html><title>Sign in to the Royal</title>",
        b"BEGIN:VCALENDAR\n" + many + b"END:VCALENDAR\n",
        rota(NIGHT)[:-20],
    ):
        ward.says = body
        await ward.gives()
        await ward.reader.read_due(START)
    assert reasons(caplog) == ["no_calendar", "too_big", "broken"]
    assert await ward.shifts() == []


async def test_a_fault_of_ours_is_one_of_the_failures(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    async def fault() -> None:
        raise RuntimeError(ADDRESS)

    ward.meanwhile = fault
    await ward.gives()
    assert await ward.reader.read_due(START) == 1
    assert reasons(caplog) == ["fault"]
    assert (await ward.feed()).failures == 1
