"""The toll of an incident as a view over what its reports say.

Figures are taken in order of publication, one per source, its newest; copies of one text are one source. A figure that
can be true together with what stands narrows it ("more than 50" and "at least 60": at least 60). One that is higher
replaces it: tolls rise as bodies are found. One that is lower replaces it where its article says that it corrects what
was said, where the sources of the higher figure come down themselves, or where enough sources agree on it: a late
reprint of an early figure must not take back what is known. Figures are never added across reports, since the reports
tell of the same people. What a party to a fight says of its enemy stands only where nobody else gives a figure.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas import (
    Claim,
    ClaimKind,
    Figure,
    Modifier,
    Report,
    Responsibility,
    Revises,
    SpeakerRole,
    Stance,
    Toll,
    Whose,
)
from services.processor.tracking.independence import voices_of
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import folded
from services.processor.tracking.weighing import Said, Weighing, narrowed

_RETRACTED, _CORRECTED = Revises.RETRACTED, Revises.CORRECTED
_KILLED, _ASSERTED, _PARTY, _ATTACKERS = ClaimKind.KILLED, Stance.ASSERTED, SpeakerRole.PARTY, Whose.ATTACKERS
_TELLING = 4
"""Letters from which on a name inside another is no chance."""
_STATE = frozenset(
    ("army", "military", "ministry", "forces", "troops", "police", "navy", "government", "staff", "defence", "defense")
)
"""Words of those who count soldiers as their own."""
_ARMED = frozenset(
    ("soldiers", "soldier", "troops", "police", "policemen", "officers", "guards", "rangers", "commandos", "gendarmes")
)
"""Those whom armed groups fight."""
_OF_A_GROUP = frozenset(("members", "elements", "operatives", "fighters", "militiamen"))
"""Those whom armies fight, where the text does not say that they attacked."""
_LESSENED = ("missing", "wounded")
"""Slots from which people may have died since."""


def toll_of(
    reports: Sequence[Report], rules: LinkingRules | None = None, voices: Sequence[str | None] | None = None
) -> Toll:
    """The view over `reports`, which are in order of publication; empty where they have been taken back.

    `voices` are those of `voices_of(reports)`, where at hand.
    """
    running = RunningToll(rules or LinkingRules())
    voices = voices_of(reports) if voices is None else voices
    for report, voice in zip(reports, voices, strict=True):
        running.hear(report, voice)
    return running.toll()


class RunningToll:
    """The toll as report after report is heard, in order of publication: each takes time by the sources that stand."""

    __slots__ = (
        "_heard", "_last", "_least_dead", "_least_dead_before", "_newest", "_reports", "_retracted", "_rules", "_slots",
        "_told", "_voices",
    )  # fmt: skip

    def __init__(self, rules: LinkingRules) -> None:
        self._rules = rules
        self._slots: dict[str, _Slot] = {}
        self._heard: dict[str, set[str]] = {}
        self._newest: dict[str, Figure] = {}
        self._retracted = False
        self._reports: list[Report] = []
        self._voices: list[str | None] = []
        self._least_dead = self._least_dead_before = 0
        self._told: dict[str, tuple[Report, int]] = {}
        self._last: tuple[dict[str, Figure | None], Toll] = ({}, Toll())

    def hear(self, report: Report, voice: str | None) -> None:
        """Take in what a report says; a copy (without a voice) says nothing of its own."""
        self._reports.append(report)
        self._voices.append(voice)
        self._retracted = self._retracted or report.revises is _RETRACTED
        self._least_dead_before = self._least_dead
        if report.toll.killed is not None:
            self._least_dead = max(self._least_dead, report.toll.killed.minimum)
        for slot in _LESSENED:
            if getattr(report.toll, slot) is not None:
                self._told[slot] = (report, 1 + self._told[slot][1] if slot in self._told else 1)
        if voice is None:
            return
        article = report.article.article_id
        for slot, stated in report.toll.__dict__.items():
            if stated is None or article in self._heard.setdefault(slot, set()):
                continue
            self._heard[slot].add(article)
            figure, boast = _stated(report, slot)
            if figure is None:
                continue
            corrects = report.revises is _CORRECTED and slot == "killed"
            outdated = report.outdated if slot == "killed" else ()
            party, beside = _by_parties(report, figure) if slot == "killed" else (False, frozenset[int]())
            published = report.article.published_at
            at = None if published is None else published.timestamp()
            said = Said(voice, figure, article, corrects, outdated, boast, party, beside, at)
            self._newest[slot] = figure
            held = self._slots.get(slot)
            if held is None:
                held = self._slots[slot] = _Slot()
            held.hear(said, self._rules)

    @property
    def retracted(self) -> bool:
        """Whether a source has taken the incident back."""
        return self._retracted and taken_back(self._reports, self._voices)

    def toll(self) -> Toll:
        """The view over what was heard; empty where it has been taken back."""
        if self.retracted:
            return Toll()
        slots = {slot: held.figure() for slot, held in self._slots.items()}
        # People are found day by day: missing are those of the newest report that speaks of them.
        if "missing" in slots:
            slots["missing"] = self._newest["missing"]
        if "killed" in slots and ("missing" in slots or "wounded" in slots):
            slots["missing"], slots["wounded"] = (self._after_deaths(slot, slots) for slot in _LESSENED)
        killed, attackers = slots.get("killed"), slots.get("killed_attackers")
        if killed and attackers and killed.best is not None and attackers.minimum > killed.best:
            slots["killed_attackers"] = None  # A part cannot be more than the whole: they were said of different tolls.
        if slots != self._last[0]:
            self._last = (slots, Toll(**slots))
        return self._last[1]

    def _after_deaths(self, slot: str, slots: dict[str, Figure | None]) -> Figure | None:
        """Missing or wounded, less those who may have been found dead or have died since their number was given."""
        figure, killed = slots.get(slot), slots.get("killed")
        if figure is None or killed is None or figure.low is None or slot not in self._told:
            return figure
        last, told = self._told[slot]
        then = last.toll.killed
        before = then.minimum if then is not None else 0
        if slot == "missing" and told > 1 and last is self._reports[-1]:
            # "The ten missing were declared dead": the dead have risen by just those who are told of as missing.
            earlier = self._least_dead_before
            before = earlier if figure.low and before - earlier == figure.low else before
        died = max(0, killed.minimum - before)
        low = max(0, figure.low - died)
        if slot == "missing" and low == 0 and died and died == figure.low:
            return Figure(low=0, best=0, high=0)
        if low == figure.low:
            return figure
        best = None if figure.best is None else max(low, figure.best - died if slot == "missing" else low)
        return Figure(low=low, best=best, high=figure.high, modifier=Modifier.AT_MOST)

    def standing(self, slot: str) -> tuple[Said, ...]:
        """The figures that a slot of the toll rests on."""
        held = self._slots.get(slot)
        return () if held is None else tuple(held.weighing.standing)

    def losing(self, slot: str) -> tuple[Said, ...]:
        """The figures that do not count, or no longer."""
        held = self._slots.get(slot)
        return () if held is None else tuple(held.weighing.losing)


def taken_back(reports: Sequence[Report], voices: Sequence[str | None]) -> bool:
    """Whether the incident did not happen: a source takes it back, and no two others tell of harm on their own."""
    for at, report in enumerate(reports):
        if report.revises is not _RETRACTED:
            continue
        source = folded(report.article.source)
        others = {
            voice
            for other, voice in zip(reports, voices, strict=True)
            if voice is not None
            and other.revises is not _RETRACTED
            and voice != voices[at]
            and not _credits(other, source)
            and not _nobody_harmed(other)
        }
        if len(others) < 2:
            return True
    return False


def _nobody_harmed(report: Report) -> bool:
    """Whether a report says that nobody died, and tells of nobody who was harmed otherwise."""
    toll = report.toll
    if toll.killed is None or toll.killed.high != 0:
        return False
    return not any(figure is not None and figure.high != 0 for figure in (toll.wounded, toll.missing, toll.abducted))


def _stated(report: Report, slot: str) -> tuple[Figure | None, bool]:
    """A report's figure for a slot, and whether it rests on what a party says of its enemy.

    Where the article gives another figure besides such a claim, that one is taken; and where it gives one besides the
    number that it says was wrong.
    """
    figure: Figure | None = getattr(report.toll, slot)
    if slot != "killed" or figure is None or figure.best is None:
        return figure, False
    boasts = [claim for claim in report.claims if _is_boast(report, claim)]
    if _of_enemies_alone(report):
        return figure, True
    wrong = report.revises is not None and figure.best in report.outdated
    boasted = any(claim.best == figure.best for claim in boasts)
    if not wrong and not boasted:
        return figure, False
    others = [
        claim
        for claim in report.claims
        if claim.kind is _KILLED
        and claim.stance is _ASSERTED
        and not claim.part_of_total
        and claim not in boasts
        and claim.best is not None
        and claim.best not in report.outdated
    ]
    best = max(others, key=lambda claim: claim.best or 0, default=None)
    if best is None:
        return figure, boasted
    return Figure(low=best.low, best=best.best, high=best.high, modifier=best.modifier), False


def _of_enemies_alone(report: Report) -> bool:
    """Whether a report names who did it, and calls all the dead attackers: it speaks for the side that killed them."""
    killed, attackers = report.toll.killed, report.toll.killed_attackers
    if killed is None or attackers is None or killed.best != attackers.best:
        return False
    return any(one.responsibility is not Responsibility.DENIED for one in report.perpetrators)


def _by_parties(report: Report, figure: Figure) -> tuple[bool, frozenset[int]]:
    """Whether only a party to the fight gives a report's figure; and the other numbers that parties give in it."""
    roles: dict[int, set[SpeakerRole]] = {}
    for claim in report.claims:
        if claim.kind is _KILLED and claim.best is not None and claim.speaker is not None:
            roles.setdefault(claim.best, set()).add(claim.speaker.role)
    if figure.best is None or not any(_PARTY in said for said in roles.values()):
        return False, frozenset()
    own = roles.get(figure.best, set())
    if _PARTY in own or not own:
        return own == {_PARTY}, frozenset()
    return False, frozenset(number for number, said in roles.items() if _PARTY in said)


def _is_boast(report: Report, claim: Claim) -> bool:
    """Whether a party to the fight tells of its enemy's dead: those who did it, or an armed group, of soldiers."""
    speaker = claim.speaker
    if speaker is None or speaker.role is not _PARTY or claim.kind is not _KILLED:
        return False
    if claim.whose is _ATTACKERS:
        return False
    name = folded(speaker.name)
    named = {folded(alias) for actor in report.perpetrators for alias in (actor.name, *actor.aliases)}
    if any(name == one or (len(one) >= _TELLING and one in name) for one in named):
        return True
    own = not _STATE.isdisjoint(speaker.name.casefold().split())
    if own and not _OF_A_GROUP.isdisjoint(claim.people.casefold().split()):
        return True
    return not own and not _ARMED.isdisjoint(claim.people.casefold().split())


def _credits(report: Report, source: str) -> bool:
    return bool(source) and report.wording is not None and source in {folded(name) for name in report.wording.credits}


class _Slot:
    """What is said of one slot: by all, and by those who do not boast."""

    __slots__ = ("_all", "_figure", "_independent")

    def __init__(self) -> None:
        self._all = Weighing()
        self._independent: Weighing | None = None
        self._figure: Figure | None = None

    @property
    def weighing(self) -> Weighing:
        """What counts: what a party says of its enemy does only where nobody else gives a figure."""
        return self._independent or self._all

    def hear(self, said: Said, rules: LinkingRules) -> None:
        self._figure = None
        if said.boast:
            if self._independent is None:
                self._all.hear(said, rules)
            return
        if self._independent is None:
            self._independent = Weighing()
        self._independent.hear(said, rules)

    def figure(self) -> Figure | None:
        if self._figure is None:
            self._figure = narrowed([item.figure for item in self.weighing.standing])
        return self._figure
