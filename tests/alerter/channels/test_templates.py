"""Messages are written from templates; an operator's own replaces ours, and a broken one loses no alert."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from structlog.testing import capture_logs

from schemas import EmailChannel
from services.alerter.channels.email_message import email_of
from services.alerter.channels.slack import slack_message
from services.alerter.channels.teams import teams_body
from services.alerter.channels.templates import BUILT_IN, load_templates
from services.alerter.channels.terminal import layout
from services.shared.rules_files import RulesError
from tests.alerter.channels.messages import message

CHANNEL = EmailChannel(
    name="m", kind="email", to="desk@news.example", sender="t@news.example", host="smtp.news.example"
)
HOSTILE = "Dead & <b>wounded</b> <!channel> {{ alert }} in Koru"
OWN_TEXT = '{{ headline | upper }} / {{ alert.incident.toll.killed.low }} / {{ paragraphs[0] | join("|") }}'


def folder(tmp_path: Path, **templates: str) -> Path:
    for name, text in templates.items():
        (tmp_path / {"text": "text.j2", "mail": "mail.html.j2", "slack": "slack.j2"}[name]).write_text(text)
    return tmp_path


def test_where_there_is_no_folder_ours_are_used(tmp_path: Path) -> None:
    templates = load_templates(tmp_path / "none")
    assert templates.text(message()) == "Killed: at least 60\n  by the army's word"
    assert templates.slack(message()) == BUILT_IN.slack(message())


def test_an_operators_template_replaces_ours_wherever_that_text_is_written(tmp_path: Path) -> None:
    templates = load_templates(folder(tmp_path, text=OWN_TEXT))
    own = "AT LEAST 60 SOLDIERS KILLED IN KORU, MALI / 60 / Killed: at least 60| by the army's word"
    assert templates.text(message()) == own
    assert own in layout(message(), colour=False, templates=templates)
    plain = email_of(message(), CHANNEL, templates).get_body(("plain",))
    assert plain is not None
    assert own in plain.get_content()
    assert templates.mail(message()) == BUILT_IN.mail(message())


def test_a_slack_template_makes_a_section_of_each_part(tmp_path: Path) -> None:
    templates = load_templates(folder(tmp_path, slack=":bell: *{{ headline }}*\n\n_{{ alert.because }}_\n"))
    blocks = slack_message(message(headline=HOSTILE), "C1", templates)["blocks"]
    assert [block["text"]["text"] for block in blocks[:-1]] == [
        ":bell: *Dead &amp; &lt;b&gt;wounded&lt;/b&gt; &lt;!channel&gt; {{ alert }} in Koru*",
        "_At least 60 killed, and 50 or more are asked for._",
    ]


def test_what_an_article_says_is_never_taken_for_markup_or_template() -> None:
    written = BUILT_IN.mail(message(headline=HOSTILE, body=f"{HOSTILE}\n\n<script>x</script>\n"))
    assert "<b>" not in written
    assert "<script>" not in written
    assert "Dead &amp; &lt;b&gt;wounded&lt;/b&gt;" in written
    assert "{{ alert }}" in written


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("fine\n{% if %}", 2, "Expected an expression"),
        ("fine\n\n{{ nothing_of_the_kind }}", 3, "'nothing_of_the_kind' is undefined"),
        ("{{ alert.tolls }}", 1, "has no attribute 'tolls'"),
        ("{{ 1 // 0 }}", 1, "integer division or modulo by zero"),
        ("{{ headline.__class__.__mro__ }}", 1, "is unsafe"),
    ],
)
def test_a_template_that_fails_is_named_by_file_and_line_before_anything_is_sent(
    tmp_path: Path, template: str, line: int, said: str
) -> None:
    with pytest.raises(RulesError) as raised:
        load_templates(folder(tmp_path, text=template))
    (problem,) = raised.value.problems
    assert (Path(problem.file).name, problem.line) == ("text.j2", line)
    assert said in problem.message


def test_a_template_that_fails_on_one_alert_gives_way_to_ours(tmp_path: Path) -> None:
    templates = load_templates(folder(tmp_path, text="{{ 60 // (alert.sequence - 7) }}"))
    assert templates.text(message()) == "-10"
    with capture_logs() as logs:
        assert templates.text(message(sequence=7)) == BUILT_IN.text(message(sequence=7))
    assert [(entry["event"], entry["template"], entry["line"]) for entry in logs] == [("template_failed", "text.j2", 1)]


def test_no_template_commands_a_terminal(tmp_path: Path) -> None:
    templates = load_templates(folder(tmp_path, text="\x1b[31mred\x07 {{ headline }}"))
    assert templates.text(message()).startswith("red At least 60")


SOURCES = """\
Headline

Who says so:
- Koru Daily, "Raid on Koru", 4 May 2031 12:00 UTC, https://koru.example/raid?a=1&b=2
    killed: 60: "see http://evil.example/x"
- Evil, "read https://evil.example/y now", javascript:alert(1)
- Odd, "title", https://odd.example/"onmouseover="alert(1)
- Cut, "title", https://cut.example/long…

Certainty: likely
"""


def test_the_address_of_a_source_is_a_link_and_nothing_else_that_looks_like_one() -> None:
    told = message(headline="Headline", body=SOURCES)
    page = html.document_fromstring(BUILT_IN.mail(told))
    assert [link.get("href") for link in page.iter("a")] == ["https://koru.example/raid?a=1&b=2"]
    assert "see http://evil.example/x" in page.text_content()
    written = BUILT_IN.slack(told)
    assert re.findall("<[^>]*>", written) == ["<https://koru.example/raid?a=1&amp;b=2>"]
    assert '- Evil, "read https://evil.example/y now", javascript:alert(1)\n' in written
    (card,) = json.loads(teams_body(told))["attachments"]
    runs = card["content"]["body"][1]["inlines"]
    assert [run["selectAction"]["url"] for run in runs if "selectAction" in run] == [
        "https://koru.example/raid?a=1&b=2"
    ]
    assert "".join(run["text"] for run in runs) == BUILT_IN.text(told)
    # Telegram makes links by itself, and a terminal has none.
    assert "https://koru.example/raid?a=1&b=2\n" in BUILT_IN.text(told)


@given(st.text(), st.integers(1, 3000))
def test_a_card_says_all_of_its_text_whatever_is_in_it(said: str, length: int) -> None:
    told = message(headline="Headline", body=f"Headline\n\n- {said}, https://a.example/{'x' * length}\n{said}")
    (card,) = json.loads(teams_body(told))["attachments"]
    blocks = card["content"]["body"]
    shown = "".join(run["text"] for run in blocks[1]["inlines"]) if len(blocks) == 3 else ""
    assert shown == BUILT_IN.text(told)
