"""What can go wrong, said to whoever can act on it: the member, the courier, or the operator.

Errors for members carry a key into the short words (`prompts/<area>/words.yaml`) and the facts
that fill it, so that no sentence a member reads is written in code.
"""


class Told(Exception):
    """Something the member is told in one clear sentence."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class Misread(Told):
    """The member's words could not be read; the sentence says how to write them."""


class Refused(Told):
    """The words were understood, and the answer is no; the sentence says what to do instead."""


class Ambiguous(Told):
    """The words have several readings; the member is asked which one is meant.

    `options` are the replacement texts, each of which reads without doubt; `labels` are shown for
    them where the texts themselves would not say it well.
    """

    def __init__(self, key: str, options: tuple[str, ...], **facts: object) -> None:
        super().__init__(key, **facts)
        self.options = options
        self.labels: tuple[str, ...] = ()

    def labelled(self, labels: tuple[str, ...]) -> "Ambiguous":
        """Show these words for the options."""
        self.labels = labels
        return self


class TryLater(Exception):
    """Not now; `after` is the number of seconds the platform named, if it named one.

    `unheard` says that the message may have arrived all the same: ask before sending again.
    `blameless` says that the message is not at fault: this try does not count.
    `everyone` says that no message to this workspace would do better before `after`.
    """

    def __init__(
        self,
        reason: str,
        after: float | None = None,
        *,
        unheard: bool = False,
        blameless: bool = False,
        everyone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.unheard = unheard
        self.blameless = blameless
        self.everyone = everyone


class Unreachable(Exception):
    """This member cannot be reached: closed direct messages, a deactivated account."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RoomLost(Exception):
    """A channel of ours is gone: archived by hand, deleted, or we were put out of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Misconfigured(Exception):
    """The operator must mend something; the text is one sentence that says what and how."""
