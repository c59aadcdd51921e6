"""The pages of a desk."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from lxml import html

from schemas import ArticleRef, Circle, Digest, IncidentStatus, Occurred, QuietHours, TimePrecision
from schemas.vocabulary import ClaimKind, Weekday
from services.console.showing import moment, safe_link, when
from tests.alerter.incidents import KORU, NOON, claim, exactly, incident, subscription
from tests.console.conftest import Console

DESK = subscription(killed_at_least=1)
CONSOLE = Path(__file__).parents[2] / "services/console"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \u202eevil'


async def page(client: httpx.AsyncClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return html.document_fromstring(answer.text)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


async def test_the_first_page_says_what_a_duty_officer_must_know(console: Console, client: httpx.AsyncClient) -> None:
    said = claim(ClaimKind.KILLED, exactly(60), "60 soldiers died")
    await console.see(
        incident(exactly(60), claims=(said,)),
        incident(3, incident_id="inc-2", as_of=NOON - timedelta(days=1)),
    )
    shown = await page(client, "/")
    first, second = (text_of(card) for card in shown.cssselect("li.card"))
    assert "severe armed attack 4 May 2031, 13:00 UTC" in first
    assert "60 people killed in an attack on an army post in Koru, Mali; JNIM claims it" in first
    assert "killed 60 – Koru Daily" in first.replace("60 Koru", "60 – Koru")
    assert "likely, 0 independent sources · Koru, Mopti, Mali" in first
    assert "At least 3" in second
    assert shown.cssselect("li.card h2 a")[0].get("href") == "/incidents/inc-1"


async def test_the_filter_of_the_first_page_is_the_one_of_the_api(console: Console, client: httpx.AsyncClient) -> None:
    await console.see(incident(), incident(incident_id="inc-2", place=None, regions=()))
    for query, count in (
        ("", 2), ("?place=ml", 1), ("?place=Sahel", 1), ("?place=atlantis", 0), ("?severity=extreme", 0),
        ("?severity=severe&type=armed_attack&q=jnim", 2), ("?type=flood", 0), ("?type=nonsense&severity=x", 2),
    ):  # fmt: skip
        shown = await page(client, f"/{query}")
        assert len(shown.cssselect("li.card")) == count, query
    shown = await page(client, "/?q=%22%3E%3Cscript%3E")
    assert shown.cssselect("#q")[0].get("value") == '"><script>'


async def test_older_incidents_are_a_link_away(console: Console, client: httpx.AsyncClient) -> None:
    await console.see(*(incident(incident_id=f"inc-{n:02}") for n in range(35)))
    shown = await page(client, "/?severity=severe")
    (older,) = shown.cssselect("a[rel=next]")
    rest = await page(client, older.get("href"))
    assert len(shown.cssselect("li.card")) + len(rest.cssselect("li.card")) == 35


async def test_an_incident_shows_claims_with_their_words_its_history_and_who_was_told(
    console: Console, client: httpx.AsyncClient
) -> None:
    first, second = incident(60, 1), incident(exactly(24), 2)
    await console.see(second)
    alert, correction = await console.tell(DESK, first, second)
    shown = await page(client, "/incidents/inc-1")
    whole = text_of(shown)
    assert [quote.text_content() for quote in shown.cssselect("blockquote")] == ["60 soldiers died"]
    assert shown.cssselect(".sources a")[0].get("href") == "https://koru.example/raid"
    assert shown.cssselect(".sources a")[0].get("rel") == "noopener noreferrer nofollow"
    told = [text_of(row) for row in shown.cssselect(".told")]
    assert told[0].startswith("correction pending")
    assert correction.headline in told[0]
    assert told[1].startswith("alert pending")
    assert f"#{alert.alert_id}" in [link.get("href") for link in shown.cssselect(".told a")]
    assert "Who was told" in whole


async def test_a_merged_incident_leads_to_what_it_became(console: Console, client: httpx.AsyncClient) -> None:
    merged = incident(incident_id="old", status=IncidentStatus.MERGED, merged_into="inc-1")
    await console.see(incident(), merged)
    answer = await client.get("/incidents/old")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/incidents/inc-1?from=old")
    assert "You asked for old" in text_of(await page(client, answer.headers["Location"]))
    itself = await page(client, "/incidents/old?as=itself")
    assert "This incident is merged" in text_of(itself)
    await page(client, "/incidents/nothing", 404)


async def test_an_article_puts_nothing_onto_a_page_but_text(console: Console, client: httpx.AsyncClient) -> None:
    said = claim(ClaimKind.KILLED, exactly(60), HOSTILE, people=HOSTILE)
    source = ArticleRef(article_id="a1", title=HOSTILE, source=HOSTILE, url="javascript:alert(1)", published_at=NOON)
    hostile = incident(
        exactly(60),
        claims=(said,),
        sources=(source,),
        place=KORU.model_copy(update={"name": HOSTILE}),
        occurred=Occurred(precision=TimePrecision.UNRESOLVED, text=HOSTILE),
    )
    await console.see(hostile)
    await console.tell(DESK, hostile)
    for path in ("/", "/incidents/inc-1", "/subscriptions/desk", "/incidents/%3Cscript%3E?from=%3Cscript%3E"):
        answer = await client.get(path)
        shown = html.document_fromstring(answer.text)
        assert [script.get("src") for script in shown.cssselect("script")] == ["/static/console.js"], path
        assert not shown.cssselect("img, iframe, object, style")
        assert not [name for element in shown.iter() for name in element.attrib if name.startswith("on")]
        assert not [link for link in shown.cssselect("a") if link.get("href").startswith("javascript")]
        assert "\u202e" not in answer.text
        assert "49" not in answer.text


@pytest.mark.parametrize("path", ["/", "/incidents/inc-1", "/subscriptions", "/subscriptions/desk", "/deliveries"])
async def test_a_page_can_be_used_by_keyboard_and_screen_reader(
    console: Console, client: httpx.AsyncClient, path: str
) -> None:
    await console.see(incident())
    await console.tell(DESK, incident())
    shown = await page(client, path)
    assert shown.get("lang") == "en"
    assert len(shown.cssselect("h1")) == 1
    assert len(shown.cssselect("main")) == 1
    assert shown.cssselect("body > a")[0].get("href") == "#main", "the first thing to reach is a way past the head"
    assert shown.cssselect("nav[aria-label] a[aria-current]")
    labelled = {label.get("for") for label in shown.cssselect("label")}
    fields = shown.cssselect("input:not([type=hidden]), select")
    assert {field.get("id") for field in fields} <= labelled
    ids = [element.get("id") for element in shown.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in shown.cssselect("[aria-labelledby]"):
        assert element.get("aria-labelledby") in ids
    assert not shown.xpath("//*[@style]"), "the policy allows no style in a page"
    levels = [int(element.tag[1]) for element in shown.cssselect("h1, h2, h3")]
    assert all(below - above <= 1 for above, below in pairwise(levels))


async def test_a_subscription_shows_its_warnings_and_what_it_rang(console: Console, client: httpx.AsyncClient) -> None:
    everything = subscription()
    (alert,) = await console.tell(everything, incident())
    listed = text_of(await page(client, "/subscriptions"))
    assert "it is told of every incident" in listed
    assert "1 alert" in listed
    shown = await page(client, "/subscriptions/desk")
    assert alert.headline in text_of(shown)
    kinds = {link.get("type") for link in shown.cssselect("head link[rel=alternate]")}
    assert kinds == {"application/atom+xml", "application/feed+json"}
    await page(client, "/subscriptions/nobody", 404)


async def test_a_subscription_shows_every_condition_in_words(console: Console, client: httpx.AsyncClient) -> None:
    asked = subscription(
        killed_at_least=10,
        regions=("sahel", "ML"),
        circles=(Circle(lat=1.5, lon=2.0, radius_km=30),),
        polygons=(((16, -2), (16, 1.5), (14, 1)),),
        quiet_hours=(
            QuietHours(start="22:00", end="06:00", days=(Weekday.FRIDAY, Weekday.SATURDAY)),
            QuietHours(start="12:00", end="13:00"),
        ),
        digest=Digest(at="07:00"),
        where="killed_high > 3 && '<b>' in weapons",
        hold=None,
        test=True,
    )
    await console.tell(asked)
    for path in ("/subscriptions", "/subscriptions/desk"):
        shown = text_of(await page(client, path))
        for words in (
            "sahel, ML",
            "30 km around 1.5, 2",
            "16, -2 to 16, 1.5 to 14, 1",
            "22:00 to 06:00 on fri, sat; 12:00 to 13:00",
            "at 07:00",
            "killed_high > 3 && '<b>' in weapons",
            "none",
            "yes",
        ):
            assert words in shown, (path, words)


async def test_deliveries_show_what_waits_also_where_kafka_does_not_answer(
    console: Console, client: httpx.AsyncClient
) -> None:
    await console.tell(DESK, incident())
    shown = text_of(await page(client, "/deliveries"))
    assert "Waiting1" in shown
    assert "console: 1, the oldest since 4 May 2031, 12:00 UTC" in shown
    assert "Dead letters?" in shown


def test_an_address_is_a_link_only_where_it_leads_onto_the_web() -> None:
    assert safe_link("https://koru.example/a?b=c") == "https://koru.example/a?b=c"
    for wrong in (
        None,
        "",
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "/local",
        "//host",
        "http://[",
        "https:",
    ):
        assert safe_link(wrong) == "", wrong


def test_a_time_is_told_no_closer_than_it_is_known() -> None:
    def occurred(precision: TimePrecision, **length: int) -> str:
        found = when(Occurred(start=NOON, end=NOON + timedelta(**length), precision=precision, text="then"))
        return re.sub("<[^>]*>", "", found)

    assert occurred(TimePrecision.HOUR, hours=1) == "4 May 2031, 12:00 UTC"
    assert occurred(TimePrecision.DAY, hours=12) == "4 May 2031"
    assert occurred(TimePrecision.WEEK, days=7) == "between 4 May 2031 and 11 May 2031"
    assert when(Occurred(precision=TimePrecision.UNRESOLVED, text="then")) == ""
    assert moment(None) == "–"


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_told_from_its_ground_in_both_schemes(scheme: int) -> None:
    style = (CONSOLE / "static/console.css").read_text()
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    pairs = [(ink, ground) for ink in ("ink", "soft", "link", "extreme") for ground in ("paper", "card")]
    pairs += [("tag-ink", tag) for tag in ("extreme", "severe", "moderate", "minor", "good", "link", "soft")]
    pairs += [("bar-ink", "bar"), ("warn-ink", "warn-paper")]
    for ink, ground in pairs:
        light, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
