"""Each fault at a small size; `make faults` runs them in full."""

from pathlib import Path

import pytest

from tests.faults.cases import CASES, Case
from tests.faults.ground import Ground
from tests.faults.outcome import Post, judged
from tests.pilot import at
from tests.postgres import Postgres

SOME = [
    pytest.param(
        case,
        id=f"{case.name}-{case.kind}",
        marks=[pytest.mark.outside] * case.outside + [pytest.mark.long] * case.long,
    )
    for case in CASES
    if case.tested
]


@pytest.mark.parametrize("case", SOME)
async def test_nothing_is_lost_and_nothing_doubled(
    case: Case, tmp_path: Path, template: Path, postgres: Postgres
) -> None:
    outcome = await case.run(Ground(tmp_path, template, postgres), full=False)
    assert outcome.tries > 0
    assert outcome.lost == 0
    assert outcome.doubled <= outcome.allowed
    assert outcome.broken == ()


def test_the_count_sees_what_is_lost_doubled_or_strange() -> None:
    """A count that could not fail would prove nothing."""
    moment = at("2027-01-04 09:00")
    posts = [Post(key, 0, "", moment) for key in ("a", "b", "b", "z")]
    found = judged("", "", ["a", "b", "c"], posts, expected=4)
    assert (found.lost, found.doubled, found.held) == (2, 1, False)
    assert found.broken == ("nobody promised z",)
