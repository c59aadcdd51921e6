"""IncidentEdit: what somebody decides by hand about which reports are of one incident."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import Message, Timestamp


class EditAction(StrEnum):
    """What an edit does."""

    SPLIT = "split"
    """Some reports of an incident are of another one."""
    MERGE = "merge"
    """Two incidents are one."""


class IncidentEdit(Message):
    """One decision. The tracker keeps to it: no later report undoes it, only another edit does."""

    edit_id: str = Field(min_length=1)
    """The same edit always has the same, so that it is done once however often it arrives."""
    action: EditAction
    incident_id: str = Field(min_length=1)
    """The incident that is split, or that is merged into another. One that was merged before still resolves."""
    into: str | None = None
    """The incident that goes on after a merge; null for a split."""
    report_ids: tuple[str, ...] = ()
    """The reports that a split takes out."""
    article_ids: tuple[str, ...] = ()
    """The articles whose reports a split takes out."""
    reason: str = Field(min_length=1)
    """Why, for whoever asks later."""
    author: str = Field(min_length=1)
    """Who decided."""
    made_at: Timestamp
    """When."""
