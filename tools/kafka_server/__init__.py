"""Real Apache Kafka for tests and developers: one KRaft node on loopback, from Maven coordinates or from Docker.

The version is the one in `pom.xml`. Nothing here is imported by the services.
"""

from __future__ import annotations


class KafkaUnavailableError(Exception):
    """Kafka cannot be started here. The text is one sentence that names what to install or set."""
