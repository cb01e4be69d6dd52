"""How measurements are shown."""


def verdict(met: bool) -> str:
    return "met" if met else "missed"


def aimed(met: bool, aim: str) -> str:
    """Say what was aimed at, and whether it was reached."""
    return f"(aim {aim}: {verdict(met)})"


def heading(text: str) -> None:
    print(f"\n{text}\n", flush=True)


def row(name: str, *columns: str, width: int = 44) -> None:
    print(name.ljust(width) + "".join(f"{column:>13}" for column in columns), flush=True)
