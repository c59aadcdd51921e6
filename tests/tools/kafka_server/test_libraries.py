from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.kafka_server import KafkaUnavailableError
from tools.kafka_server.libraries import fetch_libraries, find_java, jar_name, java_major, kafka_version

BANNER_17 = 'openjdk version "17.0.15" 2025-04-15'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH, and no JAVA_HOME."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


def write_program(path: Path, python: str) -> None:
    path.write_text(f"#!{sys.executable}\nimport os, pathlib, sys\n{python}\n", encoding="utf-8")
    path.chmod(0o755)


def write_java(path: Path, banner: str) -> None:
    write_program(path, f"print({banner!r}, file=sys.stderr)")


@pytest.mark.parametrize(
    ("banner", "major"),
    [
        (BANNER_17, 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ('openjdk version "26-ea" 2026-03-17', 26),
        ("command not understood", None),
    ],
)
def test_the_feature_release_is_read_from_any_form_of_java_version(banner: str, major: int | None) -> None:
    assert java_major(banner) == major


def test_java_home_is_stronger_than_path(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_java(programs / "java", BANNER_17)
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    write_java(home / "bin" / "java", 'openjdk version "21.0.1"')
    assert find_java() == str(programs / "java")
    monkeypatch.setenv("JAVA_HOME", str(home))
    assert find_java() == str(home / "bin" / "java")


def test_no_java_is_told_with_what_to_install(programs: Path) -> None:
    with pytest.raises(KafkaUnavailableError, match=r"Java 17 or newer and none was found: install it .*openjdk-17"):
        find_java()


def test_an_old_java_is_told_with_its_version(programs: Path) -> None:
    write_java(programs / "java", 'openjdk version "11.0.22"')
    with pytest.raises(KafkaUnavailableError, match=r"java is Java 11: install it"):
        find_java()


def test_a_java_home_without_java_is_told(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(KafkaUnavailableError, match="does not run"):
        find_java()


def test_no_maven_is_told_with_what_to_install(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(KafkaUnavailableError, match=r"mvn was not found: install it .*KAFKA_BOOTSTRAP_SERVERS"):
        fetch_libraries(tmp_path / "cache")


def test_a_failing_maven_is_told_with_its_first_complaint_and_leaves_nothing(programs: Path, tmp_path: Path) -> None:
    write_program(programs / "mvn", "print('[ERROR] Unknown host'); print('[ERROR] more'); sys.exit(1)")
    with pytest.raises(KafkaUnavailableError, match=r"\(Unknown host\): check the network"):
        fetch_libraries(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_jars_are_fetched_once(programs: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_program(
        programs / "mvn",
        f"open({str(calls)!r}, 'a').write('called\\n')\n"
        "[output] = [a.split('=', 1)[1] for a in sys.argv if a.startswith('-DoutputDirectory=')]\n"
        f"os.makedirs(output); pathlib.Path(output, {jar_name(kafka_version())!r}).touch()",
    )
    first = fetch_libraries(tmp_path / "cache")
    assert fetch_libraries(tmp_path / "cache") == first
    assert [path.name for path in first.iterdir()] == [jar_name(kafka_version())]
    assert calls.read_text(encoding="utf-8") == "called\n"


def test_callers_at_once_all_get_the_same_whole_folder(programs: Path, tmp_path: Path) -> None:
    write_program(
        programs / "mvn",
        "import time\n"
        "[output] = [a.split('=', 1)[1] for a in sys.argv if a.startswith('-DoutputDirectory=')]\n"
        "os.makedirs(output); time.sleep(0.3)\n"
        f"pathlib.Path(output, {jar_name(kafka_version())!r}).touch()",
    )
    script = (
        "import pathlib, sys; from tools.kafka_server.libraries import fetch_libraries\n"
        "print(fetch_libraries(pathlib.Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "cache")]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    callers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(3)]
    answers = {caller.communicate(timeout=60)[0].strip() for caller in callers}
    assert answers == {str(tmp_path / "cache" / kafka_version())}
    assert all(caller.returncode == 0 for caller in callers)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [kafka_version()]
