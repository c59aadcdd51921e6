"""Perpetrators over a whole text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors import PerpetratorMention, find_perpetrators, to_perpetrators
from services.processor.extraction.text import readable, split_sentences

R = Responsibility


def read(text: str) -> list[PerpetratorMention]:
    view = readable(text)
    return find_perpetrators(view, [(sentence.start, sentence.end) for sentence in split_sentences(view)])


def listed(text: str) -> list[tuple[str, Responsibility]]:
    return [(person.name, person.responsibility) for person in to_perpetrators(read(text))]


def test_a_claim_in_a_later_sentence_names_who_did_it() -> None:
    text = "Gunmen stormed a hotel and killed nine guests. Al-Shabaab claimed responsibility hours later."
    assert listed(text) == [("al-Shabaab", R.CLAIMED_OR_ADMITTED)]


def test_who_claims_it_for_a_group_did_not_do_it() -> None:
    text = "A bomber killed nine people. Taliban spokesman Zabihullah Mujahid claimed responsibility for the attack."
    assert [name for name, _ in listed(text)] == ["Taliban"]


def test_a_dateline_is_no_part_of_a_description() -> None:
    assert listed("BAMAKO - Gunmen killed nine people.") == [("gunmen", R.REPORTED_AS_FACT)]


def test_whoever_accuses_did_not_do_it() -> None:
    text = "The M23 on Tuesday denied accusations by the Congolese army that it killed 17 civilians in Kishishe."
    assert [name for name, _ in listed(text)] == ["March 23 Movement"]


def test_shooting_down_drones_is_no_attack_on_people() -> None:
    assert listed("Ukraine's air force said it shot down 23 of 30 drones. Six people were killed.") == []


def test_the_group_is_the_one_named_before() -> None:
    text = (
        "Al-Shabaab has fought the government for years. On Monday the group attacked a hotel and killed nine guests."
    )
    assert listed(text) == [("al-Shabaab", R.REPORTED_AS_FACT)]


def test_a_pronoun_that_claims_is_the_group_named_before() -> None:
    text = "The bus was near a camp of Hamas. It claimed responsibility for the bombing."
    assert listed(text) == [("Hamas", R.CLAIMED_OR_ADMITTED)]


def test_rebels_are_the_only_insurgent_group_of_the_article_and_only_possibly() -> None:
    text = "Guerrillas blew up a bridge. The FMLN has called for a strike."
    assert listed(text) == [("Farabundo Marti National Liberation Front", R.POSSIBLE)]


def test_rebels_are_nobody_in_particular_where_two_groups_are_named() -> None:
    text = "Guerrillas blew up a bridge. The FARC and the ELN have called for a strike."
    assert listed(text) == [("Guerrillas", R.REPORTED_AS_FACT)]


def test_nobody_is_named_where_no_group_has_claimed_it() -> None:
    assert listed("A bomb killed nine people at a market. No group has claimed responsibility.") == []


def test_soldiers_who_fire_back_did_not_make_the_attack_on_them() -> None:
    text = "Militants attacked an army post and killed three soldiers. The soldiers killed nine militants."
    assert listed(text) == [("Militants", R.REPORTED_AS_FACT)]


def test_police_who_shoot_the_gunman_did_not_make_the_attack() -> None:
    assert listed("A bomb went off at a school. Police shot dead the attacker.") == []


def test_an_army_that_kills_militants_is_the_one_who_did_it_where_nobody_attacked_it() -> None:
    assert listed("The Nigerian army killed thirteen militants in an operation.") == [
        ("Nigerian army", R.REPORTED_AS_FACT)
    ]


def test_accusation_and_denial_of_one_group_give_the_denial() -> None:
    text = "Residents blamed the raid on the Taliban. The Taliban denied involvement."
    assert listed(text) == [("Taliban", R.DENIED)]


def test_a_known_group_is_listed_with_the_words_of_the_text_among_its_other_names() -> None:
    people = to_perpetrators(read("Da'esh fighters killed nine people."))
    assert people[0].name == "Islamic State"
    assert people[0].wikidata == "Q2429253"
    assert {"ISIL", "Da'esh fighters"} <= set(people[0].aliases)


def test_a_description_is_left_out_beside_a_name() -> None:
    text = "Gunmen killed nine people. Hamas claimed responsibility."
    assert listed(text) == [("Hamas", R.CLAIMED_OR_ADMITTED)]


def test_a_description_stays_beside_a_name_that_is_only_denied() -> None:
    text = "Gunmen killed nine people. Hamas denied responsibility."
    assert listed(text) == [("Hamas", R.DENIED), ("gunmen", R.REPORTED_AS_FACT)]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Arvid Lindqvist, 34, opened fire at a mall, killing two.", "Arvid Lindqvist", R.REPORTED_AS_FACT),
        ("The attacker, identified by police as Arvid Lindqvist, fled.", "Arvid Lindqvist", R.REPORTED_AS_FACT),
        ("Arvid Lindqvist was charged with the murder of two shoppers.", "Arvid Lindqvist", R.SUSPECTED_BY_AUTHORITIES),
        ("On Monday Arvid Lindqvist confessed to the attack.", "Arvid Lindqvist", R.CLAIMED_OR_ADMITTED),
        ("The Lantern Bearers claimed responsibility for the bomb.", "Lantern Bearers", R.CLAIMED_OR_ADMITTED),
        ("Arvid Lindqvist allegedly stabbed two shoppers.", "Arvid Lindqvist", R.SUSPECTED),
        ("The gunman, Arvid Lindqvist, had served in the army.", "Arvid Lindqvist", R.REPORTED_AS_FACT),
    ],
)
def test_somebody_unknown_is_named_where_the_sentence_says_who_did_it(
    text: str, name: str, expected: Responsibility
) -> None:
    assert (name, expected) in listed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Arvid Lindqvist was shot dead on Monday.",
        "Arvid Lindqvist, a witness, said a bomb exploded.",
        "Hurricane Arvid killed nine people.",
        "President Lindqvist condemned the attack.",
        "The driver, identified as Arvid Lindqvist, was injured in the attack.",
    ],
)
def test_others_who_are_named_did_nothing(text: str) -> None:
    assert listed(text) == []


def test_every_mention_tells_its_sentence_and_the_words_that_decide() -> None:
    text = "Nine people died. Boko Haram claimed responsibility."
    (one,) = read(text)
    assert one.sentence == 1
    assert text[one.cue_start : one.cue_end] == "claimed"
    assert text[one.start : one.end] == one.text == "Boko Haram"


_VOCABULARY = (
    "Boko Haram the group It gunmen army police killed were by attack on claimed responsibility denied blamed "
    "suspected of who said it was behind no and , . the a soldiers in Malian may have been identified as Omar Diallo "
    ", 34,"
)
WORDS = st.sampled_from(_VOCABULARY.split(" "))


@given(
    st.one_of(
        st.text(), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=40).map(" ".join).map(str.upper)
    )
)
def test_any_text_is_read_and_every_answer_quotes_it(text: str) -> None:
    sentences = [(s.start, s.end) for s in split_sentences(readable(text))]
    for one in find_perpetrators(text, sentences):
        start, end = sentences[one.sentence]
        assert text[one.start : one.end] == one.text
        assert start <= one.start < one.end <= end
        assert start <= one.cue_start < one.cue_end <= end
    to_perpetrators(find_perpetrators(text, sentences))


@pytest.mark.parametrize(
    "piece",
    [
        "by the ", "Boko Haram and ", "gunmen, ", "the group said it ", "A B ", "(FMLN) ", "of the ", "ELN FACT ADF ",
        "killed by Boko Haram, ", "gunmen, police, ", "suspected militants killed ten, ", "Omar Diallo, 34, ",
        "police said gunmen may have killed ten and ", "the raid was blamed on Hamas and ", "members of the ",
    ],
)  # fmt: skip
def test_long_runs_of_one_phrase_are_read_in_one_go(piece: str) -> None:
    # A step that looked at the whole sentence for each mention would take hours here and run into the time limit.
    text = piece * 20_000
    find_perpetrators(text, [(0, len(text))])


@pytest.mark.parametrize(
    ("text", "country", "other_name"),
    [
        ("Gunmen killed nine people at a market.", "NG", "unidentified armed group"),
        ("Masked militants killed nine people at a market.", "NG", "unidentified armed group"),
        ("Rioters burned nine shops.", "NG", "rioters"),
        ("Soldiers shot nine people dead.", "SD", "military forces of Sudan"),
        ("Police shot nine people dead.", "SD", "police forces of Sudan"),
        ("Kenyan police shot nine people dead.", "SO", "police forces of Kenya"),
        ("FARDC soldiers killed nine villagers.", "UG", "military forces of Democratic Republic of the Congo"),
        ("Police shot nine people dead.", None, "police forces"),
    ],
)
def test_those_without_a_name_have_their_class_among_their_other_names(
    text: str, country: str | None, other_name: str
) -> None:
    (person,) = to_perpetrators(read(text), country)
    assert other_name in person.aliases


@pytest.mark.parametrize("text", ["Boko Haram killed nine people.", "Security guards shot nine people dead."])
def test_a_named_group_and_forces_that_are_neither_army_nor_police_have_no_class(text: str) -> None:
    (person,) = to_perpetrators(read(text), "NG")
    assert not any("unidentified" in name or "forces of" in name for name in person.aliases)


def test_both_sides_of_a_clash_are_listed_beside_each_other() -> None:
    assert listed("Clashes between Fulani herders and farmers left 12 dead.") == [
        ("Fulani militants", R.POSSIBLE),
        ("farmers", R.POSSIBLE),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kurdish rebels killed two soldiers in Hakkari, Turkey.", "Kurdistan Workers' Party"),
        ("Kurdish rebels killed two soldiers in northern Iraq.", "Kurdish rebels"),
        ("Communist rebels killed two soldiers in the Philippines.", "New People's Army"),
        ("Maoist guerrillas killed two policemen in Jharkhand, India.", "Communist Party of India (Maoist)"),
        ("Maoist guerrillas killed two policemen in Nepal.", "Communist Party of Nepal (Maoist)"),
        ("Maoist guerrillas killed two policemen in Peru.", "Shining Path"),
        ("Leftist guerrillas killed two policemen in Peru.", "Leftist guerrillas"),
        ("Leftist guerrillas killed two policemen in El Salvador.", "Farabundo Marti National Liberation Front"),
    ],
)
def test_words_that_mean_one_group_in_one_country_name_it_there_only(text: str, name: str) -> None:
    assert [found for found, _ in listed(text)] == [name]


def test_a_people_is_named_where_it_did_it_and_not_where_it_suffered() -> None:
    assert listed("Palestinians threw a firebomb at a bus, wounding two passengers.") == [
        ("Palestinians", R.REPORTED_AS_FACT)
    ]
    assert listed("An explosion killed three Palestinians.") == []
    assert listed("Three Palestinians were killed in Jenin.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Nine clerks were shot on Monday. Police said they suspected the cartel to be behind the attack.",
        "Nine worshippers were shot on Monday. The army said it had discovered a workshop of bomb makers.",
        "Nine marchers died on Monday. The rights group said it was the first time that soldiers had fired on a march.",
        "Nine clerks were shot on Monday. The police said they found the car and that the men had killed before.",
    ],
)
def test_who_says_something_of_its_own_work_owns_up_to_nothing(text: str) -> None:
    assert R.CLAIMED_OR_ADMITTED not in [responsibility for _, responsibility in listed(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Nine clerks were shot on Monday. The rebels said they were behind the attack.",
        "Nine clerks were shot on Monday. The rebels said that their men had later killed the guards.",
        "A hospital was hit on Monday. The army said it struck a command post.",
        "A hospital was hit on Monday. The army said one of its planes had bombed the yard.",
    ],
)
def test_who_says_of_itself_that_it_did_it_owns_up(text: str) -> None:
    assert R.CLAIMED_OR_ADMITTED in [responsibility for _, responsibility in listed(text)]


@pytest.mark.parametrize(
    "text",
    [
        "A gang killed 40 people, the National Human Rights Defence Network said. The gang burned the market.",
        "A gang killed 40 people, a rights group said. The gang burned the market.",
        "A gang killed 40 people, the Inter-Island Health Organization said. The gang burned the market.",
    ],
)
def test_who_counts_the_harmed_did_not_harm_them(text: str) -> None:
    assert [name for name, _ in listed(text)] == ["gang"]


def test_a_bomb_making_factory_of_a_group_is_no_attack_by_it() -> None:
    assert listed("Nine clerks were shot on Monday. In May soldiers found a Boko Haram bomb making factory.") == []
