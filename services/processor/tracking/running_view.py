"""What the reports of an incident say together, kept up report by report: the same reports always give the same view.

The newest report of an incident costs the same whether it is the second or the two-hundredth. One that was published
earlier than others that came before it has the view worked out anew, since figures are weighed in order of publication.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from schemas import (
    ArticleRef,
    Certainty,
    IncidentType,
    Occurred,
    Perpetrator,
    Place,
    Report,
    Responsibility,
    SourcedClaim,
    Stage,
    Target,
    TimePrecision,
    Toll,
    Weapon,
)
from services.processor.tracking.certainty import RunningCertainty
from services.processor.tracking.independence import Voices
from services.processor.tracking.kept_report import KeptReport
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import Telling, folded
from services.processor.tracking.toll_view import RunningToll

_FIRMEST = {
    responsibility: rank
    for rank, responsibility in enumerate(
        (
            Responsibility.CLAIMED_OR_ADMITTED,
            Responsibility.REPORTED_AS_FACT,
            Responsibility.SUSPECTED_BY_AUTHORITIES,
            Responsibility.SUSPECTED,
            Responsibility.POSSIBLE,
            Responsibility.DENIED,
        )
    )
}
_PRECISION = {precision: rank for rank, precision in enumerate(TimePrecision)}
_OTHER = IncidentType.OTHER
_STAGE = {stage: rank for rank, stage in enumerate(Stage)}


class _Named(NamedTuple):
    """A place as reports agree or disagree on it."""

    country: str | None
    name: str
    rank: int
    admin1: str

    def agrees_with(self, other: _Named) -> bool:
        """Whether `other` is this place, or the division or country that it lies in."""
        if self.name == other.name:
            return True
        return other.rank > self.rank and not (self.admin1 and other.admin1 and self.admin1 != other.admin1)


class RunningView:
    """The facts of an incident after each of its reports, heard in order of publication, then of report id."""

    def __init__(self, rules: LinkingRules) -> None:
        self.tellings: list[Telling] = []
        """What was heard."""
        self.reports: tuple[Report, ...] = ()
        self.kept: tuple[KeptReport, ...] = ()
        self.report_ids: tuple[str, ...] = ()
        """Of `tellings`, kept up as these are: an incident of a thousand reports is not gone through with each."""
        self.claims: tuple[SourcedClaim, ...] = ()
        """Those of every text that is no copy."""
        self._claims_json, self._claims_written = b"", 0
        self.sources: dict[str, ArticleRef] = {}
        """The articles by id, in order."""
        self.targets: dict[str, Target] = {}
        """The first of each kind: an article tells first of what matters most."""
        self.weapons: dict[str, Weapon] = {}
        """The first of each kind."""
        self.stage = Stage.ATTEMPTED
        """Accomplished as soon as one report says so."""
        self._speakers = Voices()
        self._certainty = RunningCertainty()
        self.running_toll = RunningToll(rules)
        """What stands and what lost of every figure."""
        self._types: dict[IncidentType, tuple[int, int]] = {}
        self._perpetrators: dict[str, Perpetrator] = {}
        self._places: dict[_Named, int] = {}
        self._first_at: dict[_Named, tuple[Place, tuple[str, ...]]] = {}
        self._regions_of_none: tuple[str, ...] | None = None
        self._times: dict[tuple[int, object], Occurred] = {}
        self._days: dict[object, int] = {}

    def hear(self, telling: Telling) -> None:
        """Take in the report that comes next in order."""
        report = telling.report
        voice = self._speakers.hear(report)
        if report.stage is not self.stage and (not self.tellings or _STAGE[report.stage] < _STAGE[self.stage]):
            self.stage = report.stage
        self.tellings.append(telling)
        self.reports += (report,)
        self.kept += (telling.kept,)
        self.report_ids += (telling.report_id,)
        self.running_toll.hear(report, voice)
        self.sources[telling.article_id] = report.article
        if voice is not None:
            # Condensed, as reports in a telling are, claims name their source.
            self.claims += cast("tuple[SourcedClaim, ...]", report.claims)
        self._certainty.hear(report)
        for target in report.targets:
            self.targets.setdefault(target.kind, target)
        for weapon in report.weapons:
            self.weapons.setdefault(weapon.kind, weapon)
        for actor in report.perpetrators:
            key = folded(actor.name)
            known = self._perpetrators.get(key)
            if known is None or _FIRMEST[actor.responsibility] < _FIRMEST[known.responsibility]:
                self._perpetrators[key] = actor
        if telling.type is not _OTHER:
            self._types[telling.type] = (self._types.get(telling.type, (0, 0))[0] + 1, len(self.tellings))
        if report.place is not None and telling.spot is not None:
            spot = telling.spot
            named = _Named(spot.country, spot.name, spot.rank, spot.admin1)
            self._places[named] = self._places.get(named, 0) + 1
            self._first_at.setdefault(named, (report.place, report.regions))
        elif self._regions_of_none is None:
            self._regions_of_none = report.regions
        occurred = report.occurred
        if occurred is not None:
            self._times.setdefault((_PRECISION[occurred.precision], occurred.start), occurred)
            self._days[occurred.start] = self._days.get(occurred.start, 0) + 1

    def claims_json(self) -> bytes:
        """`claims` as JSON, without the brackets. Each is written once, when it is first asked for."""
        fresh = self.claims[self._claims_written :]
        if fresh:
            written = b",".join([claim.to_bytes() for claim in fresh])
            self._claims_json = b",".join((self._claims_json, written)) if self._claims_json else written
            self._claims_written = len(self.claims)
        return self._claims_json

    @property
    def retracted(self) -> bool:
        """Whether a source has taken the incident back."""
        return self.running_toll.retracted

    @property
    def independent_sources(self) -> int:
        """Sources that tell of it on their own."""
        return self._speakers.independent

    @property
    def certainty(self) -> Certainty:
        """How sure it is, in CAP's terms."""
        return self._certainty.certainty(independent=self.independent_sources, retracted=self.retracted)

    @property
    def toll(self) -> Toll:
        """The view over all that was said."""
        return self.running_toll.toll()

    @property
    def type(self) -> IncidentType:
        """The type that most reports give, of equal ones the newest; `other` only where no report knows better."""
        return max(self._types, key=self._types.__getitem__, default=IncidentType.OTHER)

    @property
    def perpetrators(self) -> tuple[Perpetrator, ...]:
        """Every named one once, as firmly as any report names them; a denial stands where nobody says otherwise."""
        return tuple(self._perpetrators.values())

    @property
    def occurred(self) -> Occurred | None:
        """The closest dating, of those to the day the one that most reports give; of equal ones the first given."""
        times, days = self._times, self._days
        best = min(times, key=lambda time: (time[0], -days[time[1]]), default=None)
        return None if best is None else times[best]

    @property
    def located(self) -> tuple[Place | None, tuple[str, ...]]:
        """The place that most reports agree with, of equal ones the most exact, then the first given; and its regions.

        A report agrees that names the place itself, or the division or country that it lies in: one article may take
        another town of its text for the scene.
        """
        places = self._places
        if not places:
            return None, self._regions_of_none or ()
        if len(places) == 1:
            return next(iter(self._first_at.values()))
        countries: dict[str, int] = {}
        for named, told in places.items():
            if named.country:
                countries[named.country] = countries.get(named.country, 0) + told
        country = max(countries, key=countries.__getitem__, default=None)
        within = [named for named in places if named.country in (None, country)] or list(places)
        exact: dict[tuple[str, int], _Named] = {}
        for named in within:
            exact.setdefault((named.name, named.rank), named)

        def rank(named: _Named) -> tuple[int, int]:
            if self._first_at[named][0].lat is None:
                return 0, named.rank
            return -sum(places[other] for other in within if named.agrees_with(other)), named.rank

        return self._first_at[min(exact.values(), key=rank)]
