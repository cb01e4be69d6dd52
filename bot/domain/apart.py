"""Who may not be in one circle with whom, and what that leaves."""

from collections.abc import Collection, Iterable, Sequence

from bot.domain.circles import FEWEST, Candidate, Pair, Reason, Wish


class Apart:
    """Who may not be with whom, as bits: bit j of row i."""

    def __init__(self, people: Sequence[Candidate], met: Collection[Pair]) -> None:
        self.people = people
        self.all = (1 << len(people)) - 1
        place = {each.id: n for n, each in enumerate(people)}
        by_user = {each.user: n for n, each in enumerate(people)}
        speaking, wishing = dict[str, int](), dict[Wish, int]()
        for n, each in enumerate(people):
            wishing[each.wish] = wishing.get(each.wish, 0) | 1 << n
            for language in each.languages:
                speaking[language] = speaking.get(language, 0) | 1 << n
        self.speech = [self._any(speaking[one] for one in each.languages) for each in people]
        self.wish = [
            self.all if each.wish is Wish.ANY else wishing[each.wish] | wishing.get(Wish.ANY, 0)
            for each in people
        ]
        self.lately = [0] * len(people)
        for a, b in met:
            if a in place and b in place and a != b:
                self.lately[place[a]] |= 1 << place[b]
                self.lately[place[b]] |= 1 << place[a]
        self.rows = [
            self.all & ~(self.speech[n] & self.wish[n]) | self.lately[n] for n in range(len(people))
        ]
        for n, each in enumerate(people):
            for user in each.not_with | each.conflicts:
                other = by_user.get(user, n)
                if other != n:
                    self.rows[n] |= 1 << other
                    self.rows[other] |= 1 << n

    @staticmethod
    def _any(rows: Iterable[int]) -> int:
        found = 0
        for row in rows:
            found |= row
        return found

    def reason(self, n: int) -> Reason:
        """Say what held somebody back: the first thing that left them too few others.

        What others asked for is no part of it.
        """
        near = self.all & ~(1 << n)
        for reason, row in (
            (Reason.TOO_FEW, self.all),
            (Reason.LANGUAGE, self.speech[n]),
            (Reason.FORM, self.wish[n]),
        ):
            near &= row
            if near.bit_count() < FEWEST - 1:
                return reason
        return Reason.FIT
