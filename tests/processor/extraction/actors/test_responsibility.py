"""What a sentence says of who did it, and how firmly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors import find_actors, find_perpetrators, responsibility_of, strongest

R = Responsibility


def said_of(name: str, text: str) -> Responsibility | None:
    found = [one.responsibility for one in find_perpetrators(text, [(0, len(text))]) if one.name == name]
    return strongest(found)


CASES = [
    # The group claims it.
    ("Boko Haram claimed responsibility for the attack.", R.CLAIMED_OR_ADMITTED),
    ("Boko Haram has since claimed the bombing.", R.CLAIMED_OR_ADMITTED),
    ("The bombing was claimed by Boko Haram.", R.CLAIMED_OR_ADMITTED),
    ("The bombing, claimed by Boko Haram, killed nine.", R.CLAIMED_OR_ADMITTED),
    ("Boko Haram took credit for the raid.", R.CLAIMED_OR_ADMITTED),
    ("A spokesman for the banned Boko Haram claimed responsibility.", R.CLAIMED_OR_ADMITTED),
    ("The outlawed Boko Haram said it was behind the raid.", R.CLAIMED_OR_ADMITTED),
    ("Boko Haram said it was behind the raid.", R.CLAIMED_OR_ADMITTED),
    ("Boko Haram said in a video that its fighters had killed the hostages.", R.CLAIMED_OR_ADMITTED),
    ("Boko Haram admitted killing the villagers.", R.CLAIMED_OR_ADMITTED),
    ("A Boko Haram spokesman, Abu Musa, claimed responsibility.", R.CLAIMED_OR_ADMITTED),
    ("In a statement from Boko Haram claiming responsibility, no names were given.", R.CLAIMED_OR_ADMITTED),
    ("A claim of responsibility by Boko Haram came at noon.", R.CLAIMED_OR_ADMITTED),
    # Authorities accuse it.
    ("Police blamed Boko Haram for the raid.", R.SUSPECTED_BY_AUTHORITIES),
    ("The army blamed the raid on Boko Haram.", R.SUSPECTED_BY_AUTHORITIES),
    ("The governor accused Boko Haram of the raid.", R.SUSPECTED_BY_AUTHORITIES),
    ("Officials suspect Boko Haram.", R.SUSPECTED_BY_AUTHORITIES),
    ("Police said suspected Boko Haram fighters killed nine people.", R.SUSPECTED_BY_AUTHORITIES),
    ("Boko Haram was blamed by the military for the raid.", R.SUSPECTED_BY_AUTHORITIES),
    ("The minister holds Boko Haram responsible.", R.SUSPECTED_BY_AUTHORITIES),
    ("Investigators believe the men were killed by Boko Haram.", R.SUSPECTED_BY_AUTHORITIES),
    # Somebody suspects it.
    ("The raid was blamed on Boko Haram.", R.SUSPECTED),
    ("Residents accused Boko Haram of the raid.", R.SUSPECTED),
    ("Suspected Boko Haram fighters killed nine people.", R.SUSPECTED),
    ("Boko Haram is suspected of carrying out the raid.", R.SUSPECTED),
    ("Sources attributed the raid to Boko Haram.", R.SUSPECTED),
    ("Residents suspected the involvement of Boko Haram.", R.SUSPECTED),
    ("Boko Haram is believed to have killed the teachers.", R.SUSPECTED),
    ("The attackers were believed to be Boko Haram fighters.", R.SUSPECTED),
    ("Nine people were allegedly killed by Boko Haram.", R.SUSPECTED),
    ("Residents suspected Boko Haram involvement.", R.SUSPECTED),
    ("Omar Diallo, affiliated with Boko Haram, attempted to bomb the bridge.", R.SUSPECTED),
    ("Police arrested two Boko Haram members in connection with the bombing.", R.SUSPECTED_BY_AUTHORITIES),
    # It may have been.
    ("Boko Haram may have carried out the raid.", R.POSSIBLE),
    ("The raid could have been the work of Boko Haram.", R.POSSIBLE),
    ("The raid bore the hallmarks of Boko Haram.", R.POSSIBLE),
    ("The men were possibly killed by Boko Haram.", R.POSSIBLE),
    ("The attackers left leaflets of Boko Haram.", R.POSSIBLE),
    # A side of a clash took part; who killed is not said.
    ("Clashes between troops and Boko Haram killed nine.", R.POSSIBLE),
    ("Nine people died in a gunbattle with Boko Haram.", R.POSSIBLE),
    ("There were no clashes between troops and Boko Haram.", None),
    ("Troops have battled Boko Haram for years.", None),
    # It denies.
    ("Boko Haram denied responsibility for the raid.", R.DENIED),
    ("Boko Haram has denied any involvement.", R.DENIED),
    ("A Boko Haram spokesman denied that its men had taken part.", R.DENIED),
    # It is told as fact.
    ("Boko Haram killed nine people.", R.REPORTED_AS_FACT),
    ("Boko Haram fighters on motorcycles stormed the village at dawn.", R.REPORTED_AS_FACT),
    ("Boko Haram fighters, who wore uniforms, shot dead nine people.", R.REPORTED_AS_FACT),
    ("Boko Haram shot and wounded nine people.", R.REPORTED_AS_FACT),
    ("Boko Haram has killed nine people.", R.REPORTED_AS_FACT),
    ("Nine people were killed by Boko Haram.", R.REPORTED_AS_FACT),
    ("Nine people died in an attack on a market by Boko Haram.", R.REPORTED_AS_FACT),
    ("Nine people died in a Boko Haram attack.", R.REPORTED_AS_FACT),
    ("Nine people died in a Boko Haram suicide bombing.", R.REPORTED_AS_FACT),
    ("The army repelled an attack by Boko Haram.", R.REPORTED_AS_FACT),
    ("Members of Boko Haram set fire to the school.", R.REPORTED_AS_FACT),
    ("Boko Haram fighters disguised as soldiers opened fire on the crowd.", R.REPORTED_AS_FACT),
    ("Boko Haram was behind the raid.", R.REPORTED_AS_FACT),
    ("Boko Haram is responsible for the raid.", R.REPORTED_AS_FACT),
    ("The hostages were released by Boko Haram after a week.", R.REPORTED_AS_FACT),
    ("Boko Haram attempted to bomb the bridge.", R.REPORTED_AS_FACT),
    ("Nine people were killed by Omar Diallo, a Boko Haram fighter.", R.REPORTED_AS_FACT),
    ("Boko Haram planned and carried out the bombing.", R.REPORTED_AS_FACT),
    ("The school was torched by Boko Haram, which often targets teachers.", R.REPORTED_AS_FACT),
    ("The murder of the mayor, father of two, by Boko Haram shocked the town.", R.REPORTED_AS_FACT),
    ("At 0620 Boko Haram attacked the town.", R.REPORTED_AS_FACT),
    ("Boko Haram fighters kidnapped today two teachers.", R.REPORTED_AS_FACT),
    # It is named otherwise.
    ("According to Boko Haram, the army killed nine people.", None),
    ("Police arrested two Boko Haram members at a market.", None),
    ("Omar Diallo said that police killed nine people near a Boko Haram camp.", None),
    ("No group has claimed responsibility, and Boko Haram has not commented.", None),
    ("Boko Haram did not claim responsibility.", None),
    ("Nine Boko Haram fighters were killed in the raid.", None),
    ("Boko Haram fighters killed in the raid were buried.", None),
    ("The army killed nine Boko Haram fighters.", None),
    ("Troops raided a Boko Haram camp and found arms.", None),
    ("The attack on Boko Haram failed.", None),
    ("The government will hold talks with Boko Haram.", None),
    ("Boko Haram condemned the bombing that killed nine.", None),
    ("Boko Haram warned that it would attack.", None),
    ("Like the 2013 attack by Boko Haram, it shocked the country.", None),
    ("Boko Haram has carried out similar attacks before.", None),
    ("The region has often been attacked by Boko Haram.", None),
    ("Boko Haram has killed thousands since 2009.", None),
    ("The bombing was condemned by Boko Haram.", None),
    ("Anti-Boko Haram vigilantes found the bodies.", None),
    ("The town, once held by Boko Haram, was quiet after the bombing.", None),
    ("Police did not blame Boko Haram for the raid.", None),
    ("It was not carried out by Boko Haram.", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_sentence_says_how_firmly_the_group_is_named(text: str, expected: Responsibility | None) -> None:
    assert said_of("Boko Haram", text) == expected


@pytest.mark.parametrize(("text", "expected"), [case for case in CASES if case[1] is not None])
def test_the_same_holds_in_capitals(text: str, expected: Responsibility) -> None:
    assert said_of("Boko Haram", text.upper()) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Troops shot dead three protesters.", "Troops", R.REPORTED_AS_FACT),
        ("An Israeli air strike killed five people.", "Israeli forces", R.REPORTED_AS_FACT),
        ("Three protesters were shot dead by police.", "police", R.REPORTED_AS_FACT),
        ("Syrian warplanes bombed the market.", "Syrian warplanes", R.REPORTED_AS_FACT),
        ("Villagers accused the army of the massacre.", "army", R.SUSPECTED),
        ("Opposition leaders accused the government of the massacre.", "government", R.SUSPECTED),
        ("The army denied killing the villagers.", "army", R.DENIED),
        ("The army admitted killing the villagers.", "army", R.CLAIMED_OR_ADMITTED),
        ("Police found nine bodies after the attack.", "Police", None),
        ("Police said nine people were killed.", "Police", None),
        ("The army deployed troops after the attack that killed nine.", "army", None),
        ("The government condemned the killings.", "government", None),
        ("Gunmen attacked a police station.", "police", None),
        ("Soldiers were wounded by the bomb.", "Soldiers", None),
    ],
)
def test_forces_of_states_are_judged_by_the_same_cues(text: str, name: str, expected: Responsibility | None) -> None:
    assert said_of(name, text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gunmen on two motorcycles opened fire at a bar.", "Gunmen"),
        ("Unidentified assailants kidnapped a priest.", "Unidentified assailants"),
        ("Bandits armed with rifles raided the village, killing nine.", "Bandits"),
        ("A suicide bomber blew himself up at the gate.", "suicide bomber"),
        ("A man drove a van into the crowd.", "man"),
        ("Nine people were stabbed by a masked man.", "masked man"),
        ("Militants wearing army uniforms ambushed the bus.", "Militants"),
    ],
)
def test_descriptions_can_be_the_ones_who_did_it(text: str, name: str) -> None:
    assert said_of(name, text) is R.REPORTED_AS_FACT


@pytest.mark.parametrize(
    "text",
    [
        "A terrorist attack killed nine.",
        "A truck ploughed through an enormous crowd, killing nine.",
        "Rescuers pulled a man from the rubble after the attack.",
        "The man was stabbed in the neck.",
        "Nine men died when the bomb exploded.",
        "Students mourned those killed in the attack.",
    ],
)
def test_bystanders_and_adjectives_did_nothing(text: str) -> None:
    assert find_perpetrators(text, [(0, len(text))]) == []


def test_one_mention_can_be_judged_by_itself() -> None:
    text = "Nine people died. Boko Haram claimed responsibility."
    mentions = find_actors(text)
    group = next(mention for mention in mentions if mention.name == "Boko Haram")
    assert responsibility_of(group, text, (18, len(text))) is R.CLAIMED_OR_ADMITTED
    assert responsibility_of(group, text, (0, 17)) is None


def test_a_claim_outranks_a_report_and_a_report_an_accusation() -> None:
    assert strongest([R.SUSPECTED, R.CLAIMED_OR_ADMITTED, R.REPORTED_AS_FACT]) is R.CLAIMED_OR_ADMITTED
    assert strongest([R.SUSPECTED_BY_AUTHORITIES, R.REPORTED_AS_FACT]) is R.REPORTED_AS_FACT
    assert strongest([R.SUSPECTED, R.SUSPECTED_BY_AUTHORITIES]) is R.SUSPECTED_BY_AUTHORITIES
    assert strongest([]) is None


def test_a_denial_outranks_what_nobody_in_particular_suspects_and_nothing_firmer() -> None:
    assert strongest([R.POSSIBLE, R.SUSPECTED, R.DENIED]) is R.DENIED
    assert strongest([R.DENIED, R.SUSPECTED_BY_AUTHORITIES]) is R.SUSPECTED_BY_AUTHORITIES


@given(
    st.lists(st.sampled_from(list(Responsibility)), min_size=1).flatmap(
        lambda v: st.tuples(st.just(v), st.permutations(v))
    )
)
def test_the_order_in_which_things_are_said_does_not_change_what_stands(
    both: tuple[list[Responsibility], list[Responsibility]],
) -> None:
    values, shuffled = both
    assert strongest(shuffled) is strongest(values)
    assert strongest(values) in values
