"""Phrases of reviewed content, found among words: a small grammar in which nothing can be slow.

A phrase is plain words. `a|b` is either word, `<name>` a class, `(word)` may be absent, `...`
stands for up to three words, and `.` for the end of what is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

Found = TypeVar("Found")

_GAP, _END = "...", "."
_BARE = frozenset([_GAP, _END])
_SKIPPED = 3  # words that a gap may stand for, at most


@dataclass(frozen=True, slots=True)
class _Piece:
    """One place in a phrase: the words that may stand there, or phrases of a class."""

    words: frozenset[str]
    classes: tuple["Phrases", ...] = ()
    optional: bool = False


class Phrases:
    """Phrases by the words they may begin with."""

    __slots__ = ("by_first",)

    def __init__(self) -> None:
        self.by_first: dict[str, list[_Phrase]] = {}

    def add(self, kind: str, pieces: tuple[_Piece, ...]) -> None:
        """Keep a phrase; its first piece must be there always."""
        needed = [_begins(piece) for piece in pieces if not piece.optional]
        last = next(words for words in reversed(needed) if _BARE.isdisjoint(words))
        for word in _begins(pieces[0]):
            self.by_first.setdefault(word, []).append(_Phrase(kind, pieces, last))

    def found(self, words: Sequence[str], at: int, there: Set[str]) -> Iterator[tuple[str, int]]:
        """Give the kind of each phrase that begins at a word, with the place where it ends.

        `there` is the set of all the words: most phrases need one that is not among them.
        """
        if at < len(words):
            for kind, pieces, needed in self.by_first.get(words[at], ()):
                if not needed.isdisjoint(there):
                    for end in _ends(pieces, 0, words, at, there):
                        yield kind, end


class _Phrase(NamedTuple):
    kind: str
    pieces: tuple[_Piece, ...]
    needed: frozenset[str]  # one of these words must be there


def _begins(piece: _Piece) -> frozenset[str]:
    return piece.words.union(*(phrases.by_first for phrases in piece.classes))


def _ends(
    pieces: tuple[_Piece, ...], number: int, words: Sequence[str], at: int, there: Set[str]
) -> Iterator[int]:
    """Walk on from a piece; phrases are short and gaps bounded, so this ends soon."""
    if number == len(pieces):
        yield at
        return
    piece = pieces[number]
    if piece.optional:
        yield from _ends(pieces, number + 1, words, at, there)
    if _GAP in piece.words:
        for place in range(at, min(at + _SKIPPED, len(words)) + 1):
            yield from _ends(pieces, number + 1, words, place, there)
    elif at == len(words):
        if _END in piece.words:
            yield from _ends(pieces, number + 1, words, at, there)
    else:
        if words[at] in piece.words:
            yield from _ends(pieces, number + 1, words, at + 1, there)
        for index in piece.classes:
            if words[at] not in index.by_first:
                continue
            for _, place in index.found(words, at, there):
                yield from _ends(pieces, number + 1, words, place, there)


class Grammar:
    """Read phrases as the content file writes them. Nothing in it can be slow to match."""

    def __init__(self, classes: Mapping[str, object]) -> None:
        self.classes: dict[str, Phrases] = {}
        for name in classes:  # a class may use the classes above it
            index = Phrases()
            self.read(listed(classes, name, f"classes.{name}"), f"classes.{name}", index, name)
            self.classes[name] = index

    def read(self, phrases: Iterable[str], key: str, into: Phrases, kind: str) -> None:
        for phrase in phrases:
            pieces = tuple(self._piece(piece, key) for piece in phrase.split())
            if not pieces or pieces[0].optional or not _BARE.isdisjoint(pieces[0].words):
                raise ValueError(f"{key}: “{phrase}” must begin with a word that is always there")
            into.add(kind, pieces)

    def _piece(self, written: str, key: str) -> _Piece:
        optional = written.startswith("(") and written.endswith(")")
        words, classes = [], []
        for word in (written[1:-1] if optional else written).split("|"):
            if word.startswith("<") and word[1:-1] in self.classes:
                classes.append(self.classes[word[1:-1]])
            elif word in _BARE or re.fullmatch("[a-z0-9]+", word):
                words.append(word)
            else:
                raise ValueError(f"{key}: “{word}” is no plain word, and no class")
        return _Piece(frozenset(words), tuple(classes), optional)


def held(found: object, kind: type[Found], key: str) -> Found:
    """Give what stands under `key`, or name the key that holds nothing of the kind."""
    if not isinstance(found, kind) or not found:
        raise ValueError(f"{key}: expected a {kind.__name__} that is not empty")
    return found


def listed(data: Mapping[str, object], key: str, name: str = "") -> list[str]:
    return [held(each, str, name or key) for each in held(data.get(key), list, name or key)]
