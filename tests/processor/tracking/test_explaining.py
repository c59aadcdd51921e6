"""Why a report is in an incident, and whose figures count."""

from __future__ import annotations

from services.processor.tracking.explaining import explain_links, explain_toll
from services.processor.tracking.rules import LinkingRules
from tests.processor.tracking.reports import at_least, exactly, report

STORY = [report("a", killed=at_least(60), source="wire"), report("b", killed=exactly(12), source="daily", hours=20)]


def test_every_report_names_what_links_it_and_the_points_add_up() -> None:
    links = explain_links(STORY, LinkingRules())
    assert [(link["report_id"], link["linked_to"]) for link in links] == [("a#0", "b#0"), ("b#0", "a#0")]
    for link in links:
        assert "at the same place" in {reason["reason"] for reason in link["reasons"]}
        assert abs(link["points"] - sum(reason["points"] for reason in link["reasons"])) < 0.02


def test_a_single_report_has_no_links() -> None:
    assert explain_links(STORY[:1], LinkingRules()) == []


def test_losing_figures_are_told_with_their_source() -> None:
    killed = explain_toll(STORY, LinkingRules())["killed"]
    assert [(one["source"], one["low"]) for one in killed["standing"]] == [("wire", 60)]
    assert [(one["source"], one["low"]) for one in killed["losing"]] == [("daily", 12)]
