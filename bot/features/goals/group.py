"""The group that commands and forms of this feature declare themselves in."""

from bot.chat.command import Group

goal_group = Group("goal", "Set and follow the goals your coach holds you to.")
