"""A worker as a process of its own: planner, courier, ticker, and Slack's messenger, all real."""

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerProcess

from bot.app import join
from bot.clock import utc_now
from bot.engine import composing, courier
from bot.engine.ports import Address
from bot.engine.ticker import Ticker
from bot.platforms.slack import rooms
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.platform import Slack
from bot.settings import Settings
from bot.store.database import connect
from bot.store.vault import Vault

_processes = multiprocessing.get_context("forkserver")
# What is loaded once need not be loaded by each of fifty workers.
_processes.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class Order:
    """How a worker works. A short lease shows what happens when it ends."""

    settings: Mapping[str, str]
    #: Seconds that a claim holds; one send takes at most two thirds of it.
    lease: float = 3.0
    #: Whether the platform can be asked what it has received.
    asks: bool = True
    beat: float = 0.1
    #: Seconds that a stop waits for what is under way.
    grace: float = 10.0
    #: Deliveries claimed together, and half of what may be under way at once.
    batch: int = 100


class Unasked(SlackMessenger):
    """A platform that cannot be asked."""

    async def find(self, to: Address, key: str) -> str | None:
        return None


def hire(order: Order) -> ForkServerProcess:
    """Start a worker."""
    process = _processes.Process(target=_main, args=(order,), daemon=True)
    process.start()
    return process


def _main(order: Order) -> None:
    courier.LEASE = timedelta(seconds=order.lease)
    courier.LONGEST = order.lease * 2 / 3
    courier.BATCH, courier.IN_FLIGHT = order.batch, order.batch * 2
    composing.BACK_OFF = timedelta(seconds=order.lease / 3)
    rooms.UNFINISHED = order.lease  # as long as two calls take at most
    logging.disable()  # what matters is counted on the platform's side
    asyncio.run(_work(order))


async def _work(order: Order) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    parent = multiprocessing.parent_process()
    assert parent is not None
    slack = Slack(Settings(**order.settings))
    kind = SlackMessenger if order.asks else Unasked
    vault = Vault.parse(order.settings["PRECEPTOR_SECRET_KEY"])
    database = connect(order.settings["DATABASE_URL"], vault)
    async with slack.sending():
        coach = join(database, utc_now, {slack.name: kind(slack._wire.once, pace=None)})
        ticker = Ticker(coach.rounds, utc_now, order.beat)
        ticker.start()
        # Nobody outlives who has hired us.
        while not stop.is_set() and parent.is_alive():
            await asyncio.sleep(0.02)
        await ticker.stop(order.grace)
    database.close()
