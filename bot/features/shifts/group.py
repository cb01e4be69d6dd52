"""The groups that commands and forms of this feature declare themselves in."""

from bot.chat.command import Group

shift_group = Group("shift", "When you work, so that I stay quiet at the right times.")
leave_group = Group("leave", "Days away: nothing comes that you did not ask for.")
