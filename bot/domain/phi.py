"""Does a text hold details of a patient? Looked at before anything is kept, logged or sent.

What is found is a kind and how sure it is, never the words. Names alone, rare stories and small
towns are not seen, so members are asked not to write them (the field notes, 4.2 to 4.4). The rules
are reviewed content: `prompts/content/phi/rules.yaml`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.phrases import held, listed

NEAR = 90  # characters around a match in which its context is looked for


class Severity(StrEnum):
    """How sure a finding is."""

    CERTAIN = "certain"  # refused, and not kept
    POSSIBLE = "possible"  # a soft note


class Kind(StrEnum):
    """What the details seem to be."""

    NAME = "name"
    ADDRESS = "address"
    DATES = "dates"
    DOB = "dob"
    AGE90 = "age90"
    PHONE = "phone"
    EMAIL = "email"
    SSN = "ssn"
    MRN = "mrn"
    MEMBER_ID = "member_id"
    ACCOUNT = "account"
    DEVICE = "device"
    BED = "bed"


@dataclass(frozen=True, slots=True)
class Finding:
    """That there are details of a patient, without saying which."""

    kind: Kind
    severity: Severity


@dataclass(frozen=True, slots=True)
class _Rule:
    finding: Finding
    words: tuple[str, ...]  # all that the pattern finds holds one of them, in any case
    sign: str  # all that the pattern finds holds this sign, too; empty for none
    pattern: re.Pattern[str]
    near: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    nhs: bool

    def found_in(self, text: str, lower: str) -> bool:
        # The words rule most patterns out, in a hundredth of the time that a pattern takes.
        return (not self.words or any(word in lower for word in self.words)) and any(
            self._holds(text, match) for match in self.pattern.finditer(text)
        )

    def _holds(self, text: str, match: re.Match[str]) -> bool:
        start, end = max(0, match.start() - NEAR), match.end() + NEAR
        return (
            (not self.near or any(each.search(text, start, end) for each in self.near))
            and not any(each.search(text, start, end) for each in self.unless)
            and (not self.nhs or is_nhs_number(match[0]))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhiRules:
    """The reviewed rules, compiled once; the certain ones come first."""

    signs: Mapping[str, re.Pattern[str]]
    rules: tuple[_Rule, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "PhiRules":
        """Compile the content file, or raise ValueError with the name of the faulty key."""
        parts: dict[str, str] = {}
        for name, written in held(data.get("parts"), dict, "parts").items():
            parts[name] = _whole(written, parts, f"parts.{name}")
        contexts = {
            name: _compiled(_whole(written, parts, f"contexts.{name}"), name, re.IGNORECASE)
            for name, written in held(data.get("contexts"), dict, "contexts").items()
        }
        signs = {
            name: _compiled(_whole(written, parts, f"signs.{name}"), name)
            for name, written in held(data.get("signs"), dict, "signs").items()
        }
        rules = [
            _rule(held(each, dict, f"rules.{number}"), parts, contexts, signs, f"rules.{number}")
            for number, each in enumerate(held(data.get("rules"), list, "rules"), 1)
        ]
        rules.sort(key=lambda rule: rule.finding.severity is Severity.POSSIBLE)
        return cls(signs=signs, rules=tuple(rules))

    def look(self, text: str) -> Finding | None:
        """Give what weighs most, or None. Time grows with the length of the text and no faster."""
        lower = text.lower() if text.isascii() else text.translate(_ALIKE).lower()
        shown = {"", *(name for name, sign in self.signs.items() if sign.search(text))}
        found = (each for each in self.rules if each.sign in shown and each.found_in(text, lower))
        return next((each.finding for each in found), None)


def is_nhs_number(text: str) -> bool:
    """Tell whether ten digits end in the check digit of an NHS number (modulus 11)."""
    digits = [int(char) for char in text if char.isdecimal()]
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    rest = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - rest % 11) % 11 == digits[9]


def _rule(
    data: Mapping[str, object],
    parts: Mapping[str, str],
    contexts: Mapping[str, re.Pattern[str]],
    signs: Mapping[str, re.Pattern[str]],
    key: str,
) -> _Rule:
    kind, severity = data.get("kind"), data.get("severity")
    if kind not in set(Kind) or severity not in set(Severity):
        raise ValueError(f"{key}: there is no kind “{kind}” with severity “{severity}”")
    if data.get("check") not in {None, "nhs"} or not data.keys() <= _KEYS:
        raise ValueError(f"{key}: expected {', '.join(sorted(_KEYS))}, and “nhs” as its check")
    if "sign" in data and data["sign"] not in signs:
        raise ValueError(f"{key}.sign: there is no sign “{data['sign']}”")
    around = {}
    for place in ("near", "unless"):
        names = listed(data, place, f"{key}.{place}") if place in data else []
        if unknown := set(names) - contexts.keys():
            raise ValueError(f"{key}.{place}: there is no context “{min(unknown)}”")
        around[place] = tuple(contexts[name] for name in names)
    return _Rule(
        finding=Finding(Kind(str(kind)), Severity(str(severity))),
        words=tuple(listed(data, "words", f"{key}.words") if "words" in data else ()),
        sign=str(data.get("sign", "")),
        pattern=_compiled(_whole(data.get("pattern"), parts, f"{key}.pattern"), key),
        near=around["near"],
        unless=around["unless"],
        nhs=data.get("check") == "nhs",
    )


_KEYS = frozenset(["kind", "severity", "words", "pattern", "near", "unless", "check", "sign"])
#: What a pattern without regard to case takes for the letters s and i, and `lower` does not.
_ALIKE = {ord("ſ"): "s", ord("ı"): "i", ord("İ"): "i"}
_PART = re.compile(r"<([a-z_]+)>")
_LITERAL = re.compile(r"\\.|\[[^\]]*\]")  # in which a star or a plus repeats nothing
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")


def _whole(written: object, parts: Mapping[str, str], key: str) -> str:
    """Put the parts in; refuse what could match without end, and so be slow."""
    text = held(written, str, key)
    if _ENDLESS.search(_LITERAL.sub("", text)):
        raise ValueError(f"{key}: write a bound such as {{0,9}} in the place of * and +")
    if unknown := set(_PART.findall(text)) - parts.keys():
        raise ValueError(f"{key}: there is no part <{min(unknown)}>")
    return _PART.sub(lambda part: parts[part[1]], text)


def _compiled(pattern: str, key: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise ValueError(f"{key}: {error}") from error
