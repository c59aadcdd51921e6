"""The Java that runs Kafka, and the jars that are Kafka, fetched once by Maven into a cache folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from tools.kafka_server import KafkaUnavailableError

POM = Path(__file__).with_name("pom.xml")
CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".tocsin" / "kafka-libs"
"""Where the jars are kept, a folder per version; about 45 MB each. `make clean` removes it."""
OLDEST_JAVA = 17
"""Brokers of Kafka 4 need Java 17 or newer (Kafka 4.0 upgrade notes, KIP-1013)."""
FETCH_SECONDS = 300.0
OTHERWISE = "or set KAFKA_BOOTSTRAP_SERVERS to a Kafka that is running"


def kafka_version(pom: Path = POM) -> str:
    """The version of Apache Kafka that `pom` names."""
    namespace = {"m": "http://maven.apache.org/POM/4.0.0"}
    version = ET.parse(pom).findtext("m:properties/m:kafka.version", namespaces=namespace)  # noqa: S314  our own file
    if not version:
        raise ValueError(f"{pom}: properties/kafka.version is missing.")
    return version


def java_major(banner: str) -> int | None:
    """The feature release in what `java -version` prints (17 for 17.0.15, 8 for 1.8.0_402), None if there is none."""
    found = re.search(r'version "(?:1\.)?(\d+)', banner)
    return int(found[1]) if found else None


def find_java() -> str:
    """The path of a Java that can run Kafka: that of JAVA_HOME, else the one on PATH.

    Raises KafkaUnavailableError where it is missing or too old.
    """
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    found = "none was found"
    if java:
        try:
            banner = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=30).stderr
        except (OSError, subprocess.TimeoutExpired) as error:
            found = f"{java} does not run ({error})"
        else:
            major = java_major(banner)
            if major is not None and major >= OLDEST_JAVA:
                return java
            found = f"{java} is Java {major}" if major else f"{java} does not say its version"
    raise KafkaUnavailableError(
        f"Apache Kafka needs Java {OLDEST_JAVA} or newer and {found}: install it (Debian and Ubuntu: "
        f"openjdk-17-jre-headless; macOS: brew install openjdk@17), {OTHERWISE}."
    )


def fetch_libraries(cache: Path = CACHE) -> Path:
    """The folder of Kafka's jars; fetched with Maven, checksums enforced, where `cache` does not hold them yet.

    Several callers at once are safe: each fetches beside the cache and the first to finish puts its folder in place.
    Raises KafkaUnavailableError where Maven is missing or fails.
    """
    version = kafka_version()
    libraries = cache / version
    if (libraries / jar_name(version)).is_file():
        return libraries
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailableError(
            "Apache Kafka is fetched with Maven and mvn was not found: install it (Debian and Ubuntu: maven; "
            f"macOS: brew install maven), {OTHERWISE}."
        )
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as folder:
        fetched = Path(folder, version)
        command = [maven, "--quiet", "--batch-mode", "--strict-checksums", f"--file={POM}"]
        command += ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fetched}"]
        try:
            run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise KafkaUnavailableError(
                f"Maven did not fetch Apache Kafka {version} in {FETCH_SECONDS:.0f} s: check the network, {OTHERWISE}."
            ) from error
        if run.returncode != 0 or not (fetched / jar_name(version)).is_file():
            raise KafkaUnavailableError(
                f"Maven could not fetch Apache Kafka {version} ({_first_error(run.stdout + run.stderr)}): check the "
                f"network and Maven's settings, {OTHERWISE}."
            )
        try:
            fetched.rename(libraries)
        except OSError:
            if not (libraries / jar_name(version)).is_file():
                raise
    return libraries


def jar_name(version: str) -> str:
    """The jar that holds the broker."""
    return f"kafka_2.13-{version}.jar"


def _first_error(output: str) -> str:
    lines = [line.removeprefix("[ERROR]").strip() for line in output.splitlines() if line.strip()]
    return lines[0] if lines else "it gave no reason"
