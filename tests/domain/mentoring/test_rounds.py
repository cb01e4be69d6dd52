"""A round worked out in steps is the same as one worked out at once, and its draft keeps."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.domain.fit import Bar, Side, bar
from bot.domain.matching import (
    Unmatched,
    blocking_pairs,
    deferred_acceptance,
    why_unmatched,
)
from bot.domain.mentoring import Aim, CareerStage, Gap, Plan, Role, Tone
from bot.domain.most_fit import most_fit
from bot.domain.proposing import preferences
from bot.domain.round_draft import Draft
from bot.domain.rounds import Pool, finished, why_unmatched_all

TOPICS = [f"topic{number}" for number in range(8)]
SOME = list(range(12))


def people(luck: Random, number: int, role: Role, first: int) -> list[Side]:
    found = []
    for place in range(number):
        seeks = tuple(luck.sample(TOPICS, 3))
        found.append(
            Side(
                id=first + place,
                user=f"user{first + place}",
                role=role,
                stage=luck.choice(list(CareerStage)),
                tone=luck.choice(list(Tone)),
                plan=luck.choice(list(Plan)),
                aim=luck.choice(list(Aim)),
                offers=frozenset(luck.sample(TOPICS, 4)),
                seeks=frozenset(seeks),
                first=seeks[:2],
                gap=luck.choice(list(Gap)),
                languages=frozenset(luck.sample(["en", "de", "fr"], 2)),
                capacity=luck.randint(1, 2),
                hours=luck.getrandbits(40),
                not_with=frozenset(f"user{luck.randint(1, 40)}" for _ in range(2)),
                since=datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=luck.randint(0, 10**6)),
            )
        )
    return found


def pool(seed: int) -> Pool:
    luck = Random(seed)
    mentees, mentors = people(luck, 14, Role.MENTEE, 1), people(luck, 7, Role.MENTOR, 15)
    ranked = {each.id: luck.sample(range(15, 22), 3) for each in mentees[::2]}
    by_mentors = {each.id: luck.sample(range(1, 15), 3) for each in mentors[::3]}
    met = frozenset(frozenset((luck.randint(1, 14), luck.randint(15, 21))) for _ in range(3))
    return Pool(
        mentees=mentees, mentors=mentors, met=met, ranked=ranked, ranked_by_mentors=by_mentors,
        seed=seed,
    )  # fmt: skip


@pytest.mark.parametrize("seed", SOME)
def test_the_steps_give_the_market_that_is_built_at_once(seed: int) -> None:
    one = pool(seed)
    draft = finished(one.steps())
    market, scores = preferences(
        [*one.mentees, *one.mentors],
        met=one.met,
        ranked=one.ranked,
        ranked_by_mentors=one.ranked_by_mentors,
    )
    assert draft.market == market
    assert draft.scores == scores
    assert draft.stable == deferred_acceptance(market)
    assert draft.most_fit == most_fit(scores, market.places)
    assert not blocking_pairs(market, draft.stable)
    by_id = {each.id: each for each in (*one.mentees, *one.mentors)}
    for matching in (draft.stable, draft.most_fit):
        for mentee, mentor in matching.items():
            assert bar(by_id[mentee], by_id[mentor]) is None
            assert frozenset((mentee, mentor)) not in one.met


@pytest.mark.parametrize("seed", SOME)
def test_the_same_people_in_any_order_give_the_same_draft(seed: int) -> None:
    one = pool(seed)
    draft, luck = finished(one.steps()), Random(seed + 1)
    mixed = replace(
        one,
        mentees=luck.sample(list(one.mentees), len(one.mentees)),
        mentors=luck.sample(list(one.mentors), len(one.mentors)),
    )
    assert finished(mixed.steps()) == draft


def test_a_draft_is_kept_as_plain_data() -> None:
    draft = finished(pool(3).steps())
    assert Draft.from_data(json.loads(json.dumps(draft.to_data()))) == draft


@pytest.mark.parametrize("seed", SOME)
def test_why_all_are_unmatched_is_said_as_it_is_of_each(seed: int) -> None:
    draft, luck = finished(pool(seed).steps()), Random(seed)
    changed = dict(draft.stable)
    for mentee in luck.sample(sorted(changed), min(2, len(changed))):
        del changed[mentee]
    for matching in (draft.stable, draft.most_fit, changed, {}):
        found = why_unmatched_all(draft.market, matching)
        assert found == {
            mentee: why_unmatched(draft.market, matching, mentee)
            for mentee in draft.market.mentees
            if mentee not in matching
        }


@pytest.mark.parametrize("seed", SOME)
def test_without_somebody_it_is_the_draft_of_the_others(seed: int) -> None:
    one = pool(seed)
    gone = {1, 2, 15}
    left = replace(
        one,
        mentees=[each for each in one.mentees if each.id not in gone],
        mentors=[each for each in one.mentors if each.id not in gone],
    )
    draft, fresh = finished(one.steps()).without(gone), finished(left.steps())
    assert draft.market == fresh.market
    assert (draft.stable, draft.most_fit) == (fresh.stable, fresh.most_fit)


def test_who_came_at_the_same_moment_is_put_in_order_by_the_seed() -> None:
    luck = Random(1)
    [mentor] = people(luck, 1, Role.MENTOR, 100)
    mentor = replace(mentor, capacity=1, not_with=frozenset(), hours=-1 & (1 << 40) - 1)
    [like] = people(luck, 1, Role.MENTEE, 1)
    like = replace(
        like, seeks=mentor.offers, first=(), gap=Gap.ANY, languages=mentor.languages,
        hours=mentor.hours, not_with=frozenset(),
    )  # fmt: skip
    alike = [replace(like, id=number, user=f"u{number}") for number in range(1, 9)]
    winners = {
        seed: finished(Pool(mentees=alike, mentors=[mentor], seed=seed).steps()).stable
        for seed in range(20)
    }
    assert {len(each) for each in winners.values()} == {1}
    assert len({next(iter(each)) for each in winners.values()}) > 2


def test_what_holds_somebody_back_never_tells_a_confidence() -> None:
    luck = Random(5)
    mentors = people(luck, 4, Role.MENTOR, 100)
    [mentee] = people(luck, 1, Role.MENTEE, 1)
    mentee = replace(
        mentee, gap=Gap.ANY, languages=frozenset({"en", "de", "fr"}), hours=(1 << 40) - 1,
        not_with=frozenset(each.user for each in mentors),
    )  # fmt: skip
    draft = finished(Pool(mentees=[mentee], mentors=mentors).steps())
    assert draft.held == {1: Bar.NO_FIT}
    assert why_unmatched_all(draft.market, {}) == {1: Unmatched.NO_CHOICE}
    silent = replace(mentee, not_with=frozenset(), languages=frozenset({"sv"}))
    assert finished(Pool(mentees=[silent], mentors=mentors).steps()).held == {1: Bar.LANGUAGE}


@pytest.mark.parametrize(
    ("strangers", "held"), [(1, Bar.NO_FIT), (2, Bar.NO_FIT), (3, Bar.LANGUAGE)]
)
def test_what_most_mentors_lacked_is_said_only_of_more_than_half(strangers: int, held: Bar) -> None:
    [mentee] = people(Random(5), 1, Role.MENTEE, 1)
    mentee = replace(mentee, gap=Gap.ANY, languages=frozenset({"en"}), not_with=frozenset())
    [mentor] = people(Random(5), 1, Role.MENTOR, 100)
    mentor = replace(
        mentor, offers=mentee.seeks, hours=mentee.hours, languages=frozenset({"en"}),
        capacity=1, not_with=frozenset({mentee.user}),
    )  # fmt: skip
    alike = [replace(mentor, id=100 + place, user=f"m{place}") for place in range(4)]
    mentors = [
        replace(each, languages=frozenset({"sv"})) if place < strangers else each
        for place, each in enumerate(alike)
    ]
    assert finished(Pool(mentees=[mentee], mentors=mentors).steps()).held == {1: held}
