"""The group that commands and forms of this feature declare themselves in."""

from bot.chat.command import Group

mentor_group = Group("mentor", "Find a mentor, be one, and meet.")
