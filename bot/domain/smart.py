"""Is a goal specific, measurable, achievable, relevant and timely enough to start with?

The thresholds are those of the field notes, 7.1: each criterion earns 0 to 2, and a goal is
accepted with S >= 1, M = 2, T = 2 and A > 0. Word lists are brittle, so the verdict only chooses
which questions to offer; nothing here may keep a member from a goal.
The words are reviewed content: `prompts/content/goals/smart_rules.yaml`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Kind = TypeVar("Kind")

READ_AT_MOST = 2000  # a goal is a sentence or two; this bounds the time whatever is pasted
SURE, UNSURE = 7, 4  # confidence out of ten: from here 2, and below here asked about

_GAP = r"(?: [^\s|]{1,30}+){0,3}"  # possessive and bounded: no text can make it run away
_BUILT_IN = {
    "digits": r"\d{1,9}(?:\.\d{1,3})?",
    "clock": r"\d{1,2}:\d{2}",
    "iso": r"\d{4}-\d{1,2}-\d{1,2}",
    "slash": r"\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?",
    "year": r"20\d{2}",
    "nth": r"\d{1,2} (?:st|nd|rd|th)",
    "word": r"[^\W\d_][\w']{0,30}+",
}
_VERBS = ("acts", "outcomes")
_PATTERNS = (
    *("measures", "vague_acts", "vague_amounts", "bounded", "undated", "rhythms"),
    *("reasons", "purposes", "outside", "impossible"),
)
_CRITERIA = ("specific", "measurable", "achievable", "relevant", "timely")
_SETS = ("wishes", "determiners", "vague_things", "empty")


def _held(found: object, kind: type[Kind], key: str) -> Kind:
    """Give what stands under `key`, or name the key that holds nothing of the kind."""
    if not isinstance(found, kind) or not found:
        raise ValueError(f"{key}: expected a {kind.__name__} that is not empty")
    return found


def _listed(data: Mapping[str, object], key: str, name: str = "") -> list[str]:
    return [_held(x, str, name or key).lower() for x in _held(data.get(key), list, name or key)]


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


def _inflected(verb: str) -> str:
    """Match a verb as members write it: book, books, booked; submit, submitted."""
    if verb.endswith("e"):
        return re.escape(verb[:-1]) + "(?:e[sd]?|ing)"
    if re.search("[^aeiou]y$", verb):
        return re.escape(verb[:-1]) + "(?:y|ies|ied|ying)"
    return re.escape(verb) + f"(?:e?s|{re.escape(verb[-1])}?(?:ed|ing))?"


class _Grammar:
    """Turn the phrases of the content file into patterns that cannot run away.

    A phrase is plain words. `<name>` is a class, `(word)` may be absent, `a|b` is either word,
    and `...` stands for up to three words. Nothing else has a meaning, so no editor of the
    content can write a slow pattern.
    """

    def __init__(self, data: Mapping[str, object]) -> None:
        words = _held(data.get("numbers"), dict, "numbers")
        self.numbers = {word: _held(words[word], int, f"numbers.{word}") for word in words}
        number = "|".join([_BUILT_IN["digits"], *map(re.escape, self.numbers)])
        self.classes = {**_BUILT_IN, "n": number, "amount": f"(?P<n>{number})"}
        classes = _held(data.get("classes"), dict, "classes")
        for name in classes:  # a class may use the classes above it
            key = f"classes.{name}"
            self.classes[name] = self.choice(_listed(classes, name, key), key)

    def choice(self, phrases: Iterable[str], key: str, *, verbs: bool = False) -> str:
        # Longest first, so that "sign off" is not read as "sign".
        ordered = sorted(phrases, key=len, reverse=True)
        return "|".join(self._phrase(phrase, key, verbs=verbs) for phrase in ordered)

    def _phrase(self, phrase: str, key: str, *, verbs: bool) -> str:
        pattern, open_ended = "", True
        for token in phrase.split():
            if token == "...":  # noqa: S105 (a token of the phrase, no secret)
                pattern += _GAP
            elif token.startswith("(") and token.endswith(")"):
                inner = self._either(token[1:-1], key)
                pattern += f"(?:{inner} )?" if open_ended else f"(?: {inner})?"
            else:
                pattern += "" if open_ended else " "
                pattern += self._either(token, key, verbs=verbs and open_ended)
                open_ended = False
        if open_ended:
            raise ValueError(f"{key}: “{phrase}” names no word that must be there")
        return pattern

    def _either(self, token: str, key: str, *, verbs: bool = False) -> str:
        words = []
        for word in token.split("|"):
            name = word[1:-1]
            if word != f"<{name}>":
                words.append(_inflected(word) if verbs else re.escape(word))
            elif name in self.classes:
                words.append(self.classes[name])
            else:
                raise ValueError(f"{key}: there is no class {word}")
        return f"(?:{'|'.join(words)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartRules:
    """The reviewed words, compiled once."""

    patterns: Mapping[str, re.Pattern[str]]
    words: Mapping[str, frozenset[str]]
    limits: tuple[tuple[re.Pattern[str], int], ...]  # with the most anybody should promise
    numbers: Mapping[str, int]

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "SmartRules":
        """Compile the content file, or raise ValueError with the name of the faulty key."""
        grammar, limits = _Grammar(data), []
        for entry in _held(data.get("limits"), list, "limits"):
            phrase = _held(_held(entry, dict, "limits").get("phrase"), str, "limits.phrase")
            above = _held(entry.get("above"), int, f"limits: “{phrase}”: above")
            limits.append((_whole(grammar.choice([phrase], "limits")), above))
        patterns = {
            key: _whole(grammar.choice(_listed(data, key), key, verbs=key in _VERBS))
            for key in _VERBS + _PATTERNS
        }
        return cls(
            patterns=patterns | {"number": _whole(grammar.classes["n"])},
            words={key: frozenset(_listed(data, key)) for key in _SETS},
            limits=tuple(limits),
            numbers=grammar.numbers,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartCheck:
    """What a goal has, 0 to 2 for each criterion, and what is worth asking about it."""

    specific: int
    measurable: int
    achievable: int
    relevant: int
    timely: int
    outside_control: bool = False  # it hangs on others: offer a goal about one's own steps
    doubted: bool = False  # the member is less than UNSURE of ten sure: offer the half-size version

    @property
    def accepted(self) -> bool:
        """Whether the goal may lose the label "draft"."""
        full = self.measurable == 2 and self.timely == 2
        return full and self.specific >= 1 and self.achievable > 0

    @property
    def present(self) -> tuple[str, ...]:
        """What needs no question."""
        return tuple(name for name in _CRITERIA if getattr(self, name) == 2)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not fully there, first what a question helps most."""
        order = ["specific"] if self.specific == 0 else []
        order += ["measurable", "timely", "achievable", "relevant", "specific"]
        if self.achievable == 0 or self.doubted:  # no date mends a goal that cannot be reached
            order.insert(0, "achievable")
        return tuple(name for name in dict.fromkeys(order) if getattr(self, name) < 2)

    @property
    def questions(self) -> tuple[str, ...]:
        """At most two; of an accepted goal they are stage two, confidence and reason."""
        return self.missing[:2]


def check(
    text: str,
    rules: SmartRules,
    *,
    has_due: bool = False,
    has_measure: bool = False,
    has_why: bool = False,
    confidence: int | None = None,
) -> SmartCheck:
    """Score a goal as written; facts the caller has already read elsewhere only raise it."""
    plain = _normal(text)
    goal = _without(plain, rules.patterns["reasons"].search(plain))
    aim = _without(goal, _purpose(goal, rules))
    sure = confidence is not None and confidence >= SURE
    outside = bool(rules.patterns["outside"].search(aim))
    reachable = not outside and not _impossible(aim, rules)
    specific, measurable = _said(goal, rules)
    return SmartCheck(
        specific=specific,
        measurable=2 if has_measure else measurable,
        achievable=(2 if sure else 1) if reachable else 0,
        relevant=2 if has_why or aim != plain else 1,
        timely=2 if has_due else _timely(plain, rules),
        outside_control=outside,
        doubted=confidence is not None and confidence < UNSURE,
    )


def _normal(text: str) -> str:
    """Write lower case, one kind of quote and space, and "20-min" as "20 min"."""
    text = text[:READ_AT_MOST].lower().replace("’", "'").replace("–", "-").replace("—", "; ")
    text = re.sub(r"(?<=\d),(?=\d{3})|\|", "", text).replace("w/", "with ")
    text = re.sub(r"(?<=\w)-(?=[^\W\d_])", " ", text)
    return " ".join(re.sub(r"(?<=\d)(?=[^\W\d_])", " ", text).split())


def _without(text: str, clause: re.Match[str] | None) -> str:
    """Leave out the clause that says why: it speaks of hopes, not of what will be done."""
    if clause is None:
        return text
    ends = re.compile("[.;]" if clause.start() else "[,.;]")  # "To qualify, record 25 scans"
    end = ends.search(text, clause.end())
    return (text[: clause.start()] + (text[end.end() :] if end else "")).strip()


def _purpose(text: str, rules: SmartRules) -> re.Match[str] | None:
    """Find the "to …" that gives a reason, not the one that is the aim: "I want to get …"."""
    for found in rules.patterns["purposes"].finditer(text):
        before = text[: found.start()].split()
        if not before or before[-1] not in rules.words["wishes"]:
            return found
    return None


def _impossible(aim: str, rules: SmartRules) -> bool:
    return bool(rules.patterns["impossible"].search(aim)) or any(
        float(rules.numbers.get(found["n"], found["n"])) > above
        for pattern, above in rules.limits
        for found in pattern.finditer(aim)
    )


def _timely(text: str, rules: SmartRules) -> int:
    """Give 2 for a deadline or a bounded period, 1 for a rhythm without an end."""
    dated = rules.patterns["undated"].sub("|", text.replace(",", ""))
    if rules.patterns["bounded"].search(dated):
        return 2
    return 1 if rules.patterns["rhythms"].search(text) else 0


def _said(goal: str, rules: SmartRules) -> tuple[int, int]:
    """Score what is done and how one will know, with times and vague words set aside."""
    find = rules.patterns
    timeless = find["bounded"].sub("|", find["undated"].sub("|", goal.replace(",", "")))
    vague = find["vague_acts"].search(timeless)
    firm = find["vague_acts"].sub("|", timeless)
    acts, outcome = list(find["acts"].finditer(firm)), find["outcomes"].search(firm)
    act = bool(acts or outcome)
    thing = bool(_things(find["acts"].sub("|", find["outcomes"].sub("|", firm)), rules))
    specific = 2 if act and thing and len(goal.split()) >= 6 else int(act or thing)
    numbers = list(find["number"].finditer(timeless))
    counted = find["measures"].search(goal) or any(
        _object(timeless, number.end(), rules) for number in numbers
    )
    # One definite object makes an act plainly done or not: "chair the huddle".
    definite = any(
        rules.words["determiners"].intersection(_object(firm, found.end(), rules)[:2])
        for found in acts
    )
    settled = outcome or definite or (find["rhythms"].search(timeless) and thing)
    plain = settled and not find["vague_amounts"].search(timeless)
    if (counted or plain) and (act or not vague):
        return specific, 2
    return specific, int(bool(numbers) or (act and thing))


def _things(text: str, rules: SmartRules) -> list[str]:
    """List the words that name something, without those that could mean anything."""
    words = re.findall(r"[^\W\d_][\w']+", text)
    return [x for x in words if x not in rules.words["empty"] | rules.words["vague_things"]]


def _object(text: str, start: int, rules: SmartRules) -> list[str]:
    """Give the next few words if they name something definite: "3 abstracts", not "2 ways"."""
    words = re.split("[|.;:]", text[start : start + 60])[0].split()[:4]
    wide = not rules.words["vague_things"].isdisjoint(words)
    return words if not wide and _things(" ".join(words), rules) else []
