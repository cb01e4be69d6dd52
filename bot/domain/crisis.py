"""Does a text sound as if its writer, or somebody they know, may be in danger?

A gate (death or self-harm, said of oneself, and not of work) asks about; explicit phrases raise the
level; what is said of others has levels of its own (the field notes, 3.2 and 3.4). Such lists miss
people: this may only add help, and nothing may rest on it. The phrases are reviewed content,
`prompts/content/crisis/rules.yaml`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.phrases import Grammar, Phrases, held, listed

NEAR = 12  # words around a match in which its subject, or a word about work, is looked for
FRAGMENT = 5  # a text of so few words needs no "I": "suicidal again"
_LISTS = ("l3", "l2", "l1", "acts", "states", "losses", "set_aside")
_SETS = (
    *("fillers", "selves", "pronouns", "patients", "people", "plurals", "topics"),
    *("joined", "work", "short_of"),
)


class Level(StrEnum):
    """What a text calls for; the later of the first four weighs more."""

    NONE = "none"
    L1 = "l1"  # may mean anything: one plain question
    L2 = "l2"  # thoughts of suicide or self-harm
    L3 = "l3"  # a plan, means, a goodbye, an act
    THIRD_PERSON = "third_person"  # a colleague, a friend, one of the family
    THIRD_PATIENT = "third_patient"
    BEREAVEMENT = "bereavement"  # somebody they knew died by suicide


_WEIGHT = {
    level: weight
    for weight, level in enumerate(
        [
            *(Level.NONE, Level.THIRD_PATIENT, Level.THIRD_PERSON, Level.BEREAVEMENT),
            *(Level.L1, Level.L2, Level.L3),
        ]
    )
}


class _Subject(StrEnum):
    """Who is spoken of."""

    SELF = "self"
    PERSON = "person"
    PRONOUN = "pronoun"  # one of the others, whoever was named
    PATIENT = "patient"
    TOPIC = "topic"  # people in general
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisRules:
    """The reviewed phrases, written out once."""

    phrases: Phrases
    words: Mapping[str, frozenset[str]]
    spellings: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "CrisisRules":
        """Read the content file, or raise ValueError with the name of the faulty key."""
        grammar, phrases = Grammar(held(data.get("classes"), dict, "classes")), Phrases()
        for key in _LISTS:
            grammar.read(listed(data, key), key, phrases, key)
        spellings = held(data.get("spellings"), dict, "spellings")
        return cls(
            phrases=phrases,
            words={key: frozenset(listed(data, key)) for key in _SETS},
            spellings={
                str(typed): tuple(held(meant, str, f"spellings.{typed}").split())
                for typed, meant in spellings.items()
            },
        )

    def level(self, text: str) -> Level:
        """Tell what a text calls for. Time grows with its length and no faster."""
        clauses = list(self._clauses(text))
        # Only a text that is a fragment as a whole may go without "I".
        short = sum(map(len, clauses)) <= FRAGMENT
        of_patient = any(not self.words["patients"].isdisjoint(clause) for clause in clauses)
        found = (level for clause in clauses for level in self._levels(clause, short, of_patient))
        return max(found, key=_WEIGHT.__getitem__, default=Level.NONE)

    def _clauses(self, text: str) -> Iterator[list[str]]:
        for sentence in _SENTENCES.split(_normal(text)):
            clause: list[str] = []
            words = self._spelled(_WORD.findall(sentence))
            for place, word in enumerate(words):
                after = words[place + 1] if place + 1 < len(words) else ""
                if word in _JOINTS and not (word == "and" and after in self.words["joined"]):
                    yield clause
                    clause = []
                else:
                    clause.append(word)
            yield clause

    def _spelled(self, typed: list[str]) -> list[str]:
        """Write words as the phrases do, and leave out what only fills."""
        words: list[str] = []
        at = 0
        while at < len(typed):
            pair = self.spellings.get(" ".join(typed[at : at + 2])) if at + 1 < len(typed) else None
            words += pair or self.spellings.get(typed[at], (typed[at],))
            at += 2 if pair else 1
        return [word for word in words if word not in self.words["fillers"]]

    def _levels(self, words: list[str], short: bool, of_patient: bool) -> Iterator[Level]:
        there = set(words)
        found = sorted(
            {
                (kind, start, end)
                for start, word in enumerate(words)
                if word in self.phrases.by_first
                for kind, end in self.phrases.found(words, start, there)
            }
        )
        aside: set[int] = set()
        for kind, start, end in found:
            if kind == "set_aside":
                aside.update(range(start, end))
        for kind, start, end in found:
            if kind == "losses" and aside.isdisjoint(range(start, end)):
                level = self._loss(words, start, end)
                if level is not Level.NONE:  # "killed himself" says no more here
                    aside.update(range(start, end))
                    yield level
        for kind, start, end in found:
            if kind not in {"set_aside", "losses"} and aside.isdisjoint(range(start, end)):
                yield self._one(kind, words, start, end, short, of_patient)

    def _one(
        self, kind: str, words: list[str], start: int, end: int, short: bool, of_patient: bool
    ) -> Level:
        """Weigh one phrase by who is spoken of, and whether it is about work."""
        before = words[max(0, start - NEAR) : start]
        work = not self.words["work"].isdisjoint(words[max(0, start - NEAR) : end + NEAR])
        who = self._subject(words, start, end)
        if who is _Subject.PRONOUN:
            who = _Subject.PATIENT if of_patient else _Subject.PERSON
        if who in {_Subject.PERSON, _Subject.PATIENT}:
            if work or kind in {"l1", "states"}:
                return Level.NONE
            return Level.THIRD_PATIENT if who is _Subject.PATIENT else Level.THIRD_PERSON
        if who is _Subject.TOPIC or (who is _Subject.NOBODY and work):
            return Level.NONE
        if kind in {"acts", "states"}:
            asked = not work and (who is _Subject.SELF or short)
            return Level.L1 if asked else Level.NONE
        if before[-1:] != ["stop"] and not {"not", "never"}.isdisjoint(before[-2:]):
            return Level.L1  # "I would never kill myself" is worth a question
        return Level(kind)

    def _loss(self, words: list[str], start: int, end: int) -> Level:
        around = words[max(0, start - NEAR) : end + NEAR]
        almost = words[max(0, start - 3) : start]
        if not self.words["work"].isdisjoint(around) or not self.words["short_of"].isdisjoint(
            almost
        ):
            return Level.NONE
        if not self.words["patients"].isdisjoint(around):
            return Level.THIRD_PATIENT
        known = self.words["people"] | self.words["plurals"] | self.words["selves"]
        return Level.NONE if known.isdisjoint(around) else Level.BEREAVEMENT

    def _subject(self, words: list[str], start: int, end: int) -> _Subject:
        """Find who is spoken of: in the phrase, right after it, else the nearest before it."""
        within = words[start:end]
        if not self.words["selves"].isdisjoint(within):
            return _Subject.SELF
        if not self.words["pronouns"].isdisjoint(within):
            return _Subject.PRONOUN
        near = [  # "a suicidal patient" comes before the "I" who met one
            *([end] if end < len(words) and words[end] not in self.words["selves"] else []),
            *range(start - 1, max(-1, start - 1 - NEAR), -1),
            *range(end, min(end + NEAR, len(words))),
        ]
        named = (who for place in near if (who := self._named(words, place)))
        return next(named, _Subject.NOBODY)

    def _named(self, words: list[str], place: int) -> _Subject | None:
        word, known = words[place], self.words
        if word in known["plurals"]:  # "one of our residents" is a person
            one = "one" in words[max(0, place - 4) : place]
            return _Subject.PERSON if one else _Subject.TOPIC
        for names, who in (
            ("patients", _Subject.PATIENT),
            ("people", _Subject.PERSON),
            ("pronouns", _Subject.PRONOUN),
            ("topics", _Subject.TOPIC),
            ("selves", _Subject.SELF),
        ):
            if word in known[names]:
                return who
        return None


_SENTENCES = re.compile(r"[.;!?,:\n—…|]+| - ")
_WORD = re.compile(r"[a-z0-9*]+")
_JOINTS = frozenset(["and", "but", "because", "although", "though", "while", "cause", "cuz", "cos"])
_SHORTENED = (
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\b(i)'m\b"), r"\1 am"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"\b(s?he|it|that|what|there|here|life|tonight|who)'s\b"), r"\1 is"),
    (re.compile(r"'s?"), ""),  # "my mentor's" names the mentor
)
_STRETCHED = re.compile(r"([a-z])\1{2,}")
# Speech of somebody else: "my patient said 'I want to kill myself'".
_QUOTED = re.compile(
    r"\b(?<!i )(?:said|says|saying|asked|wrote|texted|told (?:me|us)|tells me),? {0,2}"
    r"\"([^\"]{1,300})\""
)
_THEIRS = {"i": "he", "me": "him", "my": "his", "myself": "himself", "i'm": "he is", "am": "is"}


def _normal(text: str) -> str:
    """Write lower case, one kind of quote, no shortened or stretched words, no emoji."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()
    plain = plain.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    if '"' in plain:
        plain = _QUOTED.sub(lambda quote: _others(quote[0], quote[1]), plain)
    if "'" in plain:
        for pattern, full in _SHORTENED:
            plain = pattern.sub(full, plain)
    return _STRETCHED.sub(lambda run: run[1] * (2 if run[1] in "ls" else 1), plain)


def _others(whole: str, said: str) -> str:
    """Turn quoted words round: what another said of themself is said of them."""
    turned = " ".join(_THEIRS.get(word, word) for word in said.split())
    return whole.replace(said, turned)
