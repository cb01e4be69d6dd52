"""What people mentor in: about fifty topics under the nine areas, chosen by their labels.

They are reviewed content: `prompts/content/mentoring/topics.yaml`. Rows of members keep the ids.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.areas import Area
from bot.domain.instruments import check_reviewed, held
from bot.domain.reviewed import by_id, check_mark, named, said

#: A field of a form shows no more choices than this, and a label of this length on one line.
MOST_IN_AREA, LABEL_LIMIT = 10, 40


@dataclass(frozen=True, slots=True)
class Tag:
    """One topic of mentoring."""

    id: str
    label: str
    area: Area


@dataclass(frozen=True)
class Topics:
    """All topics, by id, in the order of the file."""

    tags: Mapping[str, Tag]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Topics":
        """Read the content file, or raise ValueError with the name of what is wrong."""
        check_reviewed(data)
        check_mark(data)
        held(data, "licence", str)
        areas = held(data, "areas", dict)
        if unknown := areas.keys() - set(Area):
            raise ValueError(f"areas: {min(map(str, unknown))} is none of the nine")
        tags = by_id([tag for area in Area for tag in _tags(areas, area)], "areas")
        labels = [tag.label for tag in tags.values()]
        if len(set(labels)) < len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            raise ValueError(f"areas: the label “{twice}” is there twice")
        return cls(tags)

    def of(self, area: Area) -> tuple[Tag, ...]:
        """List the topics of one area."""
        return tuple(tag for tag in self.tags.values() if tag.area is area)

    def known(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Keep the ids that are topics today, in the order given, each once."""
        return tuple(dict.fromkeys(each for each in ids if each in self.tags))

    def labels(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Give the labels of topics; one that is gone from the list is left out."""
        return tuple(self.tags[each].label for each in self.known(ids))


def _tags(areas: Mapping[str, Any], area: Area) -> list[Tag]:
    rows = held(areas, area.value, list, "areas.")
    where = f"areas.{area}: "
    if len(rows) > MOST_IN_AREA:
        raise ValueError(f"{where}{len(rows)} topics, and a field shows {MOST_IN_AREA}")
    found = [(named(row, where), row) for row in rows]
    return [
        Tag(name, said(row, "label", LABEL_LIMIT, f"{where}{name}: "), area) for name, row in found
    ]
