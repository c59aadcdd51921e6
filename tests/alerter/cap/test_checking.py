"""The checker of CAP messages: each rule finds what breaks it, and a sound message passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerter.cap.checking import check

SOUND = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>koru-2</identifier>
  <sender>alerts@desk.example</sender>
  <sent>2031-05-04T12:30:00-00:00</sent>
  <status>Actual</status>
  <msgType>Update</msgType>
  <scope>Public</scope>
  <references>alerts@desk.example,koru-1,2031-05-04T11:30:00-00:00</references>
  <info>
    <language>en</language>
    <category>Security</category>
    <event>armed attack</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <expires>2031-05-05T12:30:00-00:00</expires>
    <headline>At least 60 killed in Koru</headline>
    <description>The army says that at least 60 died.</description>
    <web>https://desk.example/koru</web>
    <area>
      <areaDesc>Koru, Mali</areaDesc>
      <polygon>14,-3 14,-2 15,-2 14,-3</polygon>
      <circle>14.0,-3.0 5</circle>
      <geocode><valueName>ISO3166-1</valueName><value>ML</value></geocode>
    </area>
  </info>
</alert>
"""
SECOND_INFO = (
    "<info><language>fr</language><category>{category}</category><event>attaque</event><urgency>Immediate</urgency>"
    "<severity>Severe</severity><certainty>Likely</certainty><expires>2031-05-05T12:30:00-00:00</expires>"
    "<headline>{headline}</headline><description>{description}</description><area><areaDesc>Koru</areaDesc>"
    "<geocode><valueName>ISO3166-1</valueName><value>ML</value></geocode></area></info></alert>"
)


def changed(old: str, new: str) -> bytes:
    assert SOUND.count(old) >= 1, old
    return SOUND.replace(old, new).encode()


def test_a_sound_message_has_no_findings() -> None:
    assert check(SOUND.encode()) == []


@pytest.mark.parametrize(
    ("old", "new", "element", "says"),
    [
        ("<identifier>koru-2", "<identifier>koru 2", "identifier", "white space"),
        ("<identifier>koru-2", "<identifier>", "identifier", "empty"),
        ("<sender>alerts@desk.example", "<sender>a,b", "sender", "comma"),
        ("12:30:00-00:00</sent>", "12:30:00Z</sent>", "sent", "pattern"),
        ("<status>Actual", "<status>Real", "status", "Real"),
        ("<references>alerts@desk.example,koru-1,2031-05-04T11:30:00-00:00</references>", "", "msgType", "references"),
        ("koru-1,2031-05-04T11:30:00-00:00", "koru-1", "references", "sender,identifier,sent"),
        ("koru-1,2031", "koru-2,2031", "references", "names itself"),
        ("koru-1,2031-05-04T11", "koru-1,2031-05-04T13", "references", "later than this message"),
        ("<scope>Public", "<scope>Restricted", "scope", "restriction"),
        ("<scope>Public", "<scope>Private", "scope", "addresses"),
        ("</scope>", "</scope><restriction>staff</restriction>", "restriction", "Public"),
        ("<language>en", "<language>english language", "language", "RFC 3066"),
        ("<expires>2031-05-05", "<expires>2031-05-03", "expires", "no later than sent"),
        ("https://desk.example/koru", "/koru", "web", "no absolute address"),
        ("14,-3 14,-2 15,-2 14,-3", "14,-3 14,-2 14,-3", "polygon", "at least 4 points"),
        ("14,-3 14,-2 15,-2 14,-3", "14,-3 14,-2 15,-2 15,-3", "polygon", "not closed"),
        ("14,-3 14,-2 15,-2 14,-3", "14,-3 15,-2 14,-2 15,-3 14,-3", "polygon", "crosses itself"),
        ("14,-3 14,-2", "140,-3 14,-2", "polygon", "no position"),
        ("14.0,-3.0 5", "14.0,-3.0 0", "circle", "radius"),
        ("14.0,-3.0 5", "14.0,-3.0", "circle", "radius in kilometres"),
        ("</geocode>", "</geocode><ceiling>900</ceiling>", "ceiling", "altitude"),
    ],
)
def test_what_breaks_cap_is_an_error_at_its_element(old: str, new: str, element: str, says: str) -> None:
    found = [finding for finding in check(changed(old, new)) if finding.error]
    assert any(finding.element == element and says in finding.message for finding in found), found


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<msgType>Update", "<msgType>Alert", "an Update"),
        ("<expires>2031-05-05T12:30:00-00:00</expires>", "", "when to take it down"),
        ("12:30:00-00:00</sent>", "12:30:00+00:00</sent>", "-00:00"),
        ("The army says that at least 60 died.", "At least 60 killed in Koru", "no more than headline"),
        ("At least 60 killed in Koru", "K" * 161, "161 characters"),
        ("<headline>At least 60 killed in Koru</headline>", "", "without a headline"),
        ("At least 60 killed", "At least &lt;b&gt;60&lt;/b&gt; killed", "HTML"),
        ("At least 60 killed", "Fire &amp;amp; flood kill", "HTML"),
        ("<geocode><valueName>ISO3166-1</valueName><value>ML</value></geocode>", "", "beside a polygon"),
    ],
)
def test_what_receivers_trip_over_is_a_warning(old: str, new: str, says: str) -> None:
    found = check(changed(old, new))
    assert any(not finding.error and says in finding.message for finding in found), found
    assert not any(finding.error for finding in found)


def test_a_message_that_is_unknown_in_everything_is_warned_of() -> None:
    text = SOUND
    for word in ("<urgency>Immediate", "<severity>Severe", "<certainty>Likely"):
        text = text.replace(word, word.partition(">")[0] + ">Unknown")
    assert any("all Unknown" in finding.message for finding in check(text.encode()))


@pytest.mark.parametrize(
    ("category", "headline", "description", "says"),
    [
        (
            "Security",
            "At least 60 killed in Koru",
            "The army says that at least 60 died.",
            "another language by its code",
        ),
        ("Fire", "Au moins 60 morts", "Selon l'armee, 60 morts.", "its category differs"),
    ],
)
def test_infos_are_one_event_in_several_languages(category: str, headline: str, description: str, says: str) -> None:
    second = SECOND_INFO.format(category=category, headline=headline, description=description)
    found = check(changed("</alert>", second))
    assert any(says in finding.message for finding in found), found


def test_a_finding_names_its_line() -> None:
    line = SOUND.splitlines().index("      <circle>14.0,-3.0 5</circle>") + 1
    assert [finding.line for finding in check(changed("14.0,-3.0 5", "14.0,-3.0 -1")) if finding.error] == [line]


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (b"", "not XML"),
        (b"<alert>", "not XML"),
        (b"<alert/>", "no namespace"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "feed of http://www.w3.org/2005/Atom"),
        (b"<" + b"a" * 1_000_001, "bytes"),
        (b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 50 + b'">]><a>&b;</a>', "document type"),
    ],
)
def test_what_is_no_cap_message_is_said_plainly(message: bytes, says: str) -> None:
    (found,) = check(message)
    assert found.error
    assert says in found.message


def test_entities_that_grow_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "boom">{levels}]>' + SOUND.partition("?>")[2].replace("Koru, Mali", "&e8;")
    assert any(finding.error for finding in check(bomb.encode()))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(0, len(SOUND)))
def test_no_text_makes_the_checker_fail(text: str, at: int) -> None:
    assert isinstance(check((SOUND[:at] + text + SOUND[at:]).encode()), list)


@given(st.lists(st.text("0123456789.,-einfa ", max_size=8), max_size=12))
def test_no_shape_makes_the_checker_fail(points: list[str]) -> None:
    assert isinstance(check(changed("14,-3 14,-2 15,-2 14,-3", " ".join(points))), list)
