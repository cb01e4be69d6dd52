"""What looking at each text costs: for a person in danger, and for details of a patient."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

from bot.chat.incoming import Actor, Said
from bot.domain.crisis import Level
from bot.domain.text import TOO_LONG
from bot.engine.guard import crisis_rules, look, patient_rules
from tests.bench.show import aimed, heading, row
from tests.bench.sizes import Sizes

LENGTH = 500
WHOLE = 100_000
_DOMAIN = Path(__file__).parents[1] / "domain"
_WHO = Actor("bench", "team", "amina")
_WEEK = (
    "Still two chapters behind, because the week of nights ate every evening I had put aside.",
    "Moved the abstract on: methods done, and my supervisor wants one more table by Friday.",
    "On track, slowly. Ten questions on each bus ride works better than two hours on a Sunday.",
    "Stuck on the ethics form, nobody in the office answers, so I will walk over on Tuesday.",
    "Had to swap a shift, missed the teaching, and asked a colleague for her notes instead.",
    "Nothing this week, and that is fine: my daughter was ill and I slept when she slept.",
    "Said no to a third committee, and it felt strange and then very good.",
    "The clinic ran an hour late each day, so I wrote down where the time goes.",
)
#: Pieces of which a hostile text of 100 kB is made.
HOSTILE = {
    "a": "a",
    "digits": "1",
    "digits in groups": "943 476 5919 ",
    "i want to": "i want to ",
    "end it all": "end it all ",
    "wish i would": "wish i would ",
    "mr": "mr ",
    "Mr Xx": "Mr Xx ",
    "patient Aa": "patient Aa ",
    "died 1": "died 1 ",
    "a@": "a@",
    "quotes in quotes": 'she said "i said \'me" ',
    "İ, ſ and 😭": "İſ😭",
    "combining marks": "e\u0301\u0302\u0303",
}


def guards(sizes: Sizes) -> None:
    heading(
        f"Both guards on one text of {LENGTH} characters, {sizes.texts:,} texts of each kind; and "
        f"on the whole of a hostile text of {WHOLE // 1000} kB, of which the product reads "
        f"{TOO_LONG:,} characters; all in processor time"
    )
    look(Said(_WHO, "warm up"))  # reads the rules
    row("", "median", "p99")
    for name, texts in _kinds().items():
        shares = quantiles(_looked(texts, sizes.texts), n=100)
        met = aimed(shares[98] < 1000, "1 ms")
        row(name, f"{shares[49]:.0f} µs", f"{shares[98]:.0f} µs", f"  {met}")
    print()
    row("100 kB of", "danger", "patient", "through look")
    worst = {}
    for name, piece in HOSTILE.items():
        text = (piece * WHOLE)[:WHOLE]
        each = (
            _once(partial(crisis_rules().level, text)),
            _once(partial(patient_rules().look, text)),
            _once(partial(look, Said(_WHO, text))),
        )
        worst[name] = each
        row(name, *(f"{ms:.1f} ms" for ms in each))
    slowest = max(worst, key=lambda name: sum(worst[name][:2]))
    print(
        f"\nWorst: “{slowest}”, {sum(worst[slowest][:2]):.0f} ms for both rules on all of it; "
        f"{max(each[2] for each in worst.values()):.0f} ms at most as the product reads"
    )


def _kinds() -> dict[str, Iterator[str]]:
    """Give endless texts of each kind; what is to be found stands last, so that all is read."""
    goals = [line.split("\t")[1] for line in _lines("phi/goals.txt")]
    danger = [line.split("\t") for line in _lines("crisis/vectors.tsv")[1:]]
    details = [line.split("\t") for line in _lines("phi/vectors.tsv")[1:]]
    work = [text for _, level, text in danger if level == Level.NONE]
    work += [text for _, severity, _, text in details if severity == "none"]
    heavy = [text for _, level, text in danger if level in {Level.L2, Level.L3}]
    certain = [text for _, severity, _, text in details if severity == "certain"]
    return {
        "goals": _texts("/goal add ", goals),
        "answers of check-ins": _texts("", _WEEK),
        "talk of clinical work": _texts("", work),
        "a text of danger": _texts("", _WEEK, heavy),
        "details of a patient": _texts("", _WEEK, certain),
    }


def _lines(name: str) -> list[str]:
    return (_DOMAIN / name).read_text("utf-8").splitlines()


def _texts(begin: str, sentences: Sequence[str], ends: Sequence[str] = ("",)) -> Iterator[str]:
    chance = random.Random(1)  # the same in every run, so that runs compare
    for end in cycle(ends):
        text = begin
        while len(text) < LENGTH:
            text += f"{chance.choice(sentences)} "
        yield f"{text[: LENGTH - len(end) - 2]}. {end}"


def _looked(texts: Iterator[str], number: int) -> list[float]:
    """Give the microseconds of each look."""
    took = []
    for text in islice(texts, number):
        said = Said(_WHO, text)
        began = time.thread_time()
        look(said)
        took.append((time.thread_time() - began) * 1e6)
    return took


def _once(work: Callable[[], object]) -> float:
    """Give the milliseconds of the quickest of three."""
    took = []
    for _ in range(3):
        began = time.thread_time()
        work()
        took.append((time.thread_time() - began) * 1000)
    return min(took)
