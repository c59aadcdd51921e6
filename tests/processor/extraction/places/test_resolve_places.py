"""Which place a name means, as the whole article tells."""

from __future__ import annotations

import pytest

from schemas import PlacePrecision
from services.processor.extraction.places import Location, find_places, resolve_places


def meant(text: str) -> dict[str, Location | None]:
    """What each mention of a text means; the last one where words occur twice."""
    return {found.mention.text: found.location for found in resolve_places(find_places(text))}


@pytest.mark.parametrize(
    ("text", "words", "country", "admin1", "kind"),
    [
        # one name, several countries
        ("A bomb exploded in Tripoli, Lebanon.", "Tripoli", "LB", "Ash Shimāl", "settlement"),
        ("Lebanese soldiers sealed off streets in Tripoli.", "Tripoli", "LB", "Ash Shimāl", "settlement"),
        ("Militias fought in Tripoli as Libya's government looked on.", "Tripoli", "LY", None, "settlement"),
        ("Police in Georgia, bordering Russia, fired on a crowd in Tbilisi.", "Georgia", "GE", None, "country"),
        ("Three people were shot in Atlanta, Georgia.", "Georgia", "US", "Georgia", "division"),
        ("A tornado hit Macon in Georgia after crossing Alabama.", "Georgia", "US", "Georgia", "division"),
        ("Georgia's governor said that four died in the storm near Macon.", "Georgia", "US", "Georgia", "division"),
        ("Pu'er was shaken by an earthquake that killed three people.", "Pu'er", "CN", "Yunnan", "settlement"),
        ("Six miners were killed in Xi'an on Monday.", "Xi'an", "CN", "Shaanxi", "settlement"),
        ("Gunmen killed nine farmers in Shiroro, in Niger State.", "Niger State", "NG", "Niger", "division"),
        ("Gunmen raided a village in Niger State, Nigeria.", "Niger State", "NG", "Niger", "division"),
        ("Soldiers died in Niger, near the border with Mali.", "Niger", "NE", None, "country"),
        ("Rebels left Goma. Fighting in eastern Congo went on.", "Congo", "CD", None, "country"),
        ("Police in Brazzaville said calm had returned to Congo.", "Congo", "CG", None, "country"),
        ("Congolese police fired on a crowd in Pointe-Noire.", "Congolese", "CG", None, "country"),
        ("Congolese soldiers fired on a crowd in Bukavu.", "Congolese", "CD", None, "country"),
        ("A ferry sank off Guinea.", "Guinea", "GN", None, "country"),
        ("A ferry sank off Guinea-Bissau.", "Guinea-Bissau", "GW", None, "country"),
        ("A ferry sank off Equatorial Guinea.", "Equatorial Guinea", "GQ", None, "country"),
        ("A ferry sank off Papua New Guinea.", "Papua New Guinea", "PG", None, "country"),
        ("Raiders from Sudan crossed the border.", "Sudan", "SD", None, "country"),
        ("Raiders struck in South Sudan.", "South Sudan", "SS", None, "country"),
        ("Nigerien troops were killed.", "Nigerien", "NE", None, "country"),
        ("Nigerian troops were killed.", "Nigerian", "NG", None, "country"),
        ("Dominican police in Santo Domingo made arrests.", "Dominican", "DO", None, "country"),
        ("A gunman opened fire in Paris, Texas.", "Paris", "US", "Texas", "settlement"),
        ("A gunman opened fire in Sacramento, California.", "Sacramento", "US", "California", "settlement"),
        ("Floods shut the road to Pagaralam, Indonesia.", "Pagaralam", "ID", "Sumatera Selatan", "settlement"),
        ("MILLRUN FALLS, W.Va. - A shaft caved in on Sunday.", "MILLRUN FALLS", "US", "West Virginia", "settlement"),
        ("MILLRUN FALLS, W.VA. - A shaft caved in on Sunday.", "W.VA.", "US", "West Virginia", "division"),
        ("A gunman opened fire in Rockford, ILL., on Sunday.", "Rockford", "US", "Illinois", "settlement"),
        ("A gunman opened fire in Phoenix, Maricopa County said.", "Phoenix", "US", "Arizona", "settlement"),
        ("A gunman opened fire in Rockford, Oregon, on Sunday.", "Rockford", "US", "Oregon", "settlement"),
        ("A gunman opened fire in Rockford, Washington, Smith said.", "Rockford", "US", "Washington", "settlement"),
        ("A gunman opened fire in Rockford, Wash., on Sunday.", "Rockford", "US", "Washington", "settlement"),
        ("Storms killed three in Rockford, Oregon and Idaho.", "Rockford", "US", "Illinois", "settlement"),
        ("A gunman opened fire at a Florida school.", "Florida", "US", "Florida", "division"),
        ("A gunman opened fire in Paris.", "Paris", "FR", "Île-de-France", "settlement"),
        ("Two bombs went off in Valencia, Venezuela.", "Valencia", "VE", "Carabobo", "settlement"),
        ("Two bombs went off in Valencia, in eastern Spain.", "Valencia", "ES", None, "settlement"),
        ("Soldiers clashed with jihadists in Gao in northern Mali.", "Gao", "ML", "Gao", "settlement"),
        ("Shelling killed four in Rafah. Gaza's hospitals are full.", "Rafah", "PS", None, "settlement"),
        ("A mine killed four in Rafah. Egypt's army blamed militants.", "Rafah", "EG", None, "settlement"),
        # a place where violence makes news before a larger one where it does not
        ("A cook was shot dead in Leer.", "Leer", "SS", "Unity", "settlement"),
        ("A cook was shot dead in Leer, Germany.", "Leer", "DE", None, "settlement"),
        ("German police said that a cook was shot dead in Leer.", "Leer", "DE", None, "settlement"),
        # districts and camps as humanitarian notes spell them
        ("Two nurses were abducted in Zhari.", "Zhari", "AF", None, "settlement"),
        ("Two nurses were abducted in Kundoz.", "Kundoz", "AF", "Kunduz", "division"),
        ("A driver was wounded near Khor Abeshe.", "Khor Abeshe", "SD", "South Darfur", "settlement"),
        ("A driver was wounded near Nyabiondo.", "Nyabiondo", "CD", "Nord-Kivu", "settlement"),
        ("Shells hit Kafr Oweid.", "Kafr Oweid", "SY", "Idlib", "settlement"),
        ("Raiders robbed a clinic in Oure Cassoni.", "Oure Cassoni", "TD", "Ennedi-Est", "settlement"),
        ("Raiders robbed a clinic in Bidi Bidi.", "Bidi Bidi", "UG", "Northern", "settlement"),
        ("A guard was killed in North Ossetia.", "North Ossetia", "RU", None, "division"),
        # both ends of a road, camps called after a place, a facility in a country at war
        ("A nurse was shot on the Mweso-Kitshanga road.", "Mweso", "CD", "Nord-Kivu", "settlement"),
        ("A nurse was shot on the Mweso-Kitshanga road.", "Kitshanga", "CD", "Nord-Kivu", "settlement"),
        ("A truck burned on the Torkham-Jalalabad highway.", "Jalalabad", "AF", None, "settlement"),
        ("A cook was beaten at the Bentiu PoC site.", "Bentiu", "SS", "Unity", "settlement"),
        ("A cook was beaten in Kalma IDP camp.", "Kalma", "SD", "South Darfur", "site"),
        ("A medic was hit by Israeli fire in the Balata refugee camp.", "Balata", "PS", None, "site"),
        ("A medic was stabbed in Farah hospital.", "Farah", "AF", "Farah", "settlement"),
        ("A drone of the Russian army hit the Gaza Strip.", "Gaza Strip", "PS", "Gaza Strip", "division"),
        ("A medic was held by the Russian Armed Forces in Ukraine.", "Ukraine", "UA", None, "country"),
        ("Fighting went on in the northern Shan state.", "Shan", "MM", "Shan", "division"),
        ("Fighting went on in Unity State.", "Unity State", "SS", "Unity", "division"),
        # what the text says that it is
        ("The blast was in Kunduz province, Afghanistan.", "Kunduz", "AF", "Kunduz", "division"),
        ("The blast was in the province of Kunduz, Afghanistan.", "Kunduz", "AF", "Kunduz", "division"),
        ("The blast was in Kunduz city, Afghanistan.", "Kunduz", "AF", "Kunduz", "settlement"),
        # spellings
        ("CLASHES IN CHALATENANGO, EL SALVADOR.", "CHALATENANGO", "SV", "Chalatenango", "settlement"),
        ("A boat sank near Cox's Bazar.", "Cox's Bazar", "BD", "Chattogram", "settlement"),
        ("Gangs hold much of Port au Prince, Haiti.", "Port au Prince", "HT", "Ouest", "settlement"),
        ("Fighting broke out in D.R. Congo.", "D.R. Congo", "CD", None, "country"),
        ("Nine were shot in Charleston, S.C., on Friday.", "Charleston", "US", "South Carolina", "settlement"),
        # only where a country is meant by the word for a kind of place
        ("Raiders burned houses in Xorvik payam.", "Xorvik", "SS", None, "district"),
        # features of several countries
        ("A boat capsized on Lake Victoria, Ugandan police said.", "Lake Victoria", "UG", None, "region"),
        ("A boat capsized in the Mediterranean.", "Mediterranean", None, None, "region"),
        ("Two climbers died on Mount Everest, Nepal said.", "Mount Everest", "NP", None, "site"),
        # the only country that the article says something is in, whatever larger town of the name lies elsewhere
        ("Unrest goes on in Ecuador. Nine were shot in Santo Domingo.", "Santo Domingo", "EC", None, "district"),
        # who reacts from afar is not where it was
        ("Nine were shot in Paris. The United States sent condolences.", "Paris", "FR", None, "settlement"),
        # a name is no witness for itself
        ("Raiders burned the village of Gari in Niger. Nine died in Gari.", "Gari", "NE", None, "settlement"),
        # a common word, in its own country
        ("A lorry hit a crowd in Nice. France mourned. French police shot him.", "Nice", "FR", None, "settlement"),
    ],
)  # fmt: skip
def test_a_name_means_the_place_that_the_article_speaks_of(
    text: str, words: str, country: str | None, admin1: str | None, kind: str
) -> None:
    place = meant(text)[words]
    assert place is not None
    assert (place.country, place.kind) == (country, kind)
    assert admin1 in (None, place.admin1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # the gazetteer has a Moura in Portugal and Australia, and one in Mali
        ("Soldiers killed hundreds in Moura. Mali's army spoke of terrorists.", "Moura"),
        # and an Ogwashi only in Nigeria
        ("The mill at Tessit stood idle. In Mali, many fled to Tessit.", "Tessit"),
    ],
)
def test_a_small_place_is_taken_in_the_country_that_the_article_is_about(text: str, words: str) -> None:
    place = meant(text)[words]
    assert place is not None
    assert place.country == "ML"


def test_a_small_town_is_refused_where_the_article_speaks_of_other_countries() -> None:
    place = meant("Rebels burned houses in Ingolstadtdorf and in Winsen. Mali's army and Malian police confirmed it.")
    assert place["Winsen"] is not None
    assert (place["Winsen"].country, place["Winsen"].known) == ("ML", False)
    assert place["Winsen"].precision is PlacePrecision.COUNTRY


@pytest.mark.parametrize(
    ("text", "words", "country", "admin1", "precision"),
    [
        ("Gunmen burned the village of Xorvik. Malian troops came late.", "Xorvik", "ML", None, PlacePrecision.COUNTRY),
        ("Gunmen attacked a base in Xorvik, Mali.", "Xorvik", "ML", None, PlacePrecision.COUNTRY),
        ("Gunmen burned Xorvik village in Kaduna State, Nigeria.", "Xorvik", "NG", "Kaduna", PlacePrecision.DIVISION),
        ("Gunmen fired in Sari Xorvik, Logar, Afghanistan.", "Sari Xorvik", "AF", "Logar", PlacePrecision.DIVISION),
        # a namesake elsewhere is not the place that the text puts into Kunar
        ("A mine exploded in Hajiabad, Kunar, Afghanistan.", "Hajiabad", "AF", "Kunaṟ", PlacePrecision.DIVISION),
    ],
)
def test_a_name_that_the_gazetteer_does_not_have_there_is_kept_with_what_is_known(
    text: str, words: str, country: str, admin1: str | None, precision: PlacePrecision
) -> None:
    place = meant(text)[words]
    assert place is not None
    assert not place.known
    assert (place.name, place.country, place.admin1, place.precision) == (words, country, admin1, precision)
    assert place.geonames_id is None


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("Two Italian doctors were shot at Baidoa hospital.", "Baidoa", "SO"),
        ("Rebels took the town of Biltine.", "Biltine", "TD"),
    ],
)
def test_a_name_that_only_one_country_has_needs_no_other_sign_of_it(text: str, words: str, country: str) -> None:
    place = meant(text)[words]
    assert place is not None
    assert place.country == country


def test_an_unknown_name_without_any_country_around_has_none() -> None:
    place = meant("Gunmen burned the village of Xorvik.")["Xorvik"]
    assert place is not None
    assert (place.name, place.country, place.lat) == ("Xorvik", None, None)


def test_nothing_is_resolved_of_no_mentions() -> None:
    assert resolve_places([]) == []
