"""A new wording is one row here: sentence, killed, attackers among them, wounded, abducted, missing."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import shown, toll

ROWS = [
    # voices of the verb
    ("Gunmen killed 14 farmers in Katsina on Sunday.", "14", "", "", "", ""),
    ("Fourteen farmers were killed in Katsina on Sunday.", "14", "", "", "", ""),
    ("Fourteen farmers killed in Katsina raid.", "14", "", "", "", ""),
    ("A raid on Sunday left 14 farmers dead and six wounded.", "14", "", "6", "", ""),
    ("The raiders struck at dawn, killing 14 farmers and wounding six.", "14", "", "6", "", ""),
    ("The raid led to the deaths of 14 farmers.", "14", "", "", "", ""),
    ("The death toll rose to 14, and the number of casualties has risen to 60.", "14", "", "", "", ""),
    ("The number of casualties has risen to 60, and the toll grows by the hour.", "", "", "", "", ""),
    ("The number of casualties of the quake has risen to 60.", "60", "", "", "", ""),
    ("The crush led to the deaths of 14 farmers and at least 30 injuries.", "14", "", "30-", "", ""),
    ("The landslide claimed 31 lives.", "31", "", "", "", ""),
    ("The landslide took the lives of 31 villagers.", "31", "", "", "", ""),
    ("Thirty-one villagers lost their lives in the landslide.", "31", "", "", "", ""),
    ("Rescuers pulled 31 bodies from the mud.", "31", "", "", "", ""),
    ("Police said there were nine fatalities in the pile-up.", "9", "", "", "", ""),
    ("Three fishermen drowned when their canoe overturned.", "3", "", "", "", ""),
    ("Militants shot dead four drivers near Beni.", "4", "", "", "", ""),
    ("Militants shot four drivers dead near Beni.", "4", "", "", "", ""),
    ("Two traders were hacked to death in the market.", "2", "", "", "", ""),
    ("The insurgents beheaded five captured loggers.", "5", "", "", "", ""),
    ("Seven pilgrims have died after their bus fell into a gorge.", "7", "", "", "", ""),
    ("Six recruits were feared dead after the blast.", "6", "", "", "", ""),
    # what people suffer
    ("A porter was assaulted by looters in Bria.", "", "", "1", "", ""),
    ("Two cooks were sexually assaulted in the compound on Monday.", "", "", "2", "", ""),
    ("Soldiers raped a teacher in Zalingei.", "", "", "1", "", ""),
    ("The assault on the town of Bria failed.", "", "", "", "", ""),
    ("Three cleaners sustained serious head injuries when looters stormed the depot.", "", "", "3", "", ""),
    ("Two wardens received minor shrapnel wounds in the strike on Derna.", "", "", "2", "", ""),
    ("A mechanic was attacked in Bunia, suffering two fractures and multiple stab wounds.", "", "", "1", "", ""),
    ("The army suffered heavy losses and a wound to its pride in Idlib.", "", "", "", "", ""),
    ("Nine nurses were among those killed in the strike on the clinic.", "9-", "", "", "", ""),
    ("A surveyor died in Tuzla: he had suffered fatal head wounds.", "1", "", "", "", ""),
    ("A tailor was arrested by soldiers and died in custody within a day in Homs.", "1", "", "", "", ""),
    ("A firm hired by the ministry and two tailors were fined.", "", "", "", "", ""),
    ("A tailor was struck by a stray bullet in Homs.", "", "", "1", "", ""),
    ("Two tailors were hit by shrapnel in Homs.", "", "", "2", "", ""),
    # who they are beside who they work for
    ("Two clerks of the local partners killed in ambush near Kidal.", "2", "", "", "", ""),
    ("A Danish national working for a charity was shot dead in Kidal.", "1", "", "", "", ""),
    ("One national (Kenyan) teacher killed by gunmen in Kidal.", "1", "", "", "", ""),
    ("The administrator of a UN supported clinic in Kidal was killed by gunmen.", "1", "", "", "", ""),
    # taken
    ("A surveyor was detained by local militants near Kidal.", "", "", "", "1", ""),
    ("Two clerks were detained for more than a week by an armed faction in Kidal.", "", "", "", "2", ""),
    ("One guard was killed and two clerks captured when gunmen attacked the depot.", "1", "", "", "2", ""),
    ("Two clerks are missing and presumed kidnapped in Kidal.", "", "", "", "2", "2"),
    ("Police captured two gunmen in Kidal.", "", "", "", "", ""),
    # both harms in one sentence
    ("Twelve troops were killed and 30 others wounded in the ambush.", "12", "", "30", "", ""),
    ("Twelve troops were killed and 30 others were wounded in the ambush.", "12", "", "30", "", ""),
    ("The ambush killed 12 troops and wounded 30.", "12", "", "30", "", ""),
    ("12 killed, 30 injured in ambush", "12", "", "30", "", ""),
    ("The ambush killed or wounded 30 troops.", "some", "", "some", "", ""),
    # lists and companions
    ("The bomb killed a teacher, her driver and a guard.", "3", "", "", "", ""),
    ("Gunmen killed a couple and their three children in Goma.", "5", "", "", "", ""),
    ("Seven soldiers and two civilians were killed when rebels attacked the camp.", "9", "", "", "", ""),
    ("The chief was killed along with his brother and two aides.", "4", "", "", "", ""),
    ("The attack killed 11 soldiers, including two officers and a medic.", "11", "", "", "", ""),
    ("The attack killed 85 people, including 75 traders and 13 soldiers.", "85", "", "", "", ""),
    ("The attack killed five people, including two children, and 13 soldiers.", "18", "", "", "", ""),
    ("Eleven people, four of them children, were killed in the attack.", "11", "", "", "", ""),
    ("Six people, three men and three women, were killed in the attack.", "6", "", "", "", ""),
    ("Five raiders and one policeman were killed in the gunfight.", "6", "5", "", "", ""),
    ("The bomber killed himself and 20 others at the checkpoint.", "21", "1", "", "", ""),
    ("The gunman killed four colleagues before shooting himself dead.", "5", "1", "", "", ""),
    ("The gunman killed four colleagues before committing suicide.", "5", "1", "", "", ""),
    # whose subject is where
    ("Police opened an inquiry into an attack in which three nurses and a driver were killed.", "4", "", "", "", ""),
    ("Mourners buried the seven miners that were killed on Sunday.", "7", "", "", "", ""),
    ("They buried six monks, two of them novices, who were killed on Sunday.", "6", "", "", "", ""),
    ("A man found beside the road was shot and killed on Sunday.", "1", "", "", "", ""),
    ("A trader, while driving home, was caught in crossfire and killed.", "1", "", "", "", ""),
    ("Three firms hired by the ministry left, and nine guards were killed.", "9", "", "", "", ""),
    ("Five people are known to have died in the storm.", "5", "", "", "", ""),
    # capitals
    ("MINISTER ANTONIO CRUZ WAS ASSASSINATED TODAY, AND TWO MEMBERS OF HIS ESCORT WERE KILLED.", "3", "", "", "", ""),
    ("Rebels killed the mayor of the town, as well as two farmers, the local press reported.", "3", "", "", "", ""),
    ("Soldiers killed three militants on Sunday. Later the three bodies were found.", "3", "3", "", "", ""),
    ("The shells killed 9-year-old boy and wounded two others.", "1", "", "2", "", ""),
    ("Four guards were killed in the raid (three shot dead and one beheaded).", "4", "", "", "", ""),
    ("Two watchmen were among those who were killed on Sunday.", "2-", "", "", "", ""),
    ("Three drivers were reported missing on Sunday and found dead the next day.", "3", "", "", "", "3"),
    # headlines
    ("12 die in Karachi blast", "12", "", "", "", ""),
    ("Five feared dead as boat sinks off Lampedusa", "5", "", "", "", ""),
    ("At least 14 killed, 30 hurt in Quetta mosque blast", "14-", "", "30", "", ""),
    # no people
    ("The gorilla held the boy for ten minutes before it was fatally shot.", "", "", "", "", ""),
    # whoever speaks is not hurt
    ("The quake killed 126 people and injured 188, Turkish state media reported.", "126", "", "188", "", ""),
    ("The mine killed 12 guests and injured three, a provincial spokesman said.", "12", "", "3", "", ""),
    ("The blast killed 16 recruits on Sunday, a military officer told Reuters.", "16", "", "", "", ""),
    ("The flood killed nine farmers, a resident, Musa Bello, said.", "9", "", "", "", ""),
    ("He condemned the murder of six monks and two nuns and said that it was vile.", "8", "", "", "", ""),
    # ages in words, and years
    ("Their son Musa, eight, was killed in the strike.", "1", "", "", "", ""),
    ("A boy, six, and his sister, nine, drowned.", "2", "", "", "", ""),
    ("Ann and Tom Miller, both 70, died in the fire.", "2", "", "", "", ""),
    ("In the 1741 shipwreck, men drowned by the dozen.", "some", "", "", "", ""),
    # counts that a later one replaces
    ("Fifty-six people died in the crush. Medics had earlier spoken of around 100 dead.", "56", "", "", "", ""),
    ("Ten people died in the collision, officials said, revising an earlier toll of 13 dead.", "10", "", "", "", ""),
    ("Police had earlier said that nine people were killed.", "9", "", "", "", ""),
    # carried off and burnt
    ("The men shot in the air and whisked away 15 pupils.", "", "", "", "15", ""),
    ("At least 20 passengers were burnt alive and 16 others suffered serious burns.", "20-", "", "16", "", ""),
    ("A jet killed 22 pupils and injured 30, a teacher and a local defence group said.", "22", "", "30", "", ""),
    ("The man roamed the mall until a policewoman shot him dead.", "1", "1", "", "", ""),
    ("About 100 others are still in hospital.", "", "", "~100", "", ""),
    # further ways to say it
    ("Troops eliminated 30 terrorists in a raid on Sunday.", "30", "30", "", "", ""),
    ("Five children were blown to pieces by a bomb.", "5", "", "", "", ""),
    ("Five soldiers paid the supreme sacrifice.", "5", "", "", "", ""),
    ("The bodies of four boys were fished out of the lagoon.", "4", "", "", "", ""),
    ("Eleven others sustained varying degrees of injury in the crash.", "", "", "11", "", ""),
    ("North of 40 villagers were killed.", "40-", "", "", "", ""),
    # all aboard
    ("All but two of the 50 passengers died in the crash.", "48", "", "", "", ""),
    ("All but one were killed when the roof fell in.", "", "", "", "", ""),
    ("Airliner crash in Kano: 93 on board dead", "93", "", "", "", ""),
    # both sides
    (
        "Two gunmen opened fire, killing two people and wounding seven before they were shot dead by soldiers.",
        "4",
        "2",
        "7",
        "",
        "",
    ),
    ("He stabbed three colleagues to death before an officer shot him dead.", "4", "1", "", "", ""),
    ("Troops killed 13 khawarij while five soldiers embraced martyrdom.", "18", "13", "", "", ""),
    # bounds
    ("At least 60 soldiers were killed.", "60-", "", "", "", ""),
    ("More than 60 soldiers were killed.", "60-", "", "", "", ""),
    ("No fewer than sixty soldiers were killed.", "60-", "", "", "", ""),
    ("Up to 60 soldiers were killed.", "-60", "", "", "", ""),
    ("About 60 soldiers were killed.", "~60", "", "", "", ""),
    ("Nearly 60 soldiers were killed.", "~60", "", "", "", ""),
    ("Between 15 and 20 soldiers were killed.", "15..20", "", "", "", ""),
    ("15 to 20 soldiers were killed.", "15..20", "", "", "", ""),
    ("Dozens of soldiers were killed.", "24?", "", "", "", ""),
    ("Scores of soldiers were killed.", "40?", "", "", "", ""),
    ("Hundreds of soldiers were killed.", "200?", "", "", "", ""),
    ("Several soldiers were killed.", "3?", "", "", "", ""),
    ("Soldiers were killed when the convoy hit a mine.", "some", "", "", "", ""),
    ("One hundred and twelve passengers died when the ferry capsized.", "112", "", "", "", ""),
    ("Two dozen passengers died when the ferry capsized.", "24", "", "", "", ""),
    ("The quake killed 1,204 people.", "1204", "", "", "", ""),
    # tolls
    ("The death toll from the ferry disaster rose from 51 to 59 on Monday.", "59", "", "", "", ""),
    ("Officials put the death toll at 48.", "48", "", "", "", ""),
    ("The toll has risen from 19 to 37, officials in Manila said.", "37", "", "", "", ""),
    ("The death toll stands at more than 300.", "300-", "", "", "", ""),
    ("The number of martyrs of the raid on the camp has reached 23.", "23", "", "", "", ""),
    ("The hospital put the dead of the market at 54 and the wounded at 77.", "54", "", "77", "", ""),
    ("Relatives put the dead in two trucks and drove home.", "", "", "", "", ""),
    ("Two bodies were found on Sunday, and that brings the dead to 17.", "17", "", "", "", ""),
    ("The toll of the ambush went up to 18 when a driver died.", "18", "", "", "", ""),
    # the whole and its parts
    ("Nineteen people died in the battle: 12 attackers and seven soldiers.", "19", "12", "", "", ""),
    ("Two more miners died on Sunday, and with that the blast has cost 31 lives.", "31", "", "", "", ""),
    ("Three women died of their burns, and the ministry now lists 26 dead.", "26", "", "", "", ""),
    ("He killed 14 people and himself, 15 dead in all.", "15", "1", "", "", ""),
    ("Her son is one of 13 people who have died of the shelling.", "13", "", "", "", ""),
    ("One of the 27 villagers killed in the raid was a nurse.", "27", "", "", "", ""),
    ("One of the three men who were shot died on Sunday.", "1", "", "", "", ""),
    ("Two of the nine miners who were trapped have died.", "2", "", "", "", ""),
    ("At least six people are dead, counting the shooter. The gunman is dead.", "6-", "1", "", "", ""),
    ("One girl died of a snakebite, which makes four dead since the raid.", "4", "", "", "", ""),
    ("Fifty-eight miners were laid to rest on Sunday.", "58", "", "", "", ""),
    # who is not among them
    ("Divers reach the reef: 31 alive, two dead", "2", "", "", "", ""),
    ("Gang frees 31 more hostages, one died in captivity", "1", "", "", "", ""),
    ("Hank Moll, who got some 200 people out of the barn, was not hurt. Nine people died.", "9", "", "", "", ""),
    ("PATNA, Aug 5 - Thirty-one people died when a bridge fell on Monday.", "31", "", "", "", ""),
    ("LAGOS, May 12 - 15 people died when a bridge fell on Monday.", "15", "", "", "", ""),
    # the language of armies
    ("Nine soldiers fallen on the field of honour were flown home.", "9", "", "", "", ""),
    ("Thirty-one sons of the soil embraced martyrdom in the raid.", "31", "", "", "", ""),
    ("All 21 terrorists were sent to hell in the operation.", "21", "21", "", "", ""),
    ("The 31 wounded were evacuated by air.", "", "", "31", "", ""),
    # what a party boasts of
    ("The rebels said that they killed 90 soldiers. The hospital said that 12 people died.", "12", "", "", "", ""),
    ("JNIM said that its men killed 60 soldiers. The army says that 23 soldiers died.", "23", "", "", "", ""),
    ("More than 60 people died, the Red Cross said. The Houthis spoke of 160 dead.", "60-", "", "", "", ""),
    ("The rebels said that they killed 90 soldiers in the camp.", "90", "", "", "", ""),
    # nobody
    ("The bomb exploded at night and no one was killed.", "0", "", "", "", ""),
    ("A grenade was thrown at the post but there were no casualties.", "0", "", "0", "", ""),
    # captives and missing
    ("Seven rucksacks and other supplies were seized at a petrol station in Cali on Sunday.", "", "", "", "", ""),
    ("The arsenal is the largest one seized from the guerrillas in Cali.", "", "", "", "", ""),
    ("Bandits abducted more than 40 women from the village.", "", "", "", "40-", ""),
    ("Rebels took 12 miners hostage.", "", "", "", "12", ""),
    ("Twelve miners were taken hostage by rebels.", "", "", "", "12", ""),
    ("Others were taken prisoner by the attackers after the assault.", "", "", "", "some", ""),
    ("The flood left 12 people dead and dozens missing.", "12", "", "", "", "24?"),
    ("Three drivers were stopped and detained by an armed group near Wau.", "", "", "", "3", ""),
    ("An armed group detained two drivers near Wau on Sunday.", "", "", "", "2", ""),
    ("Police detained two drivers near Wau on Sunday.", "", "", "", "", ""),
    ("Bandits carried off 31 worshippers from a church in Kajuru.", "", "", "", "31", ""),
    ("Nine miners were trapped when the shaft at Tarkwa caved in.", "", "", "", "", "9"),
    ("Four dead, six trapped in the rubble at Izmit.", "4", "", "", "", "6"),
    ("Two of the nine who were trapped in the mine at Tarkwa are well.", "", "", "", "", ""),
    ("Two hundred tourists were trapped on the island by a strike.", "", "", "", "", ""),
    # those who are mourned
    ("Mass was said for the sixteen people who drowned in the river at Yola.", "16", "", "", "", ""),
    ("The Red Cross buried 41 victims of the massacre at Beni.", "41", "", "", "", ""),
    ("The 41 victims of the fraud at Beni want their money.", "", "", "", "", ""),
    ("A doctor in Bor said that he had received 23 bodies.", "23", "", "", "", ""),
    ("The army says that it put 30 rebels out of action, and put out of action 40 more at Bor.", "40", "", "", "", ""),
    ("Her death brings the number killed at Leeds to three.", "3", "", "", "", ""),
    (
        "Two of the injured died at night, so that 18 people have lost their lives in the crash at Oruro.",
        "18",
        "",
        "",
        "",
        "",
    ),
    ("Two soldiers died at Bor on Sunday, bringing the total to 58.", "58", "", "", "", ""),
    ("Twelve schools were closed in Bor, bringing the total to 40.", "", "", "", "", ""),
    ("A nurse told reporters that at least 40 people had died on both sides at Bor.", "40-", "", "", "", ""),
    ("Four workers were shot dead in Leeds by a colleague, who then killed himself.", "5", "1", "", "", ""),
    ("A girl of 12 killed by a stray bullet was buried at Kiambu.", "", "", "", "", ""),
    ("Eight, not eleven, died of the school meal at Bole.", "8", "", "", "", ""),
    ("The hospital lists of Latifabad carry 34 names of the dead.", "34", "", "", "", ""),
    ("He is charged with three murders and five attempted murders in Leeds.", "3", "", "", "", ""),
    ("Eight children between the ages of five and twelve drowned at Kano.", "8", "", "", "", ""),
    # one verb after another
    ("A driver was ambushed, shot and killed near Bor on Sunday.", "1", "", "", "", ""),
    ("Two nurses were kidnapped and later found dead.", "2", "", "", "2", ""),
    ("A guard was shot at by raiders and died on the spot.", "1", "", "", "", ""),
    # people told of as somebody else's, by name, and further off
    ("Gunmen killed Pedro Luz, his son Tomas, and seven others near Cali.", "9", "", "", "", ""),
    ("Hernan Trejo, his wife, and their driver were shot to death in Cali.", "3", "", "", "", ""),
    ("Hernan Trejo, their commander, was shot to death in Cali.", "1", "", "", "", ""),
    ("GUNMEN KILLED THE JUDGE, HIS DRIVER JACINTO MESQUIDA, AND TWO GUARDS NEAR CALI.", "4", "", "", "", ""),
    ("Pedro Luz, 65, was killed near his home in Cali on Sunday, along with two of his guards.", "3", "", "", "", ""),
    ("The murder of six monks, a cook, and her daughter was the work of rebels, he said.", "8", "", "", "", ""),
    ("QUIROGA TORRES, 65, WAS KILLED NEAR HIS HOME TODAY, ALONG WITH TWO OF HIS GUARDS.", "3", "", "", "", ""),
    ("BUS ROUTES 12, 65, AND 70 WERE CUT TODAY WHEN A MAN WAS KILLED.", "1", "", "", "", ""),
    ("Police killed Rolando Paz, alias the Goat, his son Pedro and 15 others near Cali.", "17", "", "", "", ""),
    # those whose people no list has, and names with "of" in them
    ("The clash near Kidal killed four Wodaabes and a Songhoy.", "5", "", "", "", ""),
    ("The blast near Kidal killed four guards and a Toyota was burnt.", "4", "", "", "", ""),
    ("At least 30 alleged State of Zamfar militants were killed on Sunday.", "30-", "30-", "", "", ""),
    # a number that sums up those before it
    ("A guard and two cooks were shot dead near Kidal, making three deaths.", "3", "", "", "", ""),
    ("Nine guards and two cooks were killed near Kidal (11 fatalities).", "11", "", "", "", ""),
    # whoever estimates a number is not in it
    ("Police estimated at least 80 people were still missing in the river at Jos.", "", "", "", "", "80-"),
    ("An estimated 80 people were killed in the flood at Jos.", "~80", "", "", "", ""),
    ("A search went on near Jos for some dozen people feared missing.", "", "", "", "", "~12"),
    ("Rescuers were trying to find 19 missing miners at Jos after an explosion.", "", "", "", "", "19"),
    # a number that a later one has taken the place of
    ("Ten people were initially reported missing at Jos, and six are still missing.", "", "", "", "", "6"),
    # those found dead with the one who shot them
    ("Four people are dead after a man stabbed three relatives and then killed himself.", "4", "1", "", "", ""),
    ("A man stabbed three relatives to death and then killed himself.", "4", "1", "", "", ""),
    # whoever is thrown out is not hurt
    ("Two players were kicked off a plane in Dallas on Sunday.", "", "", "", "", ""),
    ("Two players were kicked by a mob in Dallas on Sunday.", "", "", "2", "", ""),
]


@pytest.mark.parametrize(("sentence", "killed", "attackers", "wounded", "abducted", "missing"), ROWS)
def test_a_sentence_gives_the_toll_that_it_says(
    sentence: str, killed: str, attackers: str, wounded: str, abducted: str, missing: str
) -> None:
    found = toll(sentence)

    read = [shown(f) for f in (found.killed, found.killed_attackers, found.wounded, found.abducted, found.missing)]

    assert read == [killed, attackers, wounded, abducted, missing]
