"""Figures of one slot as they are heard, source by source: what stands, and what has lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Figure, Modifier
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import SECONDS_PER_DAY

_VAGUE, _EXACT = Modifier.VAGUE, Modifier.EXACT
_COUNTED_BEFORE = 1
"""Sources more than usual that must agree on a lower figure which was already said before the higher one."""
_NEAR = 0.1
"""Share by which the counts of two sources differ while the dead are still brought in."""
_LATER = 0.5
"""Days after a higher figure from which on who says less has had the time to hear of it."""
_STILL_COUNTED = 1
"""Sources more than usual that must give lower figures near each other, since they do not agree on one."""


@dataclass(frozen=True, slots=True)
class Said:
    """One figure as one source gives it."""

    voice: str
    figure: Figure
    article_id: str
    corrects: bool = False
    outdated: tuple[int, ...] = ()
    boast: bool = False
    """A party to the fight says it of its enemy."""
    party: bool = False
    """Only a party to the fight says it."""
    beside: frozenset[int] = frozenset()
    """Figures that the article gives as what a party to the fight says, and has another one beside them."""
    at: float | None = None
    """Publication, in seconds since 1970-01-01 UTC."""


def figures_overlap(one: Figure, other: Figure) -> bool:
    """Whether both figures may be true of the same people."""
    return (other.high is None or (one.low or 0) <= other.high) and (one.high is None or (other.low or 0) <= one.high)


class Weighing:
    """What stands of what was said so far, and what does not."""

    __slots__ = ("losing", "retired", "standing")

    def __init__(self) -> None:
        self.standing: list[Said] = []
        self.losing: list[Said] = []
        self.retired: set[int] = set()
        """Numbers that were corrected: a reprint does not bring them back."""

    def hear(self, new: Said, rules: LinkingRules) -> None:
        """Weigh one figure more against what stands."""
        standing, losing = self.standing, self.losing
        mine = [old for old in standing if old.voice == new.voice]
        if not new.corrects and any(_only_part(old.figure, new.figure, rules) for old in mine):
            losing.append(new)
            return
        if new.corrects:
            # "At least 78" may be 79, but not where 79 is what was wrong.
            wrong = [o for o in standing if _above(o.figure, new.figure) or o.figure.best in new.outdated]
            self.retired.update(old.figure.best for old in (*wrong, *losing) if old.figure.best is not None)
            self.retired.update(new.outdated)
            self.retired.discard(new.figure.best or -1)
            standing = [old for old in standing if old not in wrong]
            losing = [old for old in losing if not _above(old.figure, new.figure)] + wrong
        elif new.figure.best in self.retired:
            losing.append(new)
            return
        standing = [old for old in standing if old.voice != new.voice or _only_vaguer(old.figure, new.figure)]
        losing = [old for old in losing if old.voice != new.voice]
        self.standing, self.losing = _weighed(new, standing, losing, rules)


def _weighed(new: Said, standing: list[Said], losing: list[Said], rules: LinkingRules) -> tuple[list[Said], list[Said]]:
    """What stands and what does not, once `new` is heard."""
    weighed = [old for old in standing if old.party and old.figure.best in new.beside]
    if weighed:
        # Who knows what a party says, and gives another's figure, has weighed the two.
        standing, losing = [old for old in standing if old not in weighed], losing + weighed
    disagreeing = [old for old in standing if not figures_overlap(old.figure, new.figure)]
    if not disagreeing:
        return [*standing, new], losing
    rest = [old for old in standing if old not in disagreeing]
    if new.corrects or new.figure.minimum > max(old.figure.minimum for old in disagreeing):
        return [*rest, new], losing + disagreeing
    agreeing = [old for old in losing if figures_overlap(old.figure, new.figure)]
    needed = rules.confirming_sources + (_COUNTED_BEFORE if len(disagreeing) > 1 else 0)
    if len({new.voice, *(old.voice for old in agreeing)}) >= needed:
        return [*rest, *agreeing, new], [old for old in losing if old not in agreeing] + disagreeing
    counting = _still_counting(new, disagreeing, losing, rules)
    if len({new.voice, *(old.voice for old in counting)}) >= rules.confirming_sources + _STILL_COUNTED:
        most = max([*counting, new], key=lambda said: said.figure.minimum)
        return [*rest, most], [old for old in [*losing, new] if old is not most] + disagreeing
    return standing, [*losing, new]


def _still_counting(new: Said, higher: Sequence[Said], losing: Sequence[Said], rules: LinkingRules) -> list[Said]:
    """Those who gave a figure near the new one after all who gave a higher one, the new one half a day after them.

    A number that was too high stands alone: "141" where others count 132, 134 and 135 from that day to the next. Counts
    far below it are of a part: of one district's dead, where the higher number is of the whole flood's.
    """
    if new.figure.minimum < rules.silent_fall * max(old.figure.minimum for old in higher):
        return []
    told = [old.at for old in higher if old.at is not None]
    if new.at is None or len(told) < len(higher) or new.at - max(told) < _LATER * SECONDS_PER_DAY:
        return []
    near = _NEAR * new.figure.minimum
    return [
        old
        for old in losing
        if old.at is not None and old.at > max(told) and abs(old.figure.minimum - new.figure.minimum) <= near
    ]


def _above(one: Figure, other: Figure) -> bool:
    return other.high is not None and one.minimum > other.high


def _only_vaguer(old: Figure, new: Figure) -> bool:
    """Whether a source says again in words what it has given a number for: "many of the men had been shot"."""
    return new.modifier is _VAGUE and figures_overlap(old, new)


def _only_part(old: Figure, new: Figure, rules: LinkingRules) -> bool:
    """Whether a source's lower figure is one of those who died since, say, and not its correction of the whole."""
    return _above(old, new) and new.minimum < rules.silent_fall * old.minimum


def narrowed(figures: Sequence[Figure]) -> Figure | None:
    """What is true of all `figures` together; the newest speaks where several are as close."""
    if not figures:
        return None
    lows = [figure.low for figure in figures if figure.low is not None]
    if not lows:
        return figures[-1]
    low = max(lows)
    lead = next(figure for figure in reversed(figures) if figure.low == low)
    # The upper end of a vague word ("dozens") is no statement that there were no more.
    highs = [figure.high for figure in figures if figure.high is not None and figure.modifier is not _VAGUE]
    high = min(highs, default=lead.high)
    if high is not None and (high < low or (lead.best is not None and high < lead.best)):
        high = lead.high
    exact = next((figure for figure in reversed(figures) if figure.modifier is _EXACT), None)
    if exact is not None and exact.low == low:
        return exact
    if high == low:
        return Figure(low=low, best=low, high=low, modifier=_EXACT)
    return Figure(low=low, best=lead.best, high=high, modifier=lead.modifier)
