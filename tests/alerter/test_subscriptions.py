"""rules/subscriptions.yaml: what is wrong in it is named by line and field, all of it at once."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from services.alerter.channels.addresses import AllowedDestinations
from services.alerter.subscriptions import LoadedSubscriptions, load_subscriptions
from services.shared.rules_files import RulesError

SHIPPED = Path(__file__).resolve().parents[2] / "rules"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
REGIONS = {"sahel", "lake-chad-basin", "ML", "NG", "ML-5"}
CHANNELS = """\
channels:
  - name: console
    kind: terminal
"""


def explain(region: str) -> str | None:
    return None if region in REGIONS else f'there is no region "{region}"'


def load(folder: Path, text: str, **environment: str) -> LoadedSubscriptions:
    (folder / "subscriptions.yaml").write_text(text)
    return load_subscriptions(folder, explain, environment)


def problems(folder: Path, text: str, **environment: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(RulesError) as caught:
        load(folder, text, **environment)
    return [(one.line, one.field, one.message) for one in caught.value.problems]


def test_the_shipped_file_rings_once_fifty_have_died_and_asks_for_nothing_else() -> None:
    loaded = load_subscriptions(SHIPPED, explain, {})
    (compiled,) = loaded.subscriptions
    assert compiled.subscription.model_dump(exclude_defaults=True) == {
        "name": "mass-casualty",
        "channel": "console",
        "killed_at_least": 50,
    }
    assert [channel.kind for channel in loaded.channels.values()] == ["terminal"]
    assert loaded.notes == ()


def test_what_the_shipped_file_shows_in_comments_can_be_used(tmp_path: Path) -> None:
    shown = []
    for line in (SHIPPED / "subscriptions.yaml").read_text().splitlines():
        bare = line.strip().removeprefix("#").removeprefix(" ")
        indent = len(line) - len(line.lstrip())
        field = bare.lstrip("- ").partition(":")[0]
        example = line.lstrip().startswith("# ") and indent == 2 and field.replace("_", "").isalpha() and ":" in bare
        shown.append(" " * 2 + bare if example else "" if line.lstrip().startswith("#") else line)
    tokens = {"SMTP_PASSWORD": "p", "SLACK_TOKEN": "xoxb-a", "TELEGRAM_TOKEN": "1:a", "PAGERDUTY_KEY": "a1" * 16}
    tokens["APPRISE_URL"] = "ntfy://topic"
    teams = "https://teams.example/workflows/a"
    loaded = load(tmp_path, "\n".join(shown) + "\n", DUTY_DESK_SECRET=SECRET, TEAMS_URL=teams, **tokens)
    names = {"console", "log", "duty-desk", "mail", "newsroom", "field", "teams", "on-call", "archive", "tail"}
    assert names == set(loaded.channels)
    assert loaded.secrets["teams"].get_secret_value() == teams
    assert [one.subscription.name for one in loaded.subscriptions] == ["mass-casualty", "sahel-bases"]
    assert loaded.subscriptions[1].condition is not None


def test_every_mistake_is_named_at_once_by_line_and_field(tmp_path: Path) -> None:
    text = (
        CHANNELS
        + """\
  - name: console
    kind: file
    path: x.jsonl
  - name: desk
    kind: webhook
    url: https://desk.example/hook
    secret_env: DESK_SECRET
subscriptions:
  - name: one
    channel: nowhere
    regions: [sahel, sahell]
  - name: one
    channel: console
    where: kiled > 3
"""
    )
    found = problems(tmp_path, text)
    assert [(line, field) for line, field, _ in found] == [
        (4, "channels[1].name"),
        (10, "channels[2].secret_env"),
        (13, "subscriptions[0].channel"),
        (14, "subscriptions[0].regions[1]"),
        (15, "subscriptions[1].name"),
        (17, "subscriptions[1].where"),
    ]
    messages = [message for _, _, message in found]
    assert "console is given twice" in messages[0]
    assert "DESK_SECRET is not set" in messages[1]
    assert "there are: console, desk" in messages[2]
    assert "sahell" in messages[3]
    assert "one is given twice" in messages[4]
    assert "kiled" in messages[5]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://localhost/hook", "localhost is loopback; set allow_private_address: true"),
        ("http://a.localhost/hook", "is loopback"),
        ("http://10.1.2.3/hook", "10.1.2.3 is private"),
        ("http://[::1]:8080/hook", "not a public IPv6 address"),
        ("http://[::ffff:8.8.8.8]/hook", "an IPv4 address in IPv6 form"),
        ("https://user:pass@desk.example/hook", "holds a user or password"),
        ("https://desk.example:99999/hook", "this is no URL"),
        ("https://[::1/hook", "this is no URL"),
        ("https:///hook", "names no host"),
    ],
)
def test_an_endpoint_that_would_be_refused_is_named_before_anybody_needs_it(
    tmp_path: Path, url: str, said: str
) -> None:
    text = f"""\
channels:
  - name: desk
    kind: webhook
    url: "{url}"
    secret_env: DESK_SECRET
subscriptions: []
"""
    ((line, field, message),) = problems(tmp_path, text, DESK_SECRET=SECRET)
    assert (line, field) == (4, "channels[0].url")
    assert said in message


def test_an_endpoint_inside_is_taken_where_that_is_meant(tmp_path: Path) -> None:
    text = """\
channels:
  - name: desk
    kind: webhook
    url: http://10.1.2.3/hook
    secret_env: DESK_SECRET
    allow_private_address: true
subscriptions: []
"""
    loaded = load(tmp_path, text, DESK_SECRET=SECRET)
    assert loaded.secrets["desk"].get_secret_value() == SECRET
    assert SECRET not in repr(loaded)


def test_a_secret_that_is_none_is_named_by_its_variable_and_not_repeated(tmp_path: Path) -> None:
    text = """\
channels:
  - name: desk
    kind: webhook
    url: https://desk.example/hook
    secret_env: DESK_SECRET
subscriptions: []
"""
    ((line, _, message),) = problems(tmp_path, text, DESK_SECRET="hunter2")
    assert (line, message) == (5, "the secret in DESK_SECRET must begin with whsec_ (HMAC) or whsk_ (Ed25519)")


def test_a_region_that_a_condition_compares_with_must_exist(tmp_path: Path) -> None:
    text = (
        CHANNELS
        + """\
subscriptions:
  - name: one
    channel: console
    where: '"sahell" in regions || country == "ML"'
"""
    )
    ((line, field, message),) = problems(tmp_path, text)
    assert (line, field) == (7, "subscriptions[0].where")
    assert "sahell" in message


def test_what_is_probably_not_meant_is_noted(tmp_path: Path) -> None:
    text = (
        CHANNELS
        + """\
  - name: log
    kind: file
    path: x.jsonl
subscriptions:
  - name: all
    channel: console
    test: true
"""
    )
    assert load(tmp_path, text).notes == (
        "No subscription uses the channel log.",
        "The subscription all has no condition: it is told of every incident.",
    )


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        ("time_zone: Africa/Bamaco", "time_zone", "did you mean Africa/Bamako?"),
        ("time_zone: Europe", "time_zone", 'there is no time zone "Europe"'),
        ('quiet_hours: [{start: "22:00", end: "25:00"}]', "quiet_hours[0].end", '"25:00" does not have the form'),
        ('quiet_hours: [{start: "22:00"}]', "quiet_hours[0].end", "is missing; add it"),
        ('digest: {at: "07:00", days: [montag]}', "digest.days[0]", "mon, tue, wed"),
        ("circles: [{lat: 95, lon: 0, radius_km: 5}]", "circles[0].lat", "less than or equal to 90, not 95"),
        ("circles: [{lat: 5, lon: 0, radius_km: 0}]", "circles[0].radius_km", "greater than 0, not 0"),
        ("polygons: [[[0, 0], [0, 1]]]", "polygons[0]", "at least three different points"),
        ("polygons: [[[0, 0], [2, 2], [0, 2], [2, 0]]]", "polygons[0]", "do not make a polygon"),
        ("certainty_at_least: unlikely", "certainty_at_least", "Allowed: possible, likely, observed"),
        ("on: lowest", "on", "did you mean low?"),
        ("killed_at_least: 0", "killed_at_least", "greater than or equal to 1, not 0"),
        ("group_by: [place]", "group_by[0]", "country, division, type, family"),
        ("expires: 2031-01-01", "expires", "must"),
        ("languages: [eng]", "languages[0]", '"eng" does not have the form'),
        ("alerts_per_hour: some", "alerts_per_hour", "must be a whole number"),
    ],
)
def test_a_mistake_in_what_is_asked_for_is_named_by_line_and_field(
    tmp_path: Path, line: str, field: str, said: str
) -> None:
    text = CHANNELS + f"subscriptions:\n  - name: one\n    channel: console\n    {line}\n"
    ((number, found, message),) = problems(tmp_path, text)
    assert (number, found) == (7, f"subscriptions[0].{field}")
    assert said in message


def test_who_is_told_when_a_channel_is_switched_off_is_another_channel_that_exists(tmp_path: Path) -> None:
    text = """\
channels:
  - name: desk
    kind: file
    path: a
    owner_channel: desk
  - name: log
    kind: file
    path: b
    owner_channel: nobody
subscriptions:
  - name: tocsin
    channel: desk
"""
    found = problems(tmp_path, text)
    assert [(line, field) for line, field, _ in found] == [
        (5, "channels[0].owner_channel"),
        (9, "channels[1].owner_channel"),
        (11, "subscriptions[0].name"),
    ]
    assert "name another channel" in found[0][2]
    assert "there is no channel nobody; there are: desk, log" in found[1][2]


def test_an_endpoint_inside_that_the_operator_allows_is_no_mistake_and_what_is_allowed_goes_with_the_channels(
    tmp_path: Path,
) -> None:
    (tmp_path / "subscriptions.yaml").write_text(
        "channels: [{name: desk, kind: webhook, url: 'https://10.1.2.3/hook', secret_env: KEY}]\n"
        "subscriptions: [{name: all, channel: desk}]\n"
    )
    secrets = {"KEY": "whsec_" + "YWFh" * 10}
    allowed = AllowedDestinations.written(["10.1.0.0/16"])
    assert load_subscriptions(tmp_path, explain, secrets, allowed=allowed).allowed is allowed
    with pytest.raises(RulesError, match=r"10\.1\.2\.3 is private"):
        load_subscriptions(tmp_path, explain, secrets)
