"""The two steps of the stream as plain functions: bytes of a record in, bytes of the next messages out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from pydantic import ValidationError

from schemas import Article, IncidentEdit, Message, Place, Report
from services.processor.stream.records import PoisonError, Record, Result, refuse_oversized
from services.processor.tracking.changelog import Changelog, Restored
from services.processor.tracking.edit import EditError, apply_edit
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.settle import Score, Tracked
from services.processor.tracking.track import track
from services.shared.envelope import continue_trace, id_of, seal
from services.shared.topic_writer import Outgoing
from services.shared.topics import INCIDENT_EDITS, INCIDENTS, REPORTS, REPORTS_PARTITION, changelog_of

M = TypeVar("M", bound=Message)

Extract = Callable[[Article], Iterable[Report]]
RegionsOf = Callable[[Place | None], tuple[str, ...]]
SOURCE = "tocsin/processor"
SHOWN_PROBLEMS = 10
"""Fields of a message that a dead letter's reason names; a message of another kind altogether gets them all wrong."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """Articles to reports."""

    extract: Extract
    regions_of: RegionsOf
    now: Callable[[], datetime]
    """The clock that stamps envelopes; no message depends on it."""
    prefix: str = ""

    def __call__(self, record: Record) -> Result:
        """One output per incident that the article tells of. Raises PoisonError where it is no article."""
        article = decode(record, Article)
        reports = [
            report.model_copy(update={"regions": self.regions_of(report.place)}) for report in self.extract(article)
        ]
        return Result(tuple(self._output(report, record) for report in reports))

    def _output(self, report: Report, record: Record) -> Outgoing:
        sealed = seal(
            report, source=SOURCE, traceparent=continue_trace(record.headers, id_of(report)), sent_at=self.now()
        )
        return Outgoing(self.prefix + REPORTS, sealed.key, sealed.value, sealed.headers, REPORTS_PARTITION)


@dataclass(slots=True)
class Tracking:
    """Reports to incident revisions, with the open incidents as they are now."""

    score: Score
    now: Callable[[], datetime]
    prefix: str = ""
    incidents: OpenIncidents = field(default_factory=OpenIncidents)
    _changelog: Changelog = field(default_factory=Changelog)

    def __call__(self, record: Record) -> Result:
        """The new revisions, if a fact changed, and the changelog entries.

        Raises PoisonError where the record is no report and no edit of an incident, or the edit cannot be done.
        """
        tracked = self._tracked(record)
        entries = (tracked.entry, *tracked.others) if tracked.kept else ()
        outputs = []
        for incident in tracked.revisions:
            sealed = seal(
                incident,
                source=SOURCE,
                traceparent=continue_trace(record.headers, id_of(incident)),
                sent_at=self.now(),
                value=self.incidents.revision_bytes(incident),
            )
            outputs.append(Outgoing(self.prefix + INCIDENTS, sealed.key, sealed.value, sealed.headers))
        written = self._changelog.writes(entries, (*(one.incident_id for one in tracked.merged), *tracked.closed))
        topic = changelog_of(self.prefix)
        state = tuple(Outgoing(topic, key.encode(), value, [], record.partition) for key, value in written)
        result = Result(tuple(outputs), state)
        refuse_oversized(result)  # Nothing of what is refused is written, and no page of it is to be taken for written.
        self._changelog.note(written)
        return result

    def _tracked(self, record: Record) -> Tracked:
        if record.topic != self.prefix + INCIDENT_EDITS:
            return track(decode(record, Report), self.incidents, self.score)
        edit = decode(record, IncidentEdit)
        try:
            return apply_edit(edit, self.incidents, self.score)
        except EditError as error:
            raise PoisonError(f"{edit.action} {edit.edit_id} cannot be done: {error}") from error

    def restore(self, values: Mapping[bytes, bytes]) -> Restored:
        """Take the open incidents from the changelog, by key, in place of those held: what was found.

        Raises pydantic.ValidationError where a value is no entry of it, and ValueError where it cannot be read.
        """
        restored = self._changelog.restore({key.decode(): value for key, value in values.items()})
        self.incidents = OpenIncidents(restored.entries, self.incidents.rules)
        return restored


def decode(record: Record, model: type[M]) -> M:
    """The message in `record`. Raises PoisonError, naming each field that is wrong and how."""
    if record.value is None:
        raise PoisonError(f"the message has no value; {model.__name__} was expected")
    try:
        return model.from_bytes(record.value)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in problem['loc']) or 'message'}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)
        ]
        more = f" and {len(problems) - SHOWN_PROBLEMS} more" if len(problems) > SHOWN_PROBLEMS else ""
        raise PoisonError(
            f"not a valid {model.__name__} ({'; '.join(problems[:SHOWN_PROBLEMS])}{more}): mend the message where it "
            "is made, and publish it again"
        ) from error
