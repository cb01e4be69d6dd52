"""The group that this feature shares, and the one argument that most commands have."""

from typing import Annotated

from bot.chat.command import Arg, Group

mentor_group = Group("mentor", "Find a mentor, be one, and meet.")

#: With one mentorship nobody needs to be named.
Who = Annotated[str | None, Arg("with whom, by first name", limit=200)]
