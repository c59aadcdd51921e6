"""The first line of a message is correct English for every combination of what an incident may hold."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from schemas import Figure, IncidentType, Perpetrator, Place, Target, Toll
from schemas.vocabulary import ClaimKind, Modifier, PlacePrecision, Responsibility, Stage, Whose
from services.alerter.policy.headline import LONGEST, headline_of
from tests.alerter.incidents import KORU, at_least, claim, exactly, incident

C = ClaimKind
JNIM = Perpetrator(name="JNIM", responsibility=Responsibility.CLAIMED_OR_ADMITTED)
DOZENS = Figure(low=24, best=24, modifier=Modifier.VAGUE)
NO_NUMBER = Figure(modifier=Modifier.VAGUE)
ABOUT_40 = Figure(low=36, best=40, high=44, modifier=Modifier.APPROXIMATELY)
UP_TO_30 = Figure(low=0, high=30, modifier=Modifier.AT_MOST)
THREE_TO_FIVE = Figure(low=3, best=4, high=5, modifier=Modifier.RANGE)


def line(
    figure: Figure | None,
    kind: ClaimKind = C.KILLED,
    *,
    people: str = "",
    quote: str = "words of the article",
    whose: Whose = Whose.VICTIMS,
    **slots: Any,
) -> str:
    toll = Toll(**{kind.value: figure}) if figure else Toll()
    claims = (claim(kind, figure, quote, people=people, whose=whose),) if figure else ()
    values: dict[str, Any] = {"toll": toll, "claims": claims, "perpetrators": (), "targets": ()} | slots
    return headline_of(incident(None, **values))


T = IncidentType


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            line(
                at_least(60),
                people="soldiers",
                perpetrators=(JNIM,),
                targets=(Target(kind="m", text="a military base"),),
            ),
            "At least 60 soldiers killed in an attack on a military base in Koru, Mali; JNIM claims it",
        ),
        (line(exactly(1), people="a soldier"), "One soldier killed in an attack in Koru, Mali"),
        (line(exactly(1), people="soldiers"), "One person killed in an attack in Koru, Mali"),
        (line(at_least(1)), "At least one person killed in an attack in Koru, Mali"),
        (line(exactly(3), people="three children"), "3 children killed in an attack in Koru, Mali"),
        (line(exactly(3), people="three members"), "3 people killed in an attack in Koru, Mali"),
        (line(exactly(3), people="three lives"), "3 people killed in an attack in Koru, Mali"),
        (line(exactly(3), people="family members"), "3 family members killed in an attack in Koru, Mali"),
        (
            line(exactly(3), people="members of a militia"),
            "3 members of a militia killed in an attack in Koru, Mali",
        ),
        (line(exactly(3), people="child"), "3 people killed in an attack in Koru, Mali"),
        (line(exactly(0)), "Nobody killed in an attack in Koru, Mali"),
        (line(exactly(12_500), type=T.EARTHQUAKE), "12,500 people killed in an earthquake in Koru, Mali"),
        (
            line(DOZENS, quote="Dozens of villagers", people="villagers"),
            "Dozens of villagers killed in an attack in Koru, Mali",
        ),
        (line(DOZENS), "At least 24 people killed in an attack in Koru, Mali"),
        (
            line(Figure(low=3, best=3, modifier=Modifier.VAGUE), quote="several"),
            "Several people killed in an attack in Koru, Mali",
        ),
        (line(NO_NUMBER), "An unknown number of people killed in an attack in Koru, Mali"),
        (line(ABOUT_40), "About 40 people killed in an attack in Koru, Mali"),
        (line(UP_TO_30), "Up to 30 people killed in an attack in Koru, Mali"),
        (line(THREE_TO_FIVE), "Between 3 and 5 people killed in an attack in Koru, Mali"),
        (line(exactly(9), C.WOUNDED), "9 people wounded in an attack in Koru, Mali"),
        (line(exactly(9), C.WOUNDED, type=T.ROAD_ACCIDENT), "9 people injured in a road accident in Koru, Mali"),
        (
            line(at_least(40), C.MISSING, type=T.MARITIME_ACCIDENT),
            "At least 40 people missing after a boat accident in Koru, Mali",
        ),
        (
            line(exactly(12), C.ABDUCTED, people="schoolgirls", type=T.ABDUCTION),
            "12 schoolgirls abducted in Koru, Mali",
        ),
        (
            line(exactly(2), C.ABDUCTED, type=T.HOSTAGE_TAKING),
            "2 people taken hostage in Koru, Mali",
        ),
        (
            line(exactly(2), C.ABDUCTED, type=T.HOSTAGE_TAKING, targets=(Target(kind="b", text="a bank"),)),
            "2 people taken hostage at a bank in Koru, Mali",
        ),
        (line(exactly(900), C.DISPLACED, type=T.FLOOD), "900 people displaced by a flood in Koru, Mali"),
        (line(exactly(2), type=T.KILLING), "2 people killed in Koru, Mali"),
        (line(None), "Attack in Koru, Mali"),
        (line(None, stage=Stage.THREATENED), "Threatened attack in Koru, Mali"),
        (line(None, type=T.FLOOD, place=None), "Flood, place not stated"),
        (line(exactly(4), place=None), "4 people killed in an attack, place not stated"),
        (
            line(exactly(4), stage=Stage.ATTEMPTED, type=T.BOMBING),
            "4 people killed in an attempted bombing in Koru, Mali",
        ),
        (
            line(
                exactly(13),
                people="extremists",
                whose=Whose.ATTACKERS,
                toll=Toll(killed=exactly(13), killed_attackers=exactly(13)),
            ),
            "13 extremists killed in an attack in Koru, Mali",
        ),
        (
            line(exactly(13), people="soldiers", toll=Toll(killed=exactly(13), killed_attackers=exactly(13))),
            "13 attackers killed in an attack in Koru, Mali",
        ),
        (
            line(
                exactly(21),
                people="shoppers",
                type=T.SUICIDE_BOMBING,
                toll=Toll(killed=exactly(21), killed_attackers=exactly(1)),
            ),
            "21 shoppers killed, one attacker among them, in a suicide bombing in Koru, Mali",
        ),
        (
            line(exactly(21), place=None, type=T.KILLING, toll=Toll(killed=exactly(21), killed_attackers=at_least(2))),
            "21 people killed, at least 2 attackers among them, place not stated",
        ),
        (
            line(
                exactly(4),
                place=Place(name="the Philippines", country="PH", precision=PlacePrecision.COUNTRY),
                type=T.STORM,
            ),
            "4 people killed in a storm in the Philippines",
        ),
        (
            line(
                exactly(4),
                place=Place(name="Philippines", country="PH", precision=PlacePrecision.COUNTRY),
                type=T.STORM,
            ),
            "4 people killed in a storm in the Philippines",
        ),
        (
            line(exactly(4), place=Place(name="Marawi", country="PH", precision=PlacePrecision.EXACT)),
            "4 people killed in an attack in Marawi, Philippines",
        ),
        (
            line(exactly(4), place=Place(name="Elsewhere", precision=PlacePrecision.COUNTRY)),
            "4 people killed in an attack in Elsewhere",
        ),
        (
            line(exactly(4), targets=(Target(kind="m", text="army post in Koru"),)),
            "4 people killed in an attack on an army post in Koru, Mali",
        ),
        (
            line(exactly(4), targets=(Target(kind="m", text="the base"),)),
            "4 people killed in an attack on the base in Koru, Mali",
        ),
        (
            line(exactly(4), targets=(Target(kind="m", text="villagers"),)),
            "4 people killed in an attack on villagers in Koru, Mali",
        ),
        (
            line(exactly(4), targets=(Target(kind="m", text="university"),)),
            "4 people killed in an attack on a university in Koru, Mali",
        ),
        (
            line(exactly(2), type=T.ABDUCTION, toll=Toll(killed=exactly(2), abducted=exactly(23))),
            "2 people killed and 23 abducted in Koru, Mali",
        ),
        (
            line(exactly(2), type=T.FLOOD, toll=Toll(killed=exactly(2), missing=at_least(2))),
            "2 people killed and at least 2 missing in a flood in Koru, Mali",
        ),
        (
            line(
                exactly(2),
                type=T.FLOOD,
                toll=Toll(killed=exactly(2), missing=DOZENS),
                claims=(claim(C.MISSING, DOZENS, "dozens are missing"),),
            ),
            "2 people killed and dozens missing in a flood in Koru, Mali",
        ),
        (
            line(exactly(3), toll=Toll(killed=exactly(3), killed_attackers=exactly(1), abducted=exactly(5))),
            "3 people killed, one attacker among them, and 5 abducted in an attack in Koru, Mali",
        ),
        (
            line(exactly(3), type=T.FLOOD, toll=Toll(killed=exactly(3), missing=exactly(2))),
            "3 people killed in a flood in Koru, Mali",
        ),
        (
            line(exactly(3), toll=Toll(killed=exactly(3), abducted=Figure(modifier=Modifier.VAGUE))),
            "3 people killed in an attack in Koru, Mali",
        ),
        (
            line(exactly(4), people="a pregnant woman and her child"),
            "4 people killed in an attack in Koru, Mali",
        ),
        (
            line(exactly(4), people="women and children"),
            "4 women and children killed in an attack in Koru, Mali",
        ),
        (
            line(exactly(4), people="villagers", targets=(Target(kind="v", text="villagers"),)),
            "4 villagers killed in an attack in Koru, Mali",
        ),
        (
            line(exactly(4), type=T.SHOOTING, targets=(Target(kind="p", text="police"),)),
            "4 people killed in a shooting in Koru, Mali",
        ),
        (
            line(exactly(4), type=T.SHOOTING, targets=(Target(kind="t", text="a passenger bus"),)),
            "4 people killed in a shooting in Koru, Mali",
        ),
        (
            line(exactly(4), type=T.STABBING, targets=(Target(kind="p", text="police headquarters"),)),
            "4 people killed in a stabbing at police headquarters in Koru, Mali",
        ),
        (
            line(
                exactly(4), place=KORU.model_copy(update={"name": "Swat Valley", "precision": PlacePrecision.DIVISION})
            ),
            "4 people killed in an attack in the Swat Valley, Mali",
        ),
        (
            line(exactly(4), place=KORU.model_copy(update={"name": "Simi Valley"})),
            "4 people killed in an attack in Simi Valley, Mali",
        ),
        (
            line(exactly(4), place=Place(name="West Bank", country="PS", precision=PlacePrecision.DIVISION)),
            "4 people killed in an attack in the West Bank, Palestinian territories",
        ),
        (
            line(exactly(4), place=Place(name="Bouvet Island", country="BV", precision=PlacePrecision.COUNTRY)),
            "4 people killed in an attack on Bouvet Island",
        ),
        (
            line(exactly(4), place=Place(name="Isle of Man", country="IM", precision=PlacePrecision.COUNTRY)),
            "4 people killed in an attack on the Isle of Man",
        ),
        (
            line(exactly(4), place=Place(name="Rhode Island", country="US", precision=PlacePrecision.DIVISION)),
            "4 people killed in an attack in Rhode Island, United States",
        ),
        (
            line(exactly(4), place=Place(name="Gulf of Guinea", precision=PlacePrecision.DISTRICT)),
            "4 people killed in an attack in the Gulf of Guinea",
        ),
        (line(exactly(4), targets=(Target(kind="m", text="Koru"),)), "4 people killed in an attack in Koru, Mali"),
    ],
)
def test_a_headline_reads_so(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize(
    ("name", "responsibility", "said"),
    [
        ("JNIM", Responsibility.CLAIMED_OR_ADMITTED, "JNIM claims it"),
        ("Houthis", Responsibility.CLAIMED_OR_ADMITTED, "Houthis claim it"),
        ("Hamas", Responsibility.CLAIMED_OR_ADMITTED, "Hamas claims it"),
        ("ISIS", Responsibility.CLAIMED_OR_ADMITTED, "ISIS claims it"),
        ("gunmen", Responsibility.CLAIMED_OR_ADMITTED, "gunmen claim it"),
        ("gunmen", Responsibility.REPORTED_AS_FACT, "carried out by gunmen"),
        ("Boko Haram", Responsibility.SUSPECTED_BY_AUTHORITIES, "authorities suspect Boko Haram"),
        ("suspected militants", Responsibility.SUSPECTED, "militants suspected"),
        ("ADF", Responsibility.POSSIBLE, "possibly by ADF"),
        ("ADF", Responsibility.DENIED, "ADF denies it"),
        ("Maoists", Responsibility.DENIED, "Maoists deny it"),
        ("Proud Boys", Responsibility.CLAIMED_OR_ADMITTED, "Proud Boys claim it"),
        ("Abu Abbas", Responsibility.CLAIMED_OR_ADMITTED, "Abu Abbas claims it"),
    ],
)
def test_who_did_it_is_said_as_firmly_as_it_is_known(name: str, responsibility: Responsibility, said: str) -> None:
    perpetrators = (Perpetrator(name=name, responsibility=responsibility),)
    assert line(exactly(2), perpetrators=perpetrators) == f"2 people killed in an attack in Koru, Mali; {said}"


@pytest.mark.parametrize(
    ("name", "alias", "said"),
    [
        ("Suicide bomber", "suicide bomber", "carried out by a suicide bomber"),
        ("Armed men", "armed men", "carried out by armed men"),
        ("Boko Haram", "Nigerian Taliban", "carried out by Boko Haram"),
        ("Suicide Car Bomber", "unidentified armed group", "carried out by a suicide car bomber"),
        ("Militants", "unidentified armed group", "carried out by militants"),
        ("Mexican drug cartel", "unidentified armed group", "carried out by a Mexican drug cartel"),
        ("Aballa men", "unidentified armed group", "carried out by Aballa men"),
        ("Russia", "military forces of Russia", "carried out by Russia"),
        ("military", "military forces of Nigeria", "carried out by the military"),
        ("Chinese police", "police forces of China", "carried out by Chinese police"),
        ("jihadist", "unidentified armed group", "carried out by a jihadist"),
        ("US student", "schoolboy", "carried out by a US student"),
        ("al-Shabaab", "Harakat", "carried out by al-Shabaab"),
        ("Saudi-led coalition", "Arab coalition", "carried out by the Saudi-led coalition"),
        ("17-year-old student", "unidentified armed group", "carried out by a 17-year-old student"),
        ("18-year-old student", "unidentified armed group", "carried out by an 18-year-old student"),
        ("8-year-old boy", "unidentified armed group", "carried out by an 8-year-old boy"),
    ],
)
def test_a_description_stands_in_the_headline_as_one(name: str, alias: str, said: str) -> None:
    done = Perpetrator(name=name, aliases=(alias,), responsibility=Responsibility.REPORTED_AS_FACT)
    assert headline_of(incident(60, perpetrators=(done,))).endswith(f"; {said}")


@pytest.mark.parametrize("name", ["man", "Suspect", "attackers"])
def test_somebody_who_is_only_called_somebody_goes_unnamed(name: str) -> None:
    done = Perpetrator(name=name, aliases=("unidentified armed group",))
    assert headline_of(incident(60, perpetrators=(done,))).endswith("in Koru, Mali")


def test_the_police_who_own_up_take_a_plural_verb() -> None:
    done = Perpetrator(
        name="Police",
        aliases=("police", "police forces of Kenya"),
        responsibility=Responsibility.CLAIMED_OR_ADMITTED,
    )
    assert headline_of(incident(60, perpetrators=(done,))).endswith("; police claim it")


def test_a_part_of_a_country_that_is_named_after_it_does_not_repeat_it() -> None:
    place = Place(name="central Mali", country="ML", precision=PlacePrecision.COUNTRY)
    assert line(exactly(2), place=place).startswith("2 people killed in an attack in central Mali")
    assert "Mali, Mali" not in line(exactly(2), place=place)


def test_the_firmest_of_several_perpetrators_is_named() -> None:
    denies = Perpetrator(name="ADF", responsibility=Responsibility.DENIED)
    assert line(exactly(2), perpetrators=(denies, JNIM)).endswith("; JNIM claims it")


def test_a_long_name_is_given_by_its_initials() -> None:
    name, aliases = "Jamaat Nusrat al-Islam", ("the group", "JNIM", "GSIM")
    long = Perpetrator(name=name, aliases=aliases, responsibility=Responsibility.CLAIMED_OR_ADMITTED)
    assert line(exactly(2), perpetrators=(long,)).endswith("; JNIM claims it")
    assert line(exactly(2), perpetrators=(long.model_copy(update={"aliases": ()}),)).endswith(f"; {name} claims it")


def test_a_short_name_is_not_given_by_initials_that_nobody_knows() -> None:
    group = Perpetrator(name="Boko Haram", aliases=("JAS",), responsibility=Responsibility.CLAIMED_OR_ADMITTED)
    assert line(exactly(2), perpetrators=(group,)).endswith("; Boko Haram claims it")


def test_both_sides_carry_out_a_clash() -> None:
    soldiers = Perpetrator(name="soldiers", aliases=("military forces of Mali",))
    assert line(exactly(2), type=T.ARMED_CLASH, perpetrators=(soldiers,)).endswith("in an armed clash in Koru, Mali")
    assert line(exactly(2), type=T.ARMED_CLASH, perpetrators=(JNIM,)).endswith("; JNIM claims it")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("US embassy", "a US embassy"),
        ("UNHCR camp", "a UNHCR camp"),
        ("UNRWA school", "an UNRWA school"),
        ("MSF hospital", "an MSF hospital"),
        ("NGO office", "an NGO office"),
        ("NATO base", "a NATO base"),
        ("MINUSMA camp", "a MINUSMA camp"),
        ("AU base", "an AU base"),
        ("RSF camp", "an RSF camp"),
        ("EU office", "an EU office"),
        ("Shia mosque", "a Shia mosque"),
        ("Hotel Splendid", "Hotel Splendid"),
        ("Camp Bastion", "Camp Bastion"),
        ("University of Nairobi", "the University of Nairobi"),
        ("Afghan army base", "an Afghan army base"),
    ],
)
def test_initials_and_words_for_peoples_take_an_article_and_names_take_none(target: str, said: str) -> None:
    found = line(exactly(2), targets=(Target(kind="m", text=target),))
    assert found == f"2 people killed in an attack on {said} in Koru, Mali"


def test_nobody_carries_out_a_flood() -> None:
    assert line(exactly(2), type=T.FLOOD, perpetrators=(JNIM,)) == "2 people killed in a flood in Koru, Mali"


def test_a_figure_that_changed_is_set_against_what_was_told() -> None:
    now = incident(exactly(24), claims=(), targets=(), perpetrators=(JNIM,))
    told = Toll(killed=at_least(60))
    assert (
        headline_of(now, told)
        == "24 people killed in an attack in Koru, Mali (told before: at least 60 killed); JNIM claims it"
    )
    assert headline_of(now, now.toll) == headline_of(now)


FIGURES = {
    "zero": exactly(0),
    "one": exactly(1),
    "many": exactly(1234),
    "at least one": at_least(1),
    "at least": at_least(60),
    "about": ABOUT_40,
    "at most": UP_TO_30,
    "at most one": Figure(low=0, high=1, modifier=Modifier.AT_MOST),
    "range": THREE_TO_FIVE,
    "vague": DOZENS,
    "no number": NO_NUMBER,
    "half open": Figure(low=0, modifier=Modifier.AT_LEAST),
    "high only": Figure(high=7, modifier=Modifier.RANGE),
}
PEOPLE = ("", "soldier", "soldiers", "three children", "a woman", "dead", "members of the security forces", "\x1b[1m!?")
QUOTES = ("Dozens of", "no such word", "several")
ATTACKERS = (None, exactly(1), at_least(3), NO_NUMBER)
PLACES = (
    None,
    KORU,
    Place(name="Mali", country="ML", precision=PlacePrecision.COUNTRY),
    Place(name="United States", country="US", precision=PlacePrecision.COUNTRY),
    Place(name="Ruto", precision=PlacePrecision.COUNTRY),
    Place(name="Ruto, Mali", country="ML", precision=PlacePrecision.COUNTRY),
    Place(name="  ", precision=PlacePrecision.COUNTRY),
)
TARGETS = (
    "",
    "a school",
    "school",
    "the school in Koru",
    "schools and markets",
    "hour-long vigil",
    "9 \x07!!",
    "x" * 300,
)
PERPETRATORS = ("", "JNIM", "suspected gunmen", "y" * 200)

SINGULAR = "(?:person|soldier|woman|attacker)"
PLURAL = "(?:people|soldiers|children|members of the security forces|attackers)"
QUANTITY = (
    rf"(?:(?:one|at least one|up to one) {SINGULAR}"
    rf"|(?:no|(?:at least |about |up to )?(?:[2-9]|[1-9][\d,]+)|between \d+ and \d+"
    rf"|dozens of|several|an unknown number of) {PLURAL})"
)
HARM = r"(?:killed|wounded|injured|missing|abducted|taken hostage|displaced)"
AMONG = rf"(?:, {QUANTITY} among them,)?"
NOUN = r"(?:attempted |threatened )?[a-z][a-z-]+(?: [a-z-]+)*?"
MASS = r"(?:attempted |threatened )?(?:shelling|mob violence|violence at a (?:protest|prison)|extreme temperatures)"
TARGET = r"(?: (?:on|at|of) (?:an? |the )?[a-z -]+(?: in Koru)?)?"
WHERE = r"(?: in (?:Koru, Mali|Mali|the United States|Ruto|Ruto, Mali)|,? place not stated)"
WHO = (
    r"(?:; (?:JNIM claims it|gunmen claim it|suspected gunmen claim it|carried out by (?:JNIM|suspected gunmen)"
    r"|authorities suspect (?:JNIM|gunmen)|(?:JNIM|gunmen) suspected|possibly by (?:JNIM|gunmen)"
    r"|(?:JNIM denies|suspected gunmen deny) it))?"
)
GRAMMAR = re.compile(
    rf"(?:{QUANTITY} {HARM}{AMONG}(?:(?: in| by| after) (?:an? {NOUN}|{MASS})|){TARGET}|{NOUN}{TARGET}){WHERE}{WHO}"
)
ARTICLE = re.compile(r"\b(an?) (\w+)")


def check(headline: str, **slots: object) -> None:
    """Every sentence that can be written is one of the grammar's, and its articles and numbers agree."""
    where = f"{headline!r} of {slots}"
    assert headline[0].isupper() or headline[0].isdigit(), where
    assert GRAMMAR.fullmatch(headline[0].lower() + headline[1:]), where
    assert len(headline) <= LONGEST, where
    assert "  " not in headline, where
    assert not re.search(r"\b(\w+) \1\b", headline), where
    for harm, before in re.findall(r"(\w+) (in|by|after) (?:an?|shelling|mob|violence|extreme)\b", headline):
        assert before == {"missing": "after", "displaced": "by"}.get(harm, "in") or " and " in headline, where
    for article, word in ARTICLE.findall(headline):
        assert (article == "an") == (word[0] in "aeio" or word in {"hour", "unknown"}), where


def test_every_harm_figure_and_people_of_every_type_makes_a_sentence() -> None:
    combinations = itertools.product(FIGURES, ClaimKind, PEOPLE, QUOTES, IncidentType)
    for name, kind, people, quote, incident_type in combinations:
        written = line(FIGURES[name], kind, people=people, quote=quote, type=incident_type)
        check(written, figure=name, kind=kind, people=people, quote=quote, type=incident_type)


def test_every_type_stage_place_target_and_perpetrator_makes_a_sentence() -> None:
    combinations = itertools.product(IncidentType, Stage, PLACES, TARGETS, PERPETRATORS, (None, exactly(2)))
    for number, (incident_type, stage, place, target, name, figure) in enumerate(combinations):
        responsibility = list(Responsibility)[number % len(Responsibility)]
        written = line(
            figure,
            type=incident_type,
            stage=stage,
            place=place,
            targets=(Target(kind="t", text=target),),
            perpetrators=(Perpetrator(name=name, responsibility=responsibility),),
        )
        check(written, type=incident_type, stage=stage, place=place, target=target, perpetrator=(name, responsibility))


def test_attackers_among_the_dead_are_told_apart_whatever_the_figures() -> None:
    for killed, attackers, place in itertools.product(FIGURES, ATTACKERS, PLACES):
        toll = Toll(killed=FIGURES[killed], killed_attackers=attackers)
        check(line(FIGURES[killed], toll=toll, place=place), killed=killed, attackers=attackers, place=place)
