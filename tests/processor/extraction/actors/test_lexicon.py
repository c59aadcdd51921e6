"""The actor lexicon holds what it promises."""

from __future__ import annotations

import re

import pytest

from services.processor.extraction.actors import find_actors, load_actors
from services.processor.extraction.actors.lexicon import load_aliases, load_nations, load_verbs

KINDS = {"armed_group", "criminal", "militia", "state_force", "international_force"}


def test_there_are_at_least_250_actors_with_names_of_their_own() -> None:
    names = [actor.name for actor in load_actors()]
    assert len(names) >= 250
    assert len(set(names)) == len(names)


def test_every_actor_has_a_known_kind_an_alignment_and_countries_that_exist() -> None:
    codes = {nation.code for nation in load_nations().values()} | {"XK", "EH", "PS"}
    for actor in load_actors():
        assert actor.kind in KINDS, actor
        assert actor.alignment, actor
        assert set(actor.countries) <= codes, actor


def test_wikidata_ids_are_well_formed_and_belong_to_one_actor_each() -> None:
    ids = [actor.wikidata for actor in load_actors() if actor.wikidata is not None]
    assert ids
    assert all(re.fullmatch(r"Q[1-9][0-9]*", wikidata) for wikidata in ids)
    assert len(set(ids)) == len(ids)


def test_years_of_activity_are_years_in_order() -> None:
    for actor in load_actors():
        assert re.fullmatch(r"(\d{4}-(\d{4})?)?", actor.active), actor
        first, _, last = actor.active.partition("-")
        assert not last or first <= last, actor


def test_no_actor_lists_an_alias_twice_or_its_own_name() -> None:
    for actor in load_actors():
        assert len(set(actor.aliases)) == len(actor.aliases), actor
        assert actor.name not in actor.aliases, actor


def test_every_plain_alias_is_found_where_it_stands_alone_in_a_sentence() -> None:
    missed = []
    for entries in load_aliases().values():
        for alias in entries:
            text = f"On that day {alias.text} attacked."
            if alias.needs_context or not any(c.isupper() for c in alias.text):
                continue
            names = [mention.actor.name for mention in find_actors(text) if mention.actor is not None]
            if not any(other.actor.name in names for other in entries):
                missed.append((alias.text, names))
    assert missed == []


def test_each_verb_form_knows_which_forms_it_can_be() -> None:
    verbs = load_verbs()
    assert {sense.kind for sense in verbs["killed"]} == {"harm"}
    assert {"past", "participle"} <= next(iter(verbs["killed"])).forms
    assert {sense.kind for sense in verbs["claimed"]} == {"claim", "attack"}


@pytest.mark.parametrize(
    "name",
    [
        "Boko Haram", "Islamic State West Africa Province", "Jamaat Nusrat al-Islam wal-Muslimin", "March 23 Movement",
        "al-Shabaab", "al-Shabaab in Mozambique", "Taliban", "Tehrik-i-Taliban Pakistan", "New People's Army",
        "Arakan Army", "Liberation Tigers of Tamil Eelam", "Communist Party of India (Maoist)", "Hamas", "Hezbollah",
        "Houthis", "Kurdistan Workers' Party", "ETA", "Real IRA", "Red Army Faction", "GRAPO", "Shining Path",
        "Farabundo Marti National Liberation Front", "Contras", "Sinaloa Cartel", "First Capital Command", "MS-13",
        "Viv Ansanm", "Rapid Support Forces", "RENAMO", "UNITA", "Revolutionary United Front", "Wagner Group",
        "Dan Na Ambassagou", "Front for Change and Concord in Chad", "Ansaru", "Katiba Macina",
    ],
)  # fmt: skip
def test_the_groups_that_any_reader_of_the_news_knows_are_there(name: str) -> None:
    assert name in {actor.name for actor in load_actors()}
