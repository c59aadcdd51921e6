"""Sentences as news writes them: who did it, and how firmly that is said. A new wording is one row here."""

from __future__ import annotations

import pytest

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors import find_perpetrators, to_perpetrators

CLAIMED = Responsibility.CLAIMED_OR_ADMITTED
FACT = Responsibility.REPORTED_AS_FACT
BY_AUTHORITIES = Responsibility.SUSPECTED_BY_AUTHORITIES
SUSPECTED = Responsibility.SUSPECTED
POSSIBLE = Responsibility.POSSIBLE
DENIED = Responsibility.DENIED
JNIM = "Jamaat Nusrat al-Islam wal-Muslimin"

ROWS: list[tuple[str, list[tuple[str, Responsibility]]]] = [
    ("The Taliban killed six policemen in Ghazni.", [("Taliban", FACT)]),
    (
        "A letter signed by the Green Earth Front was sent to newspapers, claiming responsibility for the arson.",
        [("Green Earth Front", CLAIMED)],
    ),
    ("A truce was signed by the Green Earth Front hours after a bomb killed two people.", []),
    ("The vehicles used in the assault had Taliban markings.", [("Taliban", POSSIBLE)]),
    ("Police found Taliban leaflets in the house.", []),
    (
        'The police suspect the extreme left-wing Maoist organisation, "Sendero Luminoso", of the bombing.',
        [("Shining Path", BY_AUTHORITIES)],
    ),
    (
        "Police arrested Eric Kane, whom they describe as an anarchist, in connection with the attack.",
        [("anarchist", BY_AUTHORITIES)],
    ),
    (
        "Mark Adler, a right-wing extremist, claimed responsibility for the attack and had previously hailed others.",
        [("right-wing extremist", CLAIMED)],
    ),
    ("Workers' Self-Defence, ADO, claimed responsibility for the bombing.", [("Workers' Self-Defence", CLAIMED)]),
    ("Six policemen were killed by the Taliban in Ghazni.", [("Taliban", FACT)]),
    ("Six policemen were killed in an attack blamed on the Taliban.", [("Taliban", SUSPECTED)]),
    ("Police blamed Boko Haram for the bombing of a market that killed 12.", [("Boko Haram", BY_AUTHORITIES)]),
    ("The blast, which killed 12, was claimed by Islamic State.", [("Islamic State", CLAIMED)]),
    ("No group has claimed responsibility for the bombing, which killed 12.", []),
    ("Nobody immediately claimed the attack.", []),
    ("There was no immediate claim of responsibility for the blast.", []),
    ("Al-Shabaab denied responsibility for the truck bombing that killed 90 people.", [("al-Shabaab", DENIED)]),
    ("Al-Shabaab denied it was behind the truck bombing.", [("al-Shabaab", DENIED)]),
    ("Suspected Boko Haram militants killed 14 farmers near Jere.", [("Boko Haram", SUSPECTED)]),
    (
        "Police suspect the PKK of carrying out the bombing that killed two soldiers.",
        [("Kurdistan Workers' Party", BY_AUTHORITIES)],
    ),
    (
        "The PKK is believed to have planted the mine that killed two soldiers.",
        [("Kurdistan Workers' Party", SUSPECTED)],
    ),
    ("The ELN is suspected of blowing up the pipeline.", [("National Liberation Army", SUSPECTED)]),
    ("Officials said the attack bore the hallmarks of al-Qaeda.", [("al-Qaeda", POSSIBLE)]),
    ("The ambush may have been the work of the FDLR.", [("Democratic Forces for the Liberation of Rwanda", POSSIBLE)]),
    ("It could have been the Shining Path that blew up the bridge.", [("Shining Path", POSSIBLE)]),
    ("Gunmen opened fire on a church in Jos, killing nine worshippers.", [("gunmen", FACT)]),
    ("Nine worshippers were gunned down by unidentified attackers in Jos.", [("unidentified attackers", FACT)]),
    ("Muslim militants beheaded three loggers in Basilan.", [("Muslim militants", FACT)]),
    ("Neo-Nazis set fire to a hostel for asylum seekers, injuring four.", [("Neo-Nazis", FACT)]),
    ("Sikh extremists shot dead five bus passengers in Punjab.", [("Sikh militants", FACT)]),
    ("Tribesmen kidnapped two German tourists in Marib.", [("Tribesmen", FACT)]),
    ("Palestinians threw a firebomb at a bus, wounding two passengers.", [("Palestinians", FACT)]),
    ("Anti-abortion activists set fire to a clinic in Kansas.", [("Anti-abortion extremists", FACT)]),
    ("Separatists blew up a police post in Pattani, killing two officers.", [("Separatists", FACT)]),
    ("Basque separatists killed a councillor in Bilbao.", [("ETA", FACT)]),
    ("Maoist rebels killed 11 policemen in Chhattisgarh, India.", [("Communist Party of India (Maoist)", FACT)]),
    ("Tamil rebels shot down an army helicopter in northern Sri Lanka.", [("Liberation Tigers of Tamil Eelam", FACT)]),
    ("Kurdish rebels killed two soldiers in southeastern Turkey.", [("Kurdistan Workers' Party", FACT)]),
    ("Kurdish separatists attacked a gendarmerie post in Hakkari, Turkey.", [("Kurdistan Workers' Party", FACT)]),
    ("Leftist guerrillas killed a mayor in Peru.", [("Leftist guerrillas", FACT)]),
    ("Leftist rebels killed four soldiers in Colombia.", [("Leftist rebels", FACT)]),
    ("Maoist rebels killed four policemen in Nepal.", [("Communist Party of Nepal (Maoist)", FACT)]),
    ("Maoist guerrillas killed four soldiers in the Philippines.", [("New People's Army", FACT)]),
    (
        "Communist rebels ambushed a patrol in Masbate, Philippines, killing three soldiers.",
        [("New People's Army", FACT)],
    ),
    (
        "A group calling itself the Sons of the Delta claimed responsibility for the attack.",
        [("Sons of the Delta", CLAIMED)],
    ),
    (
        "The little-known Free Highlands Liberation Front claimed responsibility for the bombing.",
        [("Free Highlands Liberation Front", CLAIMED)],
    ),
    (
        "A previously unknown group, the Eastern Lions Brigade, said it was behind the killing.",
        [("Eastern Lions Brigade", CLAIMED)],
    ),
    (
        "In a statement on Telegram, JNIM said its fighters killed 20 soldiers.",
        [("Jamaat Nusrat al-Islam wal-Muslimin", CLAIMED)],
    ),
    ("Responsibility for the attack was claimed by the Islamic State group.", [("Islamic State", CLAIMED)]),
    ("The Islamic State group took credit for the stabbing.", [("Islamic State", CLAIMED)]),
    ("A Taliban spokesman, Zabihullah Mujahid, said their fighters carried out the raid.", [("Taliban", CLAIMED)]),
    ("Authorities attributed the massacre to the Gulf Cartel.", [("Gulf Cartel", BY_AUTHORITIES)]),
    ("The opposition accused the army of killing 30 villagers.", [("army", SUSPECTED)]),
    ("The army denied killing 30 villagers.", [("army", DENIED)]),
    ("Residents accused soldiers of shooting dead 12 protesters.", [("soldiers", SUSPECTED)]),
    ("Police shot dead three protesters in Conakry.", [("Police", FACT)]),
    ("A Saudi-led coalition air strike killed 40 people at a market in Yemen.", [("Saudi-led coalition", FACT)]),
    ("An Israeli air strike killed a family of five in Rafah.", [("Israeli forces", FACT)]),
    ("Al-Qaida-linked militants stormed a hotel in Grand-Bassam, killing 16.", [("Al-Qaida-linked militants", FACT)]),
    ("Detectives believe a rival gang carried out the shooting.", [("rival gang", BY_AUTHORITIES)]),
    ("The rebels have been accused by the UN of executing 21 prisoners.", [("rebels", SUSPECTED)]),
    ("ISWAP, which has been blamed for a string of attacks, did not comment.", []),
    ("The attack came days after the army killed a Boko Haram commander.", [("army", FACT)]),
    ("A bomber killed one person near Kabul, two weeks after a major Taliban assault in the city.", [("bomber", FACT)]),
    ("The bombing followed a series of attacks claimed by the Taliban.", []),
    ("Two weeks after a Taliban assault on the city, the siege went on.", [("Taliban", FACT)]),
    ("Gunmen stormed the village, killing the chief identified as Musa Ali Bello.", [("gunmen", FACT)]),
    ("Boko Haram has repeatedly attacked churches in the state.", []),
    ("The military said it had discovered a bomb factory in the village.", []),
    ("The convoy was ambushed near Yirol, the International Organization for Migration said.", []),
    ("Two students were killed in police firing on Sunday.", [("police", FACT)]),
    ("Suspected militias killed an Egyptian U.N. peacekeeper and wounded three others.", [("militias", SUSPECTED)]),
    ("France awaits a vote of the U.N. Security Council after rebels killed ten people.", [("rebels", FACT)]),
    ("Boko Haram has killed more than 30,000 people since 2009.", []),
    ("Villagers blame Fulani herdsmen for the killings of 20 farmers.", [("Fulani militants", SUSPECTED)]),
    ("The provincial governor said the bombers were members of Islamic State.", [("Islamic State", BY_AUTHORITIES)]),
    ("The gunman, identified as Ruben Halk, 31, shot dead four colleagues.", [("Ruben Halk", FACT)]),
    ("Suspicion immediately fell on the Tamil Tigers.", [("Liberation Tigers of Tamil Eelam", POSSIBLE)]),
    ("Suspicion fell on al-Shabaab, which has carried out similar attacks.", [("al-Shabaab", POSSIBLE)]),
    ("Sources say the CODECO militia attacked the camp at Savo, hacking 60 people to death.", [("CODECO", FACT)]),
    (
        "Clashes between Fulani herders and farmers left 12 dead in Benue.",
        [("Fulani militants", POSSIBLE), ("farmers", POSSIBLE)],
    ),
    ("The kidnappers, thought to be Abu Sayyaf, demanded a ransom.", [("Abu Sayyaf", SUSPECTED)]),
    ("The M23 rebels are alleged to have executed 131 civilians.", [("March 23 Movement", SUSPECTED)]),
    ("Hezbollah fired 40 rockets at northern Israel.", [("Hezbollah", FACT)]),
    ("A splinter faction of the ELF said it had bombed the tower.", [("splinter faction", CLAIMED)]),
    (
        "Police arrested two members of the Red Brigades in connection with the killing of the judge.",
        [("Red Brigades", BY_AUTHORITIES)],
    ),
    ("The Lord's Resistance Army abducted 30 children from a village.", [("Lord's Resistance Army", FACT)]),
    ("Al Shabaab suspected.", [("al-Shabaab", SUSPECTED)]),
    ("One died when an ambulance hit a landmine planted by al-Shabaab.", [("al-Shabaab", FACT)]),
    ("An ambulance hit a suspected al-Shabaab landmine, killing one.", [("al-Shabaab", SUSPECTED)]),
    ("Al-Shabaab are the suspected perpetrators of the bombing.", [("al-Shabaab", SUSPECTED)]),
    ("The prime suspect is Jemaah Islamiyah.", [("Jemaah Islamiyah", SUSPECTED)]),
    ("The Taliban did not claim responsibility for the attack.", []),
    ("The Taliban neither confirmed nor denied involvement.", []),
    ("Kenyan police shot and killed an al-Shabaab suspect in Kwale.", [("Kenyan police", FACT)]),
    ("The killing was attributed to right-wing death squads.", [("right-wing death squads", SUSPECTED)]),
    ("Witnesses said the men wore army uniforms.", []),
    ("The Real IRA admitted planting the bomb.", [("Real IRA", CLAIMED)]),
    (
        "The Islamic State, the group that claimed responsibility for the attacks in Brussels, did not comment.",
        [],
    ),
    ("JNIM, which is allied with al-Qaida, said its fighters killed 20 soldiers.", [(JNIM, CLAIMED)]),
    ("The group was involved in hijackings in the 1970s.", []),
    ("The Popular Front was involved in hijackings and other major attacks in the 1970s.", []),
    ("Prosecutors indicted Dana Merritt on two counts of murder.", [("Dana Merritt", BY_AUTHORITIES)]),
    ("Police arrested Omar Said in connection with the bombing.", [("Omar Said", BY_AUTHORITIES)]),
    ("Dana Merritt was arrested on suspicion of murder.", [("Dana Merritt", BY_AUTHORITIES)]),
    ("Dana Merritt was charged with fraud.", []),
    ("The strike was seen as humiliating by right-wing Israelis.", []),
    ("The army said it had beaten back the assault.", []),
    ("The army said it had repelled the attack.", []),
    ("Gangs that live from theft and kidnapping hold the hills.", []),
    ("Six policemen were killed in a blast blamed on the PKK.", [("Kurdistan Workers' Party", SUSPECTED)]),
    ("Residents said the attackers were members of Boko Haram.", [("Boko Haram", FACT)]),
    ('The letters "KKK" were burned into the grass.', [("Ku Klux Klan", POSSIBLE)]),
    ("Supporters of the party beat two students to death.", [("Supporters", FACT)]),
]


@pytest.mark.parametrize(("sentence", "expected"), ROWS)
def test_the_sentence_says_who_did_it_and_how_firmly(sentence: str, expected: list[tuple[str, Responsibility]]) -> None:
    found = to_perpetrators(find_perpetrators(sentence, [(0, len(sentence))]))

    assert [(person.name, person.responsibility) for person in found] == expected
