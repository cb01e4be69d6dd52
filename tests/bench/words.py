"""What the members of a load type."""

from itertools import count

_goal = count()


def goal(_: int) -> str:
    return f"add Read {next(_goal)} papers on sepsis by June 2030"


def listing(_: int) -> str:
    return "list"
