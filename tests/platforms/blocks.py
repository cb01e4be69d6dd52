"""What Block Kit blocks say."""

from collections.abc import Iterator
from typing import Any

Dict = dict[str, Any]


def words(blocks: list[Dict]) -> Iterator[str]:
    """Give every word that the blocks show, in order, without the buttons'."""
    for block in blocks:
        if block["type"] == "header":
            yield block["text"]["text"]
        elif block["type"] == "rich_text":
            for element in block["elements"]:
                lines = element["elements"] if element["type"] == "rich_text_list" else [element]
                yield from (run["text"] for line in lines for run in line["elements"])
