from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from services.shared.errors import UserError
from services.shared.settings import Settings, load_settings, variable_of
from tools import readiness
from tools.kafka_server import KafkaUnavailableError
from tools.kafka_server.libraries import fetch_libraries, find_java, kafka_version

ROOT = Path(__file__).parents[1]
OWN = ("topics", "processor", "alerter", "console", "producer")
"""Services that run our image."""
ONE_SHOT = ("topics", "producer")
"""Services that end when their work is done."""

pytestmark = pytest.mark.compose
Services = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def project(compose: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """docker-compose.yml as the compose program reads it, with every profile, away from anybody's .env."""
    folder = tmp_path_factory.mktemp("compose")
    shutil.copy(ROOT / "docker-compose.yml", folder)
    result = read_with(compose, folder, "--profile", "*", "config", "--format", "json")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


@pytest.fixture(scope="session")
def services(project: dict[str, Any]) -> Services:
    found: Services = project["services"]
    return found


def read_with(compose: list[str], folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **variables}
    command = [*compose, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


def seconds(duration: str) -> float:
    units = {"h": 3600.0, "m": 60.0, "s": 1.0}
    parts = re.findall(r"([\d.]+)([hms])", duration)
    assert "".join(number + unit for number, unit in parts) == duration
    return sum(float(number) * units[unit] for number, unit in parts)


def test_compose_accepts_the_file_without_a_warning_and_without_any_variable(
    compose: list[str], tmp_path: Path
) -> None:
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    result = read_with(compose, tmp_path, "config", "--quiet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_services_are_those_of_the_stream(services: Services) -> None:
    assert set(services) == {"kafka", "postgres", *OWN}
    assert {name for name, service in services.items() if service.get("profiles")} == {
        "producer",
        "postgres",
        "console",
    }


def test_every_service_that_stays_up_has_a_health_check_and_is_started_again(services: Services) -> None:
    staying = {name: service for name, service in services.items() if name not in ONE_SHOT}
    assert all(service["healthcheck"]["test"] for service in staying.values())
    assert {service["restart"] for service in staying.values()} == {"unless-stopped"}
    assert {services[name]["restart"] for name in ONE_SHOT} == {"no"}


@pytest.mark.parametrize(
    ("name", "setting"), [("processor", "processor_port"), ("alerter", "alerter_port"), ("console", "console_port")]
)
def test_readiness_is_asked_on_the_port_that_the_service_was_given(services: Services, name: str, setting: str) -> None:
    service = services[name]
    port = service["environment"][variable_of(setting)]
    assert service["healthcheck"]["test"] == ["CMD", "python", "/opt/readiness.py", port]
    assert int(port) == Settings.model_fields[setting].default
    assert seconds(service["healthcheck"]["timeout"]) > readiness.SECONDS


def test_no_service_runs_as_root_or_can_become_it(services: Services) -> None:
    for name, service in services.items():
        assert service["user"].split(":")[0] not in {"", "0", "root"}, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name


def test_our_own_services_run_as_the_user_of_the_image_and_cannot_write_to_it(services: Services) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name in OWN:
        assert f"\nUSER {services[name]['user']}\n" in dockerfile, name
        assert services[name]["read_only"] is True, name
        assert services[name]["tmpfs"][0].startswith(services[name]["environment"]["TMPDIR"] + ":"), name
        assert all(volume["type"] == "volume" or volume["read_only"] for volume in services[name].get("volumes", ())), (
            name
        )


def test_no_port_is_open_beyond_loopback(services: Services) -> None:
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert {(port["host_ip"], port["published"]) for port in ports} == {("127.0.0.1", "9092"), ("127.0.0.1", "8700")}
    assert all(service.get("network_mode") is None for service in services.values())


def test_the_console_is_opened_to_others_only_by_name_and_never_without_a_token(
    compose: list[str], services: Services, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    opened = read_with(
        compose, tmp_path, "--profile", "console", "config", "--format", "json", TOCSIN_CONSOLE_BIND="192.0.2.7"
    )
    (port,) = json.loads(opened.stdout)["services"]["console"]["ports"]
    assert (port["host_ip"], port["published"]) == ("192.0.2.7", "8700")
    environment = services["console"]["environment"]
    with pytest.raises(UserError, match="TOCSIN_HTTP_TOKEN"):
        load_settings(http_host=environment["TOCSIN_HTTP_HOST"], http_token=None)


def test_console_and_alerter_look_into_one_store_and_keep_what_is_their_own_apart(services: Services) -> None:
    console, alerter = services["console"], services["alerter"]
    assert console["environment"]["TOCSIN_STORE"] == alerter["environment"]["TOCSIN_STORE"]
    assert console["environment"]["TOCSIN_STATE"] != alerter["environment"]["TOCSIN_STATE"]
    assert console["volumes"] == alerter["volumes"]


def test_there_is_no_default_password(services: Services) -> None:
    for name, service in services.items():
        for variable in service.get("environment", {}):
            assert not re.search(r"PASSWORD|SECRET|TOKEN|KEY", variable) or variable.endswith("_FILE"), name


def test_the_password_of_postgres_is_not_in_its_environment(services: Services, project: dict[str, Any]) -> None:
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres_password"
    assert project["secrets"]["postgres_password"]["environment"] == "POSTGRES_PASSWORD"
    # compose refuses to write a secret of the environment into a container that is read-only
    assert not services["postgres"].get("read_only")


def test_what_must_outlive_a_container_is_on_a_named_volume(services: Services, project: dict[str, Any]) -> None:
    kept = {
        (name, volume["target"]): volume["source"]
        for name, service in services.items()
        for volume in service.get("volumes", ())
        if volume["type"] == "volume"
    }
    assert set(kept) == {
        ("kafka", services["kafka"]["environment"]["KAFKA_LOG_DIRS"]),
        ("processor", "/var/lib/tocsin"),
        ("alerter", "/var/lib/tocsin"),
        ("console", "/var/lib/tocsin"),
        ("postgres", "/var/lib/postgresql/data"),
    }
    # Console and alerter look into one store.
    assert len(set(kept.values())) == len(kept) - 1
    assert set(kept.values()) == set(project["volumes"])


def test_a_service_has_more_time_to_stop_than_it_takes_for_itself(services: Services) -> None:
    patience = Settings.model_fields["stop_timeout_seconds"].default
    for name, service in services.items():
        assert seconds(service["stop_grace_period"]) > patience, name


def test_nothing_starts_before_kafka_answers_and_its_topics_are_there(services: Services) -> None:
    assert services["topics"]["depends_on"]["kafka"]["condition"] == "service_healthy"
    for name in OWN[1:]:
        waits = {other: each["condition"] for other, each in services[name]["depends_on"].items() if each["required"]}
        assert waits == {"kafka": "service_healthy", "topics": "service_completed_successfully"}, name


def test_the_alerter_waits_for_postgres_only_where_it_is_asked_for(services: Services) -> None:
    assert services["alerter"]["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}


def test_the_store_is_the_one_that_is_set(compose: list[str], tmp_path: Path) -> None:
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    store = "postgresql+psycopg://somebody@elsewhere/tocsin"
    result = read_with(compose, tmp_path, "config", "--format", "json", TOCSIN_STORE=store)
    assert json.loads(result.stdout)["services"]["alerter"]["environment"]["TOCSIN_STORE"] == store


def test_services_are_set_by_variables_that_exist(services: Services) -> None:
    known = {variable_of(field) for field in Settings.model_fields} | {"TMPDIR"}
    for name in OWN:
        assert set(services[name]["environment"]) <= known, name


def test_services_reach_kafka_where_it_says_that_it_is(services: Services) -> None:
    listeners = dict(
        listener.split("://") for listener in services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
    )
    assert {services[name]["environment"]["KAFKA_BOOTSTRAP_SERVERS"] for name in OWN} == {listeners["INTERNAL"]}
    assert listeners["HOST"] == "127.0.0.1:9092"


def test_images_are_pinned_and_kafka_is_the_one_that_the_tests_ran_on(services: Services) -> None:
    assert services["kafka"]["image"] == f"apache/kafka:{kafka_version()}"
    assert re.fullmatch(r"postgres:\d+\.\d+-\w+", services["postgres"]["image"])
    assert {services[name]["image"] for name in OWN} == {f"tocsin:{project_version()}"}


def project_version() -> str:
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture(scope="session")
def kafka_program() -> list[str]:
    """The words with which a command of Kafka's jars begins."""
    try:
        return [find_java(), "-cp", f"{fetch_libraries()}/*"]
    except KafkaUnavailableError as error:
        pytest.skip(str(error))


def kafka_settings(services: Services) -> dict[str, str]:
    """The broker's settings, by the rule with which the image turns variables into settings."""
    return {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in services["kafka"]["environment"].items()
        if name != "KAFKA_HEAP_OPTS"
    }


@pytest.mark.kafka
def test_kafka_accepts_the_settings_that_it_is_given(
    services: Services, kafka_program: list[str], tmp_path: Path
) -> None:
    given = kafka_settings(services)
    assert given["auto.create.topics.enable"] == "false"
    properties = tmp_path / "server.properties"
    settings = given | {"log.dirs": str(tmp_path / "data")}
    properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    command = [*kafka_program, "kafka.tools.StorageTool", "format"]
    command += ["--cluster-id", "AAAAAAAAAAAAAAAAAAAAAQ", "--config", str(properties)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "data" / "meta.properties").is_file()


@pytest.mark.kafka
def test_every_setting_of_kafka_is_one_that_it_has(services: Services, kafka_program: list[str]) -> None:
    # Kafka takes no notice of a setting whose name is misspelt; its reference page, which it prints, has them all.
    page = subprocess.run(
        [*kafka_program, "kafka.server.KafkaConfig"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert set(kafka_settings(services)) <= set(re.findall(r'id="brokerconfigs_([\w.]+)"', page))
