"""Who is named or described, by lexicon, by form and by head noun."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.extraction.actors import ActorMention, find_actors


def only(text: str) -> ActorMention:
    found = find_actors(text)
    assert len(found) == 1, [mention.text for mention in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The raid was the work of Al Shabab, elders said.", "al-Shabaab"),
        ("The raid was the work of al-Shabaab, elders said.", "al-Shabaab"),
        ("It had Al-Shebab written on it.", "al-Shabaab"),
        ("In Cabo Delgado in Mozambique, al-Shabab burned it.", "al-Shabaab in Mozambique"),
        ("Da'esh burned it.", "Islamic State"),
        ("Daesh burned it.", "Islamic State"),
        ("ISIL burned it.", "Islamic State"),
        ("JNIM burned it.", "Jamaat Nusrat al-Islam wal-Muslimin"),
        ("The Group for the Support of Islam and Muslims burned it.", "Jamaat Nusrat al-Islam wal-Muslimin"),
        ("Túpac Amaru burned it.", "Tupac Amaru Revolutionary Movement"),
        ("TUPAC AMARU REVOLUTIONARY MOVEMENT [MRTA] CAME", "Tupac Amaru Revolutionary Movement"),
        ("Séléka burned it.", "Seleka"),
        ("the Lord’s Resistance Army burned it.", "Lord's Resistance Army"),
        ("the Lord's Resistance\nArmy burned it.", "Lord's Resistance Army"),
        ("Lashkar-e-Tayyiba burned it.", "Lashkar-e-Taiba"),
        ("Naxals burned it.", "Communist Party of India (Maoist)"),
        ("In Nepal, Maoists burned it.", "Communist Party of Nepal (Maoist)"),
    ],
)
def test_a_known_group_is_found_under_each_of_its_names(text: str, name: str) -> None:
    assert name in [mention.name for mention in find_actors(text)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("IS militants took the town in Iraq.", True),
        ("What IS known is little.", False),
        ("THE TOWN IS BURNING", False),
        ("IS FIGHTERS TOOK THE TOWN", True),
        ("As a matter of FACT, nothing burned.", False),
        ("FACT rebels crossed into Chad.", True),
        ("The fact is that rebels came.", False),
        ("Gunmen of the Irish Republican Army came. The IRA denied it.", True),
        ("Savings in an IRA grew.", False),
        ("The RAF flew home.", False),
        ("He played in the EPL.", False),
        ("The army of the EPL guerrillas came.", True),
        ("The band played Wagner all evening.", False),
        ("Wagner mercenaries came.", True),
    ],
)
def test_an_abbreviation_that_is_also_a_word_needs_its_context(text: str, named: bool) -> None:
    assert any(mention.named for mention in find_actors(text)) is named


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Malian troops came.", "Malian troops", "state_force"),
        ("the Myanmar air force came.", "Myanmar air force", "state_force"),
        ("South Sudanese soldiers came.", "South Sudanese soldiers", "state_force"),
        ("Sri Lankan police came.", "Sri Lankan police", "state_force"),
        ("U.S. forces came.", "US forces", "state_force"),
        ("Nigeria's army came.", "Nigerian army", "state_force"),
        ("AN ECUADORAN ARMY PATROL CAME", "Ecuadoran army patrol", "state_force"),
        ("police came.", "police", "state_force"),
        ("UN peacekeepers came.", "United Nations peacekeepers", "international_force"),
    ],
)
def test_forces_of_any_country_are_found_by_its_name_and_a_head_noun(text: str, name: str, kind: str) -> None:
    mention = only(text)
    assert (mention.name.lower(), mention.kind) == (name.lower(), kind)


def test_a_demonym_before_an_air_strike_stands_for_the_forces_of_the_country() -> None:
    mention = only("an Ethiopian drone strike")
    assert (mention.name, mention.text, mention.actor and mention.actor.countries) == (
        "Ethiopian forces",
        "Ethiopian",
        ("ET",),
    )


def test_a_country_before_an_air_strike_is_where_it_was_and_not_who_made_it() -> None:
    assert find_actors("the Libya air strike") == []


@pytest.mark.parametrize(
    ("text", "described", "doubted"),
    [
        ("Suspected Islamist militants came.", "Islamist militants", True),
        ("three unidentified assailants came.", "unidentified assailants", False),
        ("a group of heavily armed men came.", "heavily armed men", False),
        ("a suicide bomber came.", "suicide bomber", False),
        ("dozens of bandits came.", "bandits", False),
        ("left-wing guerrillas came.", "left-wing guerrillas", False),
        ("an alleged drug trafficker came.", "drug trafficker", True),
        ("al-Qaeda-linked militants came.", "al-Qaeda-linked militants", False),
        ("militants linked to al-Qaeda came.", "militants linked to al-Qaeda", False),
        ("ethnic Zaghawa militiamen came.", "ethnic Zaghawa militiamen", False),
        ("the rebels came.", "rebels", False),
    ],
)
def test_people_are_described_by_what_they_do(text: str, described: str, doubted: bool) -> None:
    mention = only(text)
    assert (mention.text, mention.actor, mention.doubted) == (described, None, doubted)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Members of the Blue Valley Liberation Front (BVLF) came.", "Blue Valley Liberation Front"),
        ("the Brigades for the Freedom of the Coast came.", "Brigades for the Freedom of the Coast"),
        ("Jaish-e-Falah came.", "Jaish-e-Falah"),
        ("a group calling itself Sons of the River came.", "Sons of the River"),
        ("a gang known as the Night Owls came.", "Night Owls"),
        ("It is the Blue Three Percent Freedom Militia that came.", "Blue Three Percent Freedom Militia"),
        ("MEMBERS OF THE COMMUNIST PARTY OF CHILE [PCCH] CAME", "COMMUNIST PARTY OF CHILE"),
        ("MEMBERS OF THE UNITED PATRIOTIC RESISTANCE FRONT CAME", "UNITED PATRIOTIC RESISTANCE FRONT"),
    ],
)
def test_a_group_that_no_lexicon_has_is_found_by_the_form_of_its_name(text: str, name: str) -> None:
    assert [mention.name for mention in find_actors(text) if mention.kind == "named_group"] == [name]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("gunmen from the Islamic State group", "Islamic State", "gunmen from the Islamic State group"),
        ("suspected Boko Haram militants", "Boko Haram", "Boko Haram militants"),
        ("the rebel group M23", "March 23 Movement", "rebel group M23"),
        ("the Maoist organisation, Shining Path,", "Shining Path", "Maoist organisation, Shining Path"),
        ("two FARC guerrillas", "Revolutionary Armed Forces of Colombia", "FARC guerrillas"),
    ],
)
def test_a_description_and_a_name_side_by_side_are_one_mention(text: str, name: str, words: str) -> None:
    mention = only(text)
    assert (mention.name, mention.text) == (name, words)


@pytest.mark.parametrize("text", ["factories", "militantly", "policemanship", "ISISters", "FARCical", "Talibanese"])
def test_no_name_is_found_inside_a_word(text: str) -> None:
    assert find_actors(f"The {text} went on.") == []


_VOCABULARY = (
    "Boko Haram FMLN [FMLN] IS the of militants suspected gunmen Malian army police group calling itself Front "
    "Liberation National a two members an air strike Israeli 's (ELN) . , \n - from linked to unidentified"
)
WORDS = st.sampled_from(_VOCABULARY.split(" "))


@given(
    st.one_of(
        st.text(), st.lists(WORDS, max_size=20).map(" ".join), st.lists(WORDS, max_size=20).map(" ".join).map(str.upper)
    )
)
def test_mentions_of_any_text_are_in_order_without_overlap_and_quote_it(text: str) -> None:
    end = 0
    for mention in find_actors(text):
        assert end <= mention.left <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ISIS killed nine people.", "Islamic State"),
        ("The ETA militants killed nine people.", "ETA"),
        ("Members of the ISIS-K branch killed nine people.", "Islamic State Khorasan Province"),
    ],
)
def test_a_name_is_not_lost_to_a_longer_one_that_ends_within_the_next_word(text: str, name: str) -> None:
    assert [found.actor.name for found in find_actors(text) if found.actor is not None] == [name]


def test_an_alias_with_countries_counts_in_texts_that_name_one_of_them() -> None:
    assert [m.name for m in find_actors("Kurdish rebels fired on a post in Turkey.")] == ["Kurdistan Workers' Party"]
    assert [m.name for m in find_actors("Kurdish rebels fired on a post in Iran.")] == ["Kurdish rebels"]


def test_a_name_against_somebody_is_not_that_of_somebody() -> None:
    assert [m.actor for m in find_actors("An anti-white extremist was held.")] == [None]
