"""Languages as people write them: “English, Deutsch and some French”."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bot.errors import Misread

#: As many languages as one person names.
MOST = 6
_BETWEEN = re.compile(r"\s*(?:[,;/&+]|\band\b|\bund\b|\bet\b)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Languages:
    """Reviewed names of languages, by their two letters."""

    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Languages":
        """Read the content file; raise ValueError for a name that is there twice."""
        names = {str(code): tuple(map(str, known)) for code, known in data["languages"].items()}
        flat = [each.casefold() for known in names.values() for each in known]
        if len(set(flat)) < len(flat):
            raise ValueError("languages: a name is there twice")
        return cls(names)

    def read(self, text: str) -> tuple[str, ...]:
        """Read languages by their names or letters; raise Misread for the first unknown one."""
        index = {each.casefold(): code for code, known in self.names.items() for each in known}
        index |= {code: code for code in self.names}
        found: list[str] = []
        for part in filter(None, _BETWEEN.split(text.strip())):
            code = index.get(part.casefold())
            if code is None:
                close = get_close_matches(part.casefold(), index, 1, 0.7)
                shown = self.names[index[close[0]]][0] if close else "English, German"
                raise Misread("mentoring.refused.language", text=part, example=shown)
            found.append(code)
        if len(set(found)) > MOST:
            raise Misread("help.too_many", most=MOST, count=len(set(found)))
        return tuple(dict.fromkeys(found))

    def spoken(self, codes: Iterable[str]) -> str:
        """Name languages for a person to read."""
        return ", ".join(self.names[each][0] for each in codes if each in self.names)
