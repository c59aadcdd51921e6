"""How fast reports become incidents, on one core, and whether cost and memory grow with the stream.

    python -m bench.tracking [--reports 100000] [--days 30] [--countries 150]

Made-up reports (bench/made_up_reports.py) come as JSON, a hundred at a time, as the processor takes them. Each of its
four steps is timed on its own, in CPU time:

    read     the report's JSON into a message, which any consumer has to do: what the rest is compared with
    track    from the report to its revision: links, view over the reports, revision, index; no severity, no bytes
    rate     the severity of each revision by rules/severity.yaml
    write    each revision in its envelope, and what of the state has changed, as the changelog takes it

The rates of each tenth of the stream show whether the cost grows: it rises until the first window (14 days) is full.
Memory (MiB) is the process's peak, with the interpreter and the libraries; beside it what entries and pages of all open
incidents take in the table.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bench.made_up_reports import reports
from schemas import Incident, Report
from services.processor.rules import load_rules
from services.processor.scoring.severity import score
from services.processor.tracking.changelog import Changelog, Written
from services.processor.tracking.linking import link
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.settle import Tracked
from services.processor.tracking.telling import telling_of
from services.processor.tracking.track import track
from services.shared import garbage
from services.shared.envelope import seal, trace_of

AT_A_TIME = 100
SCANNED = 20
"""Reports that are compared with every open incident, for comparison."""
STEPS = ("read", "track", "rate", "write")
SENT_AT = datetime(2025, 3, 1, tzinfo=UTC)
MIB = 1 << 20
T = TypeVar("T")


class Timer:
    """CPU seconds by step."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STEPS, 0.0)

    def time(self, step: str, work: Callable[[], T]) -> T:
        """Do `work`, and add what it took to `step`."""
        before = time.process_time()
        done = work()
        self.seconds[step] += time.process_time() - before
        return done


def main() -> None:
    """Run and print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--reports", type=int, default=100_000)
    cli.add_argument("--days", type=float, default=30)
    cli.add_argument("--countries", type=int, default=150)
    options = cli.parse_args()
    rules = load_rules(Path(__file__).resolve().parents[1] / "rules")
    stream = (report.to_bytes() for report in reports(options.reports, options.days, options.countries))
    state, changelog = OpenIncidents(rules=rules.linking), Changelog()
    garbage.seldom()  # As the processor does.

    def through(batch: list[bytes], timer: Timer) -> int:
        read = timer.time("read", lambda: [Report.from_bytes(value) for value in batch])
        tracked = timer.time("track", lambda: [track(report, state) for report in read])
        revisions = [incident for one in tracked for incident in one.revisions]
        timer.time("rate", lambda: [score(incident, rules.severity) for incident in revisions])
        trace = trace_of("bench")
        timer.time(
            "write",
            lambda: [_sealed(one, state, trace) for one in revisions] + [_written(changelog, one) for one in tracked],
        )
        return len(revisions)

    tenth = max(1, options.reports // 10)
    total, revisions, done = Timer(), 0, 0
    rates = " ".join(f"{f'{step}/s':>8}" for step in STEPS)
    print(f"{'reports':>8} {rates} {'open':>6} {'kept':>7} {'MiB':>5} {'table':>5}")
    while done < options.reports:
        timer, before = Timer(), done
        for batch in _batches(islice(stream, tenth)):
            revisions += through(batch, timer)
            done += len(batch)
        for step, seconds in timer.seconds.items():
            total.seconds[step] += seconds
        rates = " ".join(f"{(done - before) / timer.seconds[step]:8.0f}" for step in STEPS)
        kept = sum(len(entry.reports) for entry in state)
        table = sum(len(value or b"") for _, value in Changelog().writes(state, ())) // MIB
        print(f"{done:>8} {rates} {len(state):>6} {kept:>7} {_peak_memory():>5} {table:>5}", flush=True)
    cost = {step: seconds / done for step, seconds in total.seconds.items()}
    print(f"all on one core: track {1 / cost['track']:.0f} reports/s; all four steps {1 / sum(cost.values()):.0f} "
          f"reports/s; {revisions} revisions")  # fmt: skip
    scan = _scan(state, options)
    print(f"tracking a report costs {cost['track'] / cost['read']:.1f} times what reading it does, and "
          f"{cost['track'] / scan:.2f} times what comparing it with every open incident would")  # fmt: skip
    _say_how_well(state)


def _sealed(incident: Incident, state: OpenIncidents, trace: str) -> bytes:
    """What the processor puts onto the topic of incidents."""
    value = state.revision_bytes(incident)
    return seal(incident, source="bench", traceparent=trace, sent_at=SENT_AT, value=value).value


def _written(changelog: Changelog, tracked: Tracked) -> list[Written]:
    """What the processor puts onto the changelog for one report."""
    gone = (*(incident.incident_id for incident in tracked.merged), *tracked.closed)
    written = changelog.writes((tracked.entry, *tracked.others), gone)
    changelog.note(written)
    return written


def _batches(part: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(part, AT_A_TIME)):
        yield batch


def _peak_memory() -> int:
    """MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # Kilobytes, on macOS bytes.
    return int(peak / (MIB if sys.platform == "darwin" else 1024))


def _scan(state: OpenIncidents, options: argparse.Namespace) -> float:
    """CPU seconds of comparing one report with the first report of every open incident."""
    some = [telling_of(report) for report in islice(reports(options.reports, options.days, options.countries), SCANNED)]
    first = [state.tellings(entry.incident.incident_id)[0] for entry in state]
    before = time.process_time()
    for one in some:
        for other in first:
            link(one, other, state.rules)
    return (time.process_time() - before) / max(1, len(some))


def _say_how_well(state: OpenIncidents) -> None:
    """How far the open incidents are those that were made up: a tracker that links nothing is the fastest of all."""
    origins = [{report.article.article_id.partition(".")[0] for report in entry.reports} for entry in state]
    mixed = sum(len(origin) > 1 for origin in origins)
    made_up = set().union(*origins)
    print(f"{len(made_up)} made-up incidents are open as {len(origins)} incidents; {mixed} of these mix several")


if __name__ == "__main__":
    main()
