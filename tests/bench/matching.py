"""Matching a round: stable and fast, beside a known library, and beside the greatest total fit."""

import random
import sys
import threading
import time
import warnings
from collections.abc import Callable
from statistics import median
from typing import TypeVar

from bot.domain.matching import (
    Market,
    Matching,
    Scores,
    Summary,
    blocking_pairs,
    deferred_acceptance,
    describe,
    moved,
)
from bot.domain.most_fit import most_fit
from tests.bench.show import aimed, heading, row
from tests.bench.sizes import Sizes

CHOICES = 15  # mentors in each mentee's order
PLACES = 2
AIM = 0.1  # seconds for the largest market
Found = TypeVar("Found")
RUNS = 9  # a run is short; each median is of so many
DEEP = 1_000_000  # calls within calls, and below, bytes of stack: the library copies recursively
STACK = 512 * 1024 * 1024


def matching(sizes: Sizes) -> None:
    _stable(sizes)
    _beside_the_library(sizes)
    _beside_most_fit(sizes)


def _stable(sizes: Sizes) -> None:
    heading(
        f"Match mentees with half as many mentors of {PLACES} places, {CHOICES} choices each, "
        f"medians of {RUNS} runs, in processor time"
    )
    row("mentees", "deferred acc.", "checker", "matched", "blocking")
    took = 0.0
    for number in sizes.mentees:
        market, _ = _market(number)
        took, found = _timed(lambda market=market: deferred_acceptance(market), RUNS)
        checking, blocking = _timed(
            lambda market=market, found=found: blocking_pairs(market, found), RUNS
        )
        row(
            f"{number:,}",
            f"{took * 1e3:.1f} ms",
            f"{checking * 1e3:.1f} ms",
            f"{len(found):,}",
            f"{len(blocking)}",
        )
    print(aimed(took < AIM, f"{sizes.mentees[-1]:,} mentees within {AIM * 1e3:.0f} ms"))


def _beside_the_library(sizes: Sizes) -> None:
    heading(
        "Reading and matching beside the library `matching`, in processor time; “times ours” are "
        "of its solver alone, and with its reading"
    )
    row("mentees", "ours", "its solver", "with reading", "times ours", "same pairs")
    for number in sizes.compared:
        market, _ = _market(number)
        took, found = _timed(
            lambda market=market: deferred_acceptance(
                Market(mentees=market.mentees, mentors=market.mentors, places=market.places)
            ),
            RUNS,
        )
        plain = _outcome(lambda market=market: _library(market))
        if isinstance(plain, Exception):
            print(f"{number:,}: {type(plain).__name__} at the usual depth of calls; so deeper:")
        tries = [
            _deeper(lambda market=market: _outcome(lambda: _library(market)))
            for _ in range(sizes.runs)
        ]
        failed = [each for each in tries if isinstance(each, Exception)]
        if failed:
            row(f"{number:,}", f"{took * 1e3:.1f} ms", type(failed[0]).__name__)
            continue
        solving, whole = (median(each[place] for each in tries) for place in (0, 1))
        row(
            f"{number:,}",
            f"{took * 1e3:.1f} ms",
            f"{solving * 1e3:.1f} ms",
            f"{whole * 1e3:.1f} ms",
            f"{solving / took:.0f}, {whole / took:.0f}",
            "yes" if tries[0][2] == found else "NO",
        )


def _beside_most_fit(sizes: Sizes) -> None:
    for number in sizes.compared:
        market, scores = _market(number)
        quick, stable = _timed(lambda market=market: deferred_acceptance(market), RUNS)
        slow, most = _timed(
            lambda market=market, scores=scores: most_fit(scores, market.places), sizes.runs
        )
        heading(f"Stable beside most total fit, {number:,} mentees, {len(scores):,} pairs")
        row("", "stable", "most fit")
        row("time", f"{quick * 1e3:.1f} ms", f"{slow * 1e3:.0f} ms")
        both = describe(market, stable, scores), describe(market, most, scores)
        for name, shown in _LINES.items():
            row(name, *(shown(each) for each in both))
        print(f"{len(moved(stable, most)):,} mentees would have another mentor, or one of the two")


_LINES: dict[str, Callable[[Summary], str]] = {
    "matched": lambda each: f"{each.matched:,}",
    "with their first choice": lambda each: f"{each.first:,}",
    "with one of their first three": lambda each: f"{each.first_three:,}",
    "total fit": lambda each: f"{each.fit:,.1f}",
    "least fit of a pair": lambda each: f"{each.least_fit:.2f}",
    "pairs who would rather": lambda each: f"{each.blocking:,}",
}


def _market(number: int) -> tuple[Market, Scores]:
    """Make up a round: half of a fit is liking, which differs, and half is how good a mentor is."""
    chance = random.Random(number)  # the same in every run, so that runs compare
    mentors = range(number, number + max(number // 2, CHOICES))
    good = {mentor: chance.random() for mentor in mentors}
    mentees: dict[int, list[int]] = {}
    listed: dict[int, list[int]] = {mentor: [] for mentor in mentors}
    scores: dict[tuple[int, int], float] = {}
    for mentee in range(number):
        mentees[mentee] = chance.sample(mentors, CHOICES)
        for mentor in mentees[mentee]:
            fits = 0.45 + 0.55 * (chance.random() + good[mentor]) / 2
            scores[mentee, mentor] = round(fits, 6)
            listed[mentor].append(mentee)
        mentees[mentee].sort(key=lambda mentor: -scores[mentee, mentor])
    for mentor, order in listed.items():
        order.sort(key=lambda mentee: -scores[mentee, mentor])
    return Market(mentees=mentees, mentors=listed, places=dict.fromkeys(mentors, PLACES)), scores


def _timed(work: Callable[[], Found], runs: int) -> tuple[float, Found]:
    """Give the median of the processor's seconds, and what came out."""
    took = []
    for _ in range(runs):
        began = time.thread_time()
        found = work()
        took.append(time.thread_time() - began)
    return median(took), found


def _library(market: Market) -> tuple[float, float, Matching]:
    """Give the processor's seconds of its solver and of all it does, and the matching."""
    with warnings.catch_warnings():  # its import makes every later warning show
        from matching.games import HospitalResident

        began = time.thread_time()
        game = HospitalResident.create_from_dictionaries(
            {mentee: list(order) for mentee, order in market.mentees.items()},
            {mentor: list(order) for mentor, order in market.mentors.items() if order},
            {mentor: market.room(mentor) for mentor, order in market.mentors.items() if order},
        )
        read = time.thread_time()
        solved = game.solve(optimal="resident")
        done = time.thread_time()
    pairs = {each.name: mentor.name for mentor, theirs in solved.items() for each in theirs}
    return done - read, done - began, pairs


def _outcome(work: Callable[[], Found]) -> Found | Exception:
    """Do it, or give what went wrong."""
    try:
        return work()
    except (RecursionError, MemoryError) as error:
        return error


def _deeper(work: Callable[[], Found]) -> Found:
    """Do it where calls may go a million deep."""
    found: list[Found] = []
    limit, stack = sys.getrecursionlimit(), threading.stack_size(STACK)
    sys.setrecursionlimit(DEEP)
    try:
        thread = threading.Thread(target=lambda: found.append(work()))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    return found[0]
