"""Which words of a text are mentions of places, and what the words around make of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.processor.extraction.places import find_places, resolve_places


def found(text: str) -> dict[str, str]:
    """Text and role of each mention."""
    return {mention.text: mention.role for mention in find_places(text)}


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        # where something is
        ("Gunmen opened fire in Gao.", {"Gao": "at"}),
        ("The convoy was ambushed near the town of Djibo.", {"Djibo": "at"}),
        ("Shells fell 20 kilometres from Bakhmut.", {"Bakhmut": "at"}),
        ("A mine exploded north of Bentiu.", {"Bentiu": "at"}),
        ("An attack on Boulkessi left thirty dead.", {"Boulkessi": "at"}),
        ("The Bamako attack was claimed on Friday.", {"Bamako": "at"}),
        ("Fighting spread to Gao and Kidal.", {"Gao": "destination", "Kidal": "destination"}),
        ("Troops clashed in Gao, Kidal and Timbuktu.", {"Gao": "at", "Kidal": "at", "Timbuktu": "at"}),
        ("Two died in war-torn northern Mali.", {"Mali": "at"}),
        ("Five drowned off the coast of Libya.", {"Libya": "at"}),
        # datelines
        ("BAMAKO, June 2 (Agency) - Two soldiers died.", {"BAMAKO": "dateline"}),
        ("KABUL: Two policemen died.", {"KABUL": "dateline"}),
        ("SAN SALVADOR, 3 JAN 90 (RADIO CARACAS) -- [TEXT] TWO SOLDIERS DIED.", {"SAN SALVADOR": "dateline"}),
        ("ROME (ITALY), 4 MAY 89 -- TWO SOLDIERS DIED.", {"ROME": "dateline", "ITALY": "dateline"}),
        ("NOTICE, Ltd. - Two soldiers died.", {}),
        ("He told reporters on Friday in Gao that two died.", {"Gao": "dateline"}),
        ("He was addressing newsmen in Gao.", {"Gao": "dateline"}),
        ("ROME\nThe Agency\nTwo soldiers died.", {"ROME": "dateline"}),
        # where people are from
        ("The pilot was Ian Banner of Nairobi.", {"Nairobi": "nationality"}),
        ("It was Ian Banner, 42, of Tulsa, Oklahoma.", {"Tulsa": "nationality", "Oklahoma": "nationality"}),
        ("A pilot who lived in Nairobi died.", {"Nairobi": "origin"}),
        ("Ten were hurt in the city of Nairobi.", {"Nairobi": "at"}),
        ("They died fighting an Australian bushfire.", {"Australian": "at"}),
        # lines, and what is felt far off
        ("The Pune-Patna Express derailed near Gaya.", {"Pune": "origin", "Patna": "organisation", "Gaya": "at"}),
        ("The quake killed two in Nepal and was also felt in India.", {"Nepal": "at", "India": "origin"}),
        ("It was felt as far away as New Delhi.", {"New Delhi": "origin"}),
        ("An explosion was heard in Kyiv.", {"Kyiv": "at"}),
        # peoples
        ("Six priests, five of them Spaniards, died.", {"Spaniards": "nationality"}),
        ("Six priests died, including two Spaniards.", {"Spaniards": "nationality"}),
        ("Malian soldiers fled.", {"Malian": "demonym"}),
        ("Nigerien troops and Nigerian troops met.", {"Nigerien": "demonym", "Nigerian": "demonym"}),
        ("Two Italian doctors were freed.", {"Italian": "nationality"}),
        ("Three international (two French) staff were freed.", {"French": "nationality"}),
        ("One international (New Zealand) nurse was freed.", {"New Zealand": "nationality"}),
        ("Eight were freed: 6 US, 2 others.", {"US": "nationality"}),
        ("A foreign nurse was freed in Kabul (Afghanistan).", {"Kabul": "at", "Afghanistan": "at"}),
        ("They fought the Sudan People's Liberation Army.", {"Sudan People's Liberation Army": "implied"}),
        ("A blast hit the U.S. embassy.", {"U.S.": "nationality"}),
        # governments
        ("Kabul said it would answer.", {"Kabul": "government"}),
        ("Nigeria accused its neighbours.", {"Nigeria": "government"}),
        # where people come from and go to
        ("Refugees from Syria arrived.", {"Syria": "origin"}),
        ("Thousands fled to Chad.", {"Chad": "destination"}),
        ("A Nairobi-based agency reported it.", {"Nairobi": "origin"}),
        # bodies
        ("She teaches at the University of Nairobi.", {"Nairobi": "organisation"}),
        # groups that belong to a country
        ("Boko Haram killed ten.", {"Boko Haram": "implied"}),
    ],
)  # fmt: skip
def test_a_mention_has_the_role_that_the_words_around_give_it(text: str, mentions: dict[str, str]) -> None:
    assert found(text) == mentions


@pytest.mark.parametrize(
    "text",
    [
        "Police said Most officers were at the Church in March.",
        "The Best Hope of the Hospital was Same as ever.",
        "Reading and Nice are words; Of and Central too.",
        "President Washington spoke first.",
        "Jordan Blythe and Paris Hilton were there.",
        "Denzel Washington plays the colonel.",
        "John F. Kennedy was shot.",
        "The New York Times and the Washington Post reported it.",
        "The Paris Agreement was signed.",
        "Hurricane Florence weakened.",
        "Typhoon Haiyan weakened.",
        "Islamic State of Iraq and the Levant claimed it.",
        "INGO staff left early.",
        "Latin American and African American voters agreed.",
        "Please let us know.",
        "Turn left in April.",
        "Miller, the mayor Hamilton and spokesman Garcia agreed.",
        "",
    ],
)
def test_words_that_are_also_names_of_places_are_left_alone(text: str) -> None:
    assert [resolved.location for resolved in resolve_places(find_places(text)) if resolved.location] == []


def test_a_surname_stays_a_surname_once_the_text_has_given_the_whole_name() -> None:
    assert found("Minister David Cameron resigned. Cameron left London.") == {"London": "bare"}


@pytest.mark.parametrize(
    ("text", "name", "within"),
    [
        ("He lives in March, Cambridgeshire.", "March", "Cambridgeshire"),
        ("A tornado struck Springfield, Ill., on Monday.", "Springfield", "Ill."),
        ("Clashes shook Boulkessi, in central Mali.", "Boulkessi", "Mali"),
        ("Clashes shook Mali's Mopti region.", "Mopti", "Mali"),
        ("A truck hit crowds in the French resort of Nice.", "Nice", "French"),
        ("They met in the Afghan capital, Kabul.", "Kabul", "Afghan"),
        ("Men raided Xorvik village, Ansongo district, Gao, Mali.", "Xorvik", "Ansongo"),
        ("Assailants struck Hajiabad, Kunar, Afghanistan.", "Hajiabad", "Kunar"),
    ],
)
def test_a_name_with_its_container_is_inside_it(text: str, name: str, within: str) -> None:
    mentions = {mention.text: mention for mention in find_places(text)}
    assert mentions[name].within == mentions[within].start


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gunmen burned the village of Xorvik.", "Xorvik"),
        ("Gunmen burned Xorvik village.", "Xorvik"),
        ("Gunmen attacked a base in Xorvik, Mali.", "Xorvik"),
        ("Clashes broke out in Qarn al-Xorvik on Monday.", "Qarn al-Xorvik"),
        ("A bomb exploded in Sari Xorvik, Logar, Afghanistan.", "Sari Xorvik"),
        ("Fighting broke out in San Luis de la Xorvika.", "San Luis de la Xorvika"),
        ("GUNMEN BURNED XORVIK VILLAGE AND LEFT.", "XORVIK"),
    ],
)
def test_a_name_that_no_gazetteer_has_is_found_by_what_the_text_calls_it(text: str, name: str) -> None:
    mention = next(mention for mention in find_places(text) if mention.text == name)
    assert [place.known for place in mention.candidates] == [False]


def test_names_are_found_in_capitals_and_across_wrapped_lines() -> None:
    text = "TROOPS CLASHED WITH GUERRILLAS IN SAN\nMIGUEL DEPARTMENT AND NEAR PERQUIN, MORAZAN DEPARTMENT."
    assert {"SAN\nMIGUEL DEPARTMENT", "PERQUIN", "MORAZAN"} <= set(found(text))
    assert found("POLICE SAID THE CHURCH AND THE HOSPITAL WERE SAFE. LET US PRAY IN MARCH.") == {}


_PIECES = """Mali;Gao;BAMAKO;in ;the village of ;Cox's Bazar;U.S.;d'Ivoire;Côte ;March, ;-;—;'s ;(;); (Agency) - ;
Jordan Smith;al-;de la ;province;, ;. ;\u00a0;Ill.;';’;N;\n"""


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_PIECES.split(";")) | st.text(max_size=6), max_size=40).map("".join))
def test_any_text_is_read_and_every_mention_quotes_it(text: str) -> None:
    mentions = find_places(text)
    end = 0
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end
        assert mention.candidates
        end = mention.end
    starts = {mention.start for mention in mentions}
    assert all(mention.within is None or mention.within in starts for mention in mentions)
    resolved = resolve_places(mentions)
    assert [found.mention for found in resolved] == mentions


@pytest.mark.parametrize(
    "piece",
    ["A", "A ", "A.", "San ", "SAN LUIS DE LA ", "Mali, ", "'", "’s ", "(", "-", "\n", "a", " of the", "İ", "Cox's "],
)
def test_a_hundred_thousand_repetitions_are_read_like_any_text(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    for mention in find_places(text):
        assert text[mention.start : mention.end] == mention.text
