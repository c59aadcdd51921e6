"""Incident: one event in the world, put together from all its reports."""

from __future__ import annotations

import hashlib

from pydantic import Field

from schemas.article import ArticleRef
from schemas.base import Message, Timestamp
from schemas.incident_edit import IncidentEdit
from schemas.report import Claim, Occurred, Perpetrator, Place, Target, Weapon
from schemas.taxonomy import IncidentType
from schemas.toll import Toll
from schemas.vocabulary import Certainty, IncidentStatus, SeverityLevel, Stage


def new_incident_id(report_id: str, again: int = 0, *, test: bool = False) -> str:
    """The id of the incident that the report is the first to tell of: the same report always founds the same incident.

    `again` counts the incidents that it has founded before, since no id is given twice. The ids of tests and of what
    happened can never be the same, whatever ids articles bring.
    """
    identity = f"{report_id}/{again}" if again else report_id
    return ("test-" if test else "inc-") + hashlib.sha256(identity.encode()).hexdigest()[:20]


class FiredRule(Message):
    """One rule that contributed to a severity, with the values that it saw."""

    rule: str
    """The rule's name in rules/severity.yaml."""
    points: int
    """What it added to the score; negative where it took away."""
    because: str
    """One sentence for a reader."""
    values: dict[str, bool | int | float | str | None] = Field(default_factory=dict)
    """The variables that the rule's condition read, and what they were."""


class Severity(Message):
    """How bad it is, and why."""

    score: int = Field(ge=0, le=100)
    """0 is the mildest, 100 the worst."""
    level: SeverityLevel
    rules: tuple[FiredRule, ...] = ()
    """The rules that fired, in the order of the rules file; their points, bounded to 0..100, are the score."""


class SourcedClaim(Claim):
    """A claim and the article that makes it."""

    article_id: str
    """The article that says so."""
    report_id: str
    """The report that the claim stands in."""


class TollRevision(Message):
    """What the toll was at one revision."""

    revision: int = Field(ge=1)
    """The revision that brought this toll."""
    toll: Toll
    at: Timestamp | None = None
    """Publication time of the article that brought it about."""
    article_id: str
    """That article."""


class Incident(Message):
    """One revision of one event. A later revision replaces the earlier one whole."""

    incident_id: str = Field(min_length=1)
    """Durable: never reused, and still resolved after a merge."""
    revision: int = Field(ge=1)
    """Counts up by one each time that a fact changed."""
    status: IncidentStatus = IncidentStatus.OPEN
    merged_into: str | None = None
    """The incident that this one was found to be, where `status` is merged."""
    type: IncidentType
    stage: Stage = Stage.ACCOMPLISHED
    place: Place | None = None
    regions: tuple[str, ...] = ()
    """Ids of the named regions that hold the place, sorted."""
    occurred: Occurred | None = None
    toll: Toll = Toll()
    """The view over all claims."""
    claims: tuple[SourcedClaim, ...] = ()
    """All claims of all reports, the losing figures too."""
    perpetrators: tuple[Perpetrator, ...] = ()
    targets: tuple[Target, ...] = ()
    weapons: tuple[Weapon, ...] = ()
    severity: Severity = Severity(score=0, level=SeverityLevel.MINOR)
    certainty: Certainty = Certainty.UNKNOWN
    sources: tuple[ArticleRef, ...] = ()
    """The articles that tell of it, in order of publication."""
    independent_sources: int = Field(default=0, ge=0)
    """Sources that tell of it on their own: copies of one text are one, and so are outlets that credit another."""
    report_ids: tuple[str, ...] = ()
    """The reports that it is put together from."""
    changed: tuple[str, ...] = ()
    """The slots that differ from the revision before; all filled slots for the first."""
    as_of: Timestamp | None = None
    """Publication time of the newest article in it: the incident's own clock."""
    history: tuple[TollRevision, ...] = ()
    """The toll at each revision that changed it, oldest first."""
    edits: tuple[IncidentEdit, ...] = ()
    """What somebody decided by hand about its reports, oldest first."""
    test: bool = False
    """Told of by an article that Tocsin made up to try itself. It stands alone: nothing is linked with it, it counts in
    no toll, and only subscriptions with the test flag are told of it."""

    @property
    def article_ids(self) -> tuple[str, ...]:
        """Ids of the articles that tell of it, in order of publication."""
        return tuple(source.article_id for source in self.sources)
