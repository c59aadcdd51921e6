"""`python -m tools.kafka_server up|down|env|fetch`: a real Apache Kafka in the background, for a developer."""

from __future__ import annotations

import argparse
import sys

from tools.kafka_server import KafkaUnavailableError
from tools.kafka_server.background import current, down, up
from tools.kafka_server.libraries import fetch_libraries, find_java, kafka_version


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 where Kafka cannot be started or does not run.

    Standard output carries only the line for a shell, so that `eval "$(make --silent kafka-up)"` works.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.kafka_server", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("up", help="start Kafka unless it runs, and print the setting that points at it")
    verbs.add_parser("down", help="stop Kafka and remove what it wrote")
    verbs.add_parser("env", help="print the setting that points at the running Kafka")
    verbs.add_parser("fetch", help="fetch Kafka's jars into the cache, so that a later start needs no network")
    verb = parser.parse_args(arguments).verb
    if verb == "down":
        stopped = down()
        print(f"Stopped Apache Kafka at {stopped.bootstrap}." if stopped else "No Kafka was running.", file=sys.stderr)
        return 0
    if verb == "env":
        running = current()
        if running is None:
            print("No Kafka is running: start one with `make kafka-up`.", file=sys.stderr)
            return 1
        print(f"export KAFKA_BOOTSTRAP_SERVERS={running.bootstrap}")
        return 0
    try:
        if verb == "fetch":
            print(f"Apache Kafka {kafka_version()}, {find_java()}, jars in {fetch_libraries()}.", file=sys.stderr)
            return 0
        outcome = up()
    except KafkaUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    verb_done = "Started" if outcome.started else "Already running:"
    broker = outcome.broker
    print(f"{verb_done} Apache Kafka {broker.version}, process {broker.pid}, in {broker.folder}.", file=sys.stderr)
    print(f"export KAFKA_BOOTSTRAP_SERVERS={broker.bootstrap}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
