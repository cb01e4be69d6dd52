"""What Prometheus is told of turns and deliveries."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import OTHER, Backlog, Metrics
from tests.pilot import Pilot, World


def series(metrics: Metrics, backlog: Backlog | None = None) -> dict[tuple[str, ...], float]:
    """Give each sample by its name and the values of its labels."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.render(backlog).decode())
        for sample in family.samples
    }


def turns(world: World) -> dict[str, float]:
    told = series(world.coach.metrics)
    return {
        key[1]: count for key, count in told.items() if key[0] == "preceptor_turn_seconds_count"
    }


def test_two_coaches_in_a_process_count_for_themselves() -> None:
    one, other = Metrics(), Metrics()
    one.delivered("slack", "checkin.weekly", "sent")
    one.delivered("slack", "checkin.weekly", "sent")
    one.delivered("local", "checkin.weekly", "failed")
    told = series(one)
    assert told["preceptor_deliveries_total", "checkin.weekly", "sent", "slack"] == 2
    assert told["preceptor_deliveries_total", "checkin.weekly", "failed", "local"] == 1
    assert not [key for key in series(other) if key[0] == "preceptor_deliveries_total"]


def test_the_backlog_is_told_only_when_the_database_told_it() -> None:
    metrics = Metrics()
    told = series(metrics, Backlog({"slack": 3, "local": 0}, 12.5))
    assert told["preceptor_database_up",] == 1
    assert told["preceptor_due_lag_seconds",] == 12.5
    assert told["preceptor_deliveries_waiting", "slack"] == 3
    assert told["preceptor_deliveries_waiting", "local"] == 0
    away = series(metrics)
    assert away["preceptor_database_up",] == 0
    assert not [key for key in away if "waiting" in key[0] or "lag" in key[0]]


def test_the_process_and_the_build_are_told() -> None:
    names = {key[0] for key in series(Metrics())}
    assert {"preceptor_build_info", "python_info", "python_gc_collections_total"} <= names
    assert ("preceptor_build_info", "unknown") not in series(Metrics())


async def test_turns_are_told_by_the_name_of_what_was_asked(world: World, amina: Pilot) -> None:
    await amina.visits()
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.says("goals")
    await amina.says("/goal add")
    await amina.fills(title="Sleep 7 hours")
    await amina.presses_action("checkin.mark:1:1:on_track")
    assert turns(world) == {
        "coach.": 1,
        "goal.add": 3,
        "goal.list": 1,
        "checkin.mark": 1,
    }


@pytest.mark.parametrize(
    "words", ["secret words of mine", "/secret", "/goal secret", "", "secret " * 2_000]
)
async def test_words_and_old_buttons_are_no_name(world: World, amina: Pilot, words: str) -> None:
    await amina.says(words)
    await amina.presses_action("secret.button:1")
    await amina.submits("secret", {"title": "secret"})
    assert turns(world) == {OTHER: 3}
    assert b"secret" not in world.coach.metrics.render(None)


async def test_a_failed_turn_is_counted_and_still_answered(world: World, amina: Pilot) -> None:
    def fails(_: str) -> None:
        raise RuntimeError("unforeseen")

    world.coach.dispatch.catalog.find = fails  # type: ignore[method-assign, assignment]
    await amina.says("/goal list")
    assert amina.answer
    assert series(world.coach.metrics)["preceptor_turn_failures_total",] == 1
    assert turns(world) == {OTHER: 1}
