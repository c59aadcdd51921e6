"""What stands beside an event's words, and whether it makes them an incident of their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from schemas import IncidentType
from services.processor.extraction.actors.lexicon import load_aliases
from services.processor.extraction.drafts import Statement
from services.processor.extraction.events.lexicon import begins_within, ends_with, everyday, words
from services.processor.extraction.events.realis import Realis, phrase_start
from services.processor.extraction.events.triggers import Found
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_NEAR = 9
"""Words between an event's words and the target, weapon or actor that goes with them."""
_STRUCK_REACH = 3
"""Words from what was done to the end of "by": "swept away by"."""
_CLOSE = 5
"""The same between a bomb and the verb by which it was found."""
_AFTER = 12
"""Words within which the verb of an event's noun follows it."""
_LOCAL = frozenset(("in", "at", "near", "outside", "on", "between"))
_ATTACKER = _W.ATTACKER
_ON_PEOPLE = (
    IncidentType.KILLING, IncidentType.ASSASSINATION, IncidentType.ABDUCTION, IncidentType.MOB_VIOLENCE,
    IncidentType.HOSTAGE_TAKING,
)  # fmt: skip
SENDS = ("hurl", "throw", "lob", "plant", "place", "launch", "fire", "set off")
"""Verbs that tell of an attack only with a weapon beside them."""
_UNHURT = frozenset(("unharmed", "unhurt", "uninjured", "unscathed"))
MADE_SAFE = ("defuse", "deactivate", "disarm")
"""Done to what was to go off; who finds explosives may have found a store of them."""
BURSTS = ("explode", "go off")
"""The same of what weapons do."""


class Beside:
    """The targets, weapons, actors, victims, times and places of one sentence, by their words."""

    __slots__ = ("_attackers", "_placed", "_targets", "_weapons", "capitals", "dated", "statement", "tokens")

    def __init__(self, statement: Statement, tokens: Tokens, capitals: bool, dated: bool) -> None:
        """`dated`: the sentence says when something happened, and that is not past."""
        self.statement, self.tokens, self.capitals, self.dated = statement, tokens, capitals, dated
        self._attackers: list[int] | None = None
        self._placed: bool | None = None
        self._targets: list[int] | None = None
        self._weapons: list[int] | None = None

    @property
    def attackers(self) -> list[int]:
        """Where words for attackers and armed groups stand."""
        if self._attackers is None:
            tokens, armed, aliases = self.tokens, word_set("armed_people"), load_aliases()
            self._attackers = [
                k
                for k, (word, bits) in enumerate(zip(tokens.lower, tokens.classes, strict=True))
                if bits & _ATTACKER or word in armed or (word in aliases and tokens.words[k].isupper())
            ]
        return self._attackers

    @property
    def targets(self) -> list[int]:
        """Where what attacks are aimed at stands."""
        if self._targets is None:
            self._targets = self._at("target")
        return self._targets

    @property
    def weapons(self) -> list[int]:
        """Where weapons and devices stand."""
        if self._weapons is None:
            self._weapons, devices, lower = self._at("weapon"), words("devices"), self.tokens.lower
            if not devices.isdisjoint(lower):
                self._weapons += [k for k, word in enumerate(lower) if word in devices]
        return self._weapons

    @property
    def placed(self) -> bool:
        """Whether the sentence says where something was."""
        if self._placed is None:
            lower = self.tokens.lower
            self._placed = not _LOCAL.isdisjoint(lower) and any(
                word in _LOCAL and self._names_place(k + 1) for k, word in enumerate(lower)
            )
        return self._placed

    @property
    def settled(self) -> bool:
        """Whether the sentence says when or where something was."""
        return self.dated or self.placed

    def _at(self, table: str) -> list[int]:
        hits = [hit for hit in self.statement.hits if hit.entry.table == table]
        return [bisect_left(self.tokens.starts, hit.start) for hit in hits]

    def _names_place(self, at: int) -> bool:
        tokens = self.tokens
        if at < len(tokens.words) and tokens.classes[at] & _W.DETERMINER:
            at += 1
        if at >= len(tokens.words) or tokens.classes[at] & (_W.WEEKDAY | _W.MONTH | _W.NUMBER):
            return False
        if self.capitals:
            return tokens.classes[at] == 0 and tokens.words[at].isalpha() and not everyday(tokens.lower[at])
        return tokens.words[at][0].isupper()

    def _near(self, places: Iterable[int], one: Found) -> bool:
        first, last = one.start - _NEAR, one.end + _NEAR
        for k in places:  # noqa: SIM110 - any() takes twice as long
            if first <= k < last:
                return True
        return False

    def concrete(self, one: Found, realis: Realis, named: bool) -> bool:
        """Whether an incident of its own is told of by `one`; `named`: its victims are named."""
        strength, lemma = one.trigger.strength, one.trigger.lemma
        victim = named or self._harms_somebody(one)
        if realis is Realis.THREATENED:
            # A plot is told of where it has a day or a place; films and novels are full of others.
            plotted = any(word.startswith("plot") for word in self.tokens.lower[max(0, one.start - 3) : one.start])
            return (victim or self._near(self.targets, one)) and (not plotted or self.settled)
        if one.trigger.form == "fixed":
            return True
        violent = strength == "violent" and not one.trigger.noun
        if violent and (victim or self.settled):
            return True
        settled = self.settled
        target, attacker = self._near(self.targets, one), self._near(self.attackers, one)
        if one.trigger.noun:
            return self._noun(one, settled, target, attacker, victim)
        if strength == "mishap":
            movables = [k for k, word in enumerate(self.tokens.lower) if word in words("movables")]
            return settled and (self._near(movables, one) or self._with_people_on_board(one, movables))
        if violent:
            return target or attacker or self.tokens.lower[one.end : one.end + 1] == ["by"]
        if strength == "foil":
            return self._found_in_time(one, settled)
        if lemma == "raid" and self._by_the_law(one):
            # "Police raided a house": a search, unless it is told whom it harmed.
            return victim
        if lemma in SENDS:
            return (settled or target or attacker) and self._near(self.weapons, one)
        if strength == "hostile":
            # "Guerrillas attacked San Ramon"
            led = any(one.start - _CLOSE < k < one.start for k in self.attackers)
            settled = settled or (led and lemma in ("attack", "overrun", "raid") and self._names_place(one.end))
            return (target or victim or attacker) and (settled or (attacker and target))
        if lemma in BURSTS:
            ready = any(one.start - _CLOSE <= k < one.start for k in self.weapons)
            return (settled or target or ready) and self._near(self.weapons, one)
        return (attacker and target) or (settled and self._near(self.weapons, one))

    def _found_in_time(self, one: Found, settled: bool) -> bool:
        """Whether a bomb is told of that did not go off: found, or made safe."""
        lower = self.tokens.lower
        safe = one.trigger.lemma in MADE_SAFE
        what = words("devices") if safe else words("bombs")
        bombs = [k for k, word in enumerate(lower) if word in what]
        if any(one.start - _CLOSE <= k < one.end + _CLOSE for k in bombs):
            return settled or (safe and not word_set("law").isdisjoint(lower[max(0, one.start - _AFTER) : one.start]))
        # "Explosives on a truck, which were to be fired at the ministry, were deactivated today."
        passive = lower[max(0, one.start - 1) : one.start] in (["was"], ["were"], ["been"])
        return settled and safe and passive and any(k < one.start for k in bombs)

    def _with_people_on_board(self, one: Found, movables: Sequence[int]) -> bool:
        """Whether what has the mishap is named with those on board: "a plane of the army with 62 people on board"."""
        aboard = [
            k for k in range(one.start - _CLOSE, one.start) if k > 0 and self.tokens.lower[k] in ("board", "aboard")
        ]
        return bool(aboard) and any(k < aboard[0] for k in movables)

    def _harms_somebody(self, one: Found) -> bool:
        """Whether a claim for people who are counted or named takes in the event's words."""
        start, end = self.tokens.starts[one.start], self.tokens.ends[one.end - 1]
        return any(d.start <= start and end <= d.end and (d.best or d.form == "name") for d in self.statement.drafts)

    def _noun(self, one: Found, settled: bool, target: bool, attacker: bool, victim: bool) -> bool:
        lower, classes, trigger = self.tokens.lower, self.tokens.classes, one.trigger
        plural = trigger.form == "nouns"
        if trigger.strength == "event":
            return settled and (self._followed_by("striking", one.end, _NEAR) or self._strikes(one))
        if trigger.strength == "hostile" and trigger.kind is IncidentType.KILLING:
            return False
        if trigger.kind in _ON_PEOPLE:
            of_somebody = settled and lower[one.end : one.end + 1] == ["of"]
            # "the murder that took place early this morning"
            told = self._followed_by("occurring", one.end, _CLOSE)
            today = told and self.dated
            # "the murder committed by guerrillas against the rector"
            by_whom = attacker and lower[one.end : one.end + 2] in (["committed", "by"], ["perpetrated", "by"])
            return victim or (not plural and (of_somebody or today or by_whom))
        left = phrase_start(self.tokens, one.start)
        staged = ends_with("staging", lower, left) or self._followed_by("occurring", one.end, _AFTER)
        unhurt = not _UNHURT.isdisjoint(lower[max(0, left - _NEAR) : left])
        points = staged + unhurt + self.dated + self.placed + target + victim
        counted = any(classes[k] & _W.NUMBER for k in range(left, one.start))
        if plural and not counted:
            return points >= 3 and self.dated
        beside = target or attacker or victim or unhurt or trigger.kind is IncidentType.EXPLOSION
        return points >= 2 and (trigger.strength != "hostile" or beside)

    def _strikes(self, one: Found) -> bool:
        """Whether what happened is what struck: "a hamlet buried by a landslide", "houses swept away by the flood"."""
        left = phrase_start(self.tokens, one.start)
        return self.tokens.lower[left - 1 : left] == ["by"] and begins_within(
            "struck_by", self.tokens.lower, max(0, left - _STRUCK_REACH), left
        )

    def _by_the_law(self, one: Found) -> bool:
        lower, law = self.tokens.lower, word_set("law")
        agent = lower[one.end : one.end + 1] == ["by"] and not law.isdisjoint(lower[one.end : one.end + _CLOSE])
        return agent or not law.isdisjoint(lower[max(0, one.start - _CLOSE) : one.start]) or self._led_by(law, one)

    def _led_by(self, law: frozenset[str], one: Found) -> bool:
        """Whether the law begins a longer phrase before a verb: "federal police of Mato Grosso do Sul state raided"."""
        if self._near((k for k in self.attackers if self.tokens.lower[k] not in law), one):
            return False
        stops = _W.COMMA | _W.MARK | _W.SUBORDINATE | _W.RELATIVE | _W.THAT | _W.SAY | _W.BE | _W.HAVE
        for k in range(one.start - 1, max(-1, one.start - _AFTER), -1):
            if self.tokens.classes[k] & stops:
                return False
            if self.tokens.lower[k] in law:
                return True
        return False

    def _followed_by(self, name: str, start: int, reach: int) -> bool:
        return begins_within(name, self.tokens.lower, start, start + reach)


def is_fresh(tokens: Tokens, one: Found) -> bool:
    """Whether an event is told as new: by a verb, or by a noun that no "the" or "this" takes up again."""
    if not one.trigger.noun:
        return True
    left = phrase_start(tokens, one.start)
    return not tokens.classes[left] & _W.DETERMINER or _has_own_day(tokens, left)


def _has_own_day(tokens: Tokens, left: int) -> bool:
    """ "the 7 January killing", "the Sunday raid"."""
    near: Sequence[int] = tokens.classes[left : left + 4]
    return any(bits & (_W.WEEKDAY | _W.MONTH) for bits in near)
