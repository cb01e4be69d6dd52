"""The group that commands and forms of this feature declare themselves in."""

from bot.chat.command import Group

wellbeing_group = Group(
    "wellbeing", "How you are: three taps a week, shown to nobody else.", private=True
)
