"""Messages are written from templates; an operator's own replaces ours, and a broken one loses no alert."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from schemas import EmailChannel
from services.alerter.channels.email_message import email_of
from services.alerter.channels.slack import slack_message
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
    html = BUILT_IN.mail(message(headline=HOSTILE, body=f"{HOSTILE}\n\n<script>x</script>\n"))
    assert "<b>" not in html
    assert "<script>" not in html
    assert "Dead &amp; &lt;b&gt;wounded&lt;/b&gt;" in html
    assert "{{ alert }}" in html


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
