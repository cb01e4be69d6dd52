"""The group that commands and forms of this feature declare themselves in."""

from typing import Annotated

from bot.chat.command import Arg, Group

goal_group = Group("goal", "Set and follow the goals your coach holds you to.")

#: A goal by its number; without one the only active goal is meant, or the member is asked.
Which = Annotated[int | None, Arg("the goal's number, as `/goal list` shows it")]
