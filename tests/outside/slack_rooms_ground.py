"""What the tests of channels on Slack share."""

from bot.engine.ports import Room
from bot.platforms.slack.render import literal
from bot.platforms.slack.rooms import SlackRooms
from tests.outside.slack_server import TEAM

ADA, BOB, CY, DEE = "U0ADA", "U0BOB", "U0CY", "U0DEE"
KEY = "circle.room:1"
NOTE = literal("Welcome, all of you.")
LONG = literal("word " * 3_000)


async def opened(rooms: SlackRooms, name: str = "circle", key: str = KEY) -> Room:
    return Room(TEAM, await rooms.open(TEAM, name, "Six of us, every other week.", key))
