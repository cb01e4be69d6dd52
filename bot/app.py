"""The only place where parts are built and joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.chat.prompt import Words
from bot.clock import Clock
from bot.engine.courier import Courier
from bot.engine.dispatch import Dispatch
from bot.engine.feeds import FeedReader, Fetch, fetch, sparing
from bot.engine.ports import Messenger
from bot.engine.ticker import Rounds
from bot.engine.turn import OWNER, Feature, Owner
from bot.errors import Misconfigured
from bot.features import (
    checkins,
    circles,
    goals,
    membership,
    mentoring,
    mentorships,
    reviews,
    rights,
    rounds,
    safety,
    shifts,
    team,
    wellbeing,
)
from bot.features import help as help_feature
from bot.metrics import Metrics
from bot.platforms.local.people import COORDINATORS
from bot.platforms.local.workspace import LocalClock, Workspace
from bot.settings import Settings
from bot.store import backup, copying, migrate
from bot.store.database import Database, connect
from bot.store.keyring import Key, vault_for
from bot.store.local import PLATFORM as LOCAL

#: All that the coach can do. The order is the order of help and of the first welcome.
FEATURES: tuple[Feature, ...] = (
    help_feature.FEATURE,
    membership.FEATURE,
    team.FEATURE,
    goals.FEATURE,
    checkins.FEATURE,
    reviews.FEATURE,
    wellbeing.FEATURE,
    shifts.FEATURE,
    mentoring.FEATURE,
    rounds.FEATURE,
    mentorships.FEATURE,
    circles.FEATURE,
    safety.FEATURE,
    rights.FEATURE,
)


@dataclass(frozen=True, slots=True)
class Coach:
    """The engine, joined to a database and to the platforms that it talks on."""

    database: Database
    words: Words
    dispatch: Dispatch
    courier: Courier
    rounds: Rounds
    metrics: Metrics


def open_database(settings: Settings, *, key: Key = Key.LOOK, copying_it: bool = False) -> Database:
    """Open the database and bring its schema up to date.

    Raises Misconfigured where that cannot be, and for an unfinished copy unless that is going on.
    """
    url = settings.url
    if url.startswith("sqlite:///") and ":memory:" not in url:
        folder = Path(url.removeprefix("sqlite:///")).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise Misconfigured(
                f"The folder {folder} cannot be made: set DATABASE_URL to a place you may write."
            ) from None
    database = connect(url)
    try:
        secret = settings.secret_key.get_secret_value()
        database.vault = vault_for(database, url, secret, key)
        migrate.upgrade(database.engine, database.vault)
        if database.vault is not None and not copying_it:
            database.call(partial(database.vault.check, make=key is not Key.LOOK))
        if not copying_it:
            copying.refuse_unfinished(database.engine)
            backup.refuse_without_keys(database.engine)
    except BaseException:
        database.close()
        raise
    return database


def join(
    database: Database,
    clock: Clock,
    messengers: Mapping[str, Messenger],
    overlay: Path | None = None,
    features: Sequence[Feature] = FEATURES,
    *,
    prepare: bool = False,
    owner: Owner = OWNER,
    fetch: Fetch = fetch,
    keep_up: bool = True,
) -> Coach:
    """Join the engine's parts; `prepare` reads all content now, for a program that stays.

    `fetch` gets what a rota feed's address answers with; without `keep_up` nothing is forgotten.
    """
    words = Words(overlay)
    for feature in features:
        if feature.prepare is not None and prepare:
            feature.prepare()
    metrics = Metrics()
    dispatch = Dispatch(database, words, features, clock, metrics=metrics, owner=owner)
    occasions = [occasion for feature in features for occasion in feature.occasions]
    courier = Courier(database, words, dispatch.catalog, occasions, messengers, metrics=metrics)
    reader = FeedReader(database, list(messengers), fetch)
    rounds = Rounds(database, courier, list(messengers), reader, keep_up=keep_up)
    return Coach(database, words, dispatch, courier, rounds, metrics)


def local_coach(
    settings: Settings, clock: Clock | None = None, database: Database | None = None
) -> tuple[Coach, Workspace]:
    """Build the coach on the local workspace; `clock` stands in for the workspace's own."""
    database = database or open_database(settings, key=Key.MAKE)
    workspace = Workspace(database, LocalClock(database))
    coach = join(
        database,
        clock or workspace.clock,
        {LOCAL: workspace.messenger},
        settings.prompts_dir,
        owner=Owner(settings.local_help, settings.coordinating or COORDINATORS),
        fetch=sparing(fetch),
    )
    return coach, workspace
