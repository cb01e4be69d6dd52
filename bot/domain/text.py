"""Cleaning what people type: once, on the way in, so that nobody downstream has to wonder."""

import re
import unicodedata

#: Marks that reorder or hide text around them; a name must not be able to turn a sentence around.
_STEERING = frozenset(
    [
        *(chr(c) for c in range(0x202A, 0x202F)),
        *(chr(c) for c in range(0x2066, 0x206A)),
        "\u200b",
        "\u200e",
        "\u200f",
        "\u2060",
        "\ufeff",
        "\u00ad",
    ]
)
#: What a single message may hold before it is refused, in characters.
TOO_LONG = 4_000
#: What reads as an address of the web; some let whoever has them in.
_ADDRESS = re.compile(r"://\w|\w\.[a-z]{2,}(?::\d+)?/", re.IGNORECASE)


def clean(text: str) -> str:
    """Give the text without control and steering characters, in one Unicode form, trimmed.

    Line ends survive; every other run of white space becomes one space.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (" ".join(_visible(line).split()) for line in composed.split("\n"))
    return "\n".join(lines).strip("\n ")


def one_line(text: str) -> str:
    """Give the cleaned text on a single line."""
    return " ".join(clean(text).split())


def without_addresses(text: str) -> str:
    """Give the text with an ellipsis in the place of each address of the web."""
    return re.sub(r"\S+", lambda word: "…" if _ADDRESS.search(word[0]) else word[0], text)


def has_words(text: str) -> bool:
    """Tell whether there is at least one letter or digit, in any script."""
    return any(char.isalnum() for char in text)


def isolate(text: str) -> str:
    """Wrap right-to-left text so that the sentence around it keeps its order."""
    if text.isascii():
        return text
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        return f"\u2068{text}\u2069"
    return text


def _visible(line: str) -> str:
    return "".join(
        " " if char.isspace() else char
        for char in line
        if char.isspace()
        or (unicodedata.category(char) not in {"Cc", "Cs", "Co"} and char not in _STEERING)
    )
