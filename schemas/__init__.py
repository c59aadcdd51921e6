"""The messages of Tocsin. Everything else is built on these; they import nothing of ours."""

from schemas.alert import Alert, Told
from schemas.article import Article, ArticleField, ArticleRef
from schemas.base import Message, Timestamp
from schemas.dead_letter import DeadLetter
from schemas.delivery import Delivery
from schemas.incident import FiredRule, Incident, Severity, SourcedClaim, TollRevision
from schemas.report import Claim, Evidence, Occurred, Perpetrator, Place, Report, Speaker, Target, Weapon
from schemas.subscription import (
    Channel,
    FileChannel,
    Subscription,
    Subscriptions,
    TerminalChannel,
    WebhookChannel,
    Written,
)
from schemas.taxonomy import TYPES, IncidentType, TypeMapping
from schemas.toll import Figure, Toll
from schemas.vocabulary import (
    AlertKind,
    Certainty,
    ClaimKind,
    DecisionReason,
    DeliveryOutcome,
    IncidentFamily,
    IncidentStatus,
    Modifier,
    PlacePrecision,
    Responsibility,
    SeverityLevel,
    SpeakerRole,
    Stage,
    Stance,
    TimePrecision,
    Whose,
)

__all__ = [
    "TYPES",
    "Alert",
    "AlertKind",
    "Article",
    "ArticleField",
    "ArticleRef",
    "Certainty",
    "Channel",
    "Claim",
    "ClaimKind",
    "DeadLetter",
    "DecisionReason",
    "Delivery",
    "DeliveryOutcome",
    "Evidence",
    "Figure",
    "FileChannel",
    "FiredRule",
    "Incident",
    "IncidentFamily",
    "IncidentStatus",
    "IncidentType",
    "Message",
    "Modifier",
    "Occurred",
    "Perpetrator",
    "Place",
    "PlacePrecision",
    "Report",
    "Responsibility",
    "Severity",
    "SeverityLevel",
    "SourcedClaim",
    "Speaker",
    "SpeakerRole",
    "Stage",
    "Stance",
    "Subscription",
    "Subscriptions",
    "Target",
    "TerminalChannel",
    "TimePrecision",
    "Timestamp",
    "Told",
    "Toll",
    "TollRevision",
    "TypeMapping",
    "Weapon",
    "WebhookChannel",
    "Whose",
    "Written",
]
