"""The group that commands, buttons and forms of this feature declare themselves in."""

from bot.chat.command import Group

circle_group = Group("circle", "Meet five to eight peers every two weeks.")
