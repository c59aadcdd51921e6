"""What is an incident where nobody is counted: tables of sentences, each with the incidents that it tells of."""

from __future__ import annotations

import pytest

from schemas import IncidentType, Stage
from tests.processor.extraction.reading_table import read, shown

TELLS = [
    ("A bomb exploded outside the tax office in Concepcion on Sunday night.", IncidentType.BOMBING),
    ("Guerrillas dynamited an electricity pylon near Huancayo on Saturday.", IncidentType.BOMBING),
    ("GUERRILLAS DYNAMITED AN ELECTRICITY PYLON NEAR HUANCAYO ON SATURDAY.", IncidentType.BOMBING),
    ("Armed men hijacked a bus on the road to Maiduguri on Friday.", IncidentType.HIJACKING),
    ("Masked gunmen robbed a bank in central Davao on Friday.", IncidentType.ROBBERY),
    ("Rebels attacked the police station of Kidal on Sunday and left without a fight.", IncidentType.ARMED_ATTACK),
    ("Suspected separatists set fire to two schools in Pattani overnight.", IncidentType.ARSON),
    ("The attack on the barracks in Gao took place at dawn on Sunday, the army said.", IncidentType.ARMED_ATTACK),
    ("Three bomb attacks were carried out in Lima on Saturday night.", IncidentType.BOMBING),
    ("A magnitude 6.1 earthquake shook Lima on Sunday.", IncidentType.EARTHQUAKE),
    ("A freight train derailed near Kigoma on Sunday.", IncidentType.RAIL_ACCIDENT),
    ("POLICE SAID ANOTHER DEVICE HAS EXPLODED ON THE CORNER OF TWO STREETS FULL OF BANKS.", IncidentType.EXPLOSION),
    ("The minister condemned the murder that took place early on Sunday in San Salvador.", IncidentType.KILLING),
    ("Rebels of the Eastern Front raided a mine in Kono on Sunday.", IncidentType.ARMED_ATTACK),
    ("Rebels of the National Liberation Army destroyed a police station in Cali on Sunday.", IncidentType.ARMED_ATTACK),
    ("Guerrillas destroyed a stretch of the Orinal oil pipeline on Sunday, the owner said.", IncidentType.ARMED_ATTACK),
    ("Trucks on the road were ambushed by unknown persons, a priest said.", IncidentType.ARMED_ATTACK),
    ("The attack that damaged the police station of Kidal took place on Sunday.", IncidentType.ARMED_ATTACK),
]

TELLS_NOT = [
    "The film tells of a plot to murder a king.",
    "The minister tried to defuse tensions over the missiles in Geneva on Sunday.",
    "Two families were evacuated in Leeds on Sunday.",
    "Federal police of Mato Grosso do Sul state raided a laboratory near Aquidauana on Sunday.",
    "Terrorists want to destroy our schools, the president said.",
    "The town was destroyed by an earthquake on Maundy Thursday in 1983, guides tell visitors to Popayan.",
    "The wave of attacks must end, the president told parliament in Bogota on Sunday.",
    "The government will fight terrorism wherever it strikes, the minister said in Lima on Monday.",
    "Guerrillas could attack the barracks in Gao at any time, the colonel said on Sunday.",
    "If the rebels attack the police station of Kidal, the army will answer, he said on Sunday.",
    "The army denied that rebels had attacked the barracks in Gao on Sunday.",
    "The union attacked the government's plan in Paris on Monday.",
    "The opposition stormed out of parliament in Nairobi on Monday.",
    "The rebels promised to suspend attacks on the pipelines near Neiva.",
    "Did gunmen attack the barracks in Gao on Sunday?",
    "Villages along the border are attacked again and again, the bishop of Goma said.",
    "The families of the kidnapped engineers met the minister in Abuja on Monday.",
    "In March 2014 rebels attacked the police station of Kidal.",
    "Police raided two houses in Leeds on Sunday and arrested a man.",
    "Members of our party are being murdered by death squads, the senator said in Manila.",
    "Peasants are murdered and nobody is punished, the bishop of Goma said.",
    "How many of your fighters were killed?",
    "The rebels fled in disarray towards the border, the radio said.",
    "No foreigners are being held hostage, a spokesman for the rebels said in Sanaa.",
    "Embassy staff in Port-au-Prince asked for guards because of death threats.",
    "Surgeons at the hospital in Goma treated the wounded.",
    "They are charged with engaging in kidnapping, extortion and smuggling in Cali.",
]


@pytest.mark.parametrize(("sentence", "kind"), TELLS, ids=[sentence[:60] for sentence, _ in TELLS])
def test_what_happened_is_an_incident_though_nobody_was_harmed(sentence: str, kind: IncidentType) -> None:
    reports = read(sentence)

    assert [(report.type, report.stage) for report in reports] == [(kind, Stage.ACCOMPLISHED)]
    assert shown(reports[0].toll.killed) in ("", "0")


@pytest.mark.parametrize("sentence", TELLS_NOT)
def test_what_is_only_spoken_of_is_no_incident(sentence: str) -> None:
    assert read(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "stage"),
    [
        ("Gunmen tried to kidnap the mayor of Sonsonate on Sunday.", Stage.ATTEMPTED),
        ("Police defused a bomb at the railway station in Multan on Sunday.", Stage.ATTEMPTED),
        ("Police deactivated explosives outside the ministry in Lima on Sunday.", Stage.ATTEMPTED),
        ("Guerrillas placed a bomb at the bridge in Neiva on Sunday, but it failed to explode.", Stage.ATTEMPTED),
        ("The cartel threatened to murder ten judges in Medellin.", Stage.THREATENED),
        ("The government warned the senator of a plot to murder him in Bogota.", Stage.THREATENED),
        ("An unknown caller threatened an attack on radio stations in Guatemala City.", Stage.THREATENED),
        (
            "Explosives on a truck, which were to be fired at the palace in Lima, were deactivated on Sunday.",
            Stage.ATTEMPTED,
        ),
        ("Police experts defused the rockets.", Stage.ATTEMPTED),
        ("Ruben Mora, who leads the opposition, was unharmed following a terrorist attack.", Stage.ATTEMPTED),
        ("The army condemned the murder committed by guerrillas against the rector.", Stage.ACCOMPLISHED),
        ("Guerrilla columns attacked San Ramon and left at dawn.", Stage.ACCOMPLISHED),
        ("Rebels managed to blow up a bridge near Goma on Sunday.", Stage.ACCOMPLISHED),
    ],
)
def test_the_stage_says_how_far_it_got(sentence: str, stage: Stage) -> None:
    assert [report.stage for report in read(sentence)] == [stage]


@pytest.mark.parametrize(
    ("sentence", "killed"),
    [
        ("THE ASSASSINATION OF JUDGE ERNESTO QUIROGA SHOCKED CALI ON SUNDAY.", "1"),
        ("SENATOR ERNESTO QUIROGA, 45, WAS SHOT TO DEATH IN CALI ON SUNDAY.", "1"),
        ("THE ARMY SAID QUIROGA WAS MURDERED BY GUERRILLAS ON SUNDAY IN CALI.", "1"),
        ("GUNMEN MURDERED ERNESTO QUIROGA AND JULIO RENTERIA IN CALI ON SUNDAY.", "2"),
        ("POLICE ARRESTED TWO MEN ON SUNDAY AFTER ERNESTO QUIROGA'S MURDER IN CALI.", "1"),
        ("THE MINISTER CONDEMNED CARLOS PEREZ' ASSASSINATION IN CALI ON SUNDAY.", "1"),
        ("MR. TORRES WAS KILLED AND MR. MENESES WAS WOUNDED NEAR QUITO ON SUNDAY.", "1"),
        ("MARIA TORRES WAS MURDERED BY GUNMEN IN QUITO ON SUNDAY.", "1"),
        ("The assassination of Judge Ernesto Quiroga on Sunday shocked Cali.", "1"),
        ("THE MURDERS OF PEDRO LUZ, A JUDGE FROM CALI, AND COLONEL LUIS PARDO ON SUNDAY SHOCKED CALI.", "2"),
        ("THE MURDER OF SENATOR AND PRESIDENTIAL CANDIDATE LUIS PARDO ON SUNDAY SHOCKED CALI.", "1"),
        ("THE ASSASSINATION OF JUDGE LUIS PARDO AND HIS DRIVER PEDRO LUZ ON SUNDAY SHOCKED CALI.", "2"),
        ("THE MURDER OF JUDGE LUIS PARDO IN CALI ON SUNDAY SHOCKED HIM, MINISTER PEDRO LUZ SAID.", "1"),
    ],
)
def test_somebody_killed_and_named_counts_as_one(sentence: str, killed: str) -> None:
    assert [shown(report.toll.killed) for report in read(sentence)] == [killed]


@pytest.mark.parametrize(
    "sentence",
    [
        "THE MURDERS OF HONDURANS MUST STOP, THE BISHOP SAID IN TEGUCIGALPA ON SUNDAY.",
        "THE ARMY SAID SANTA MARIA WAS RAZED BY GUERRILLAS ON SUNDAY.",
        "A gorilla in the Cairo Zoo was killed on Sunday.",
    ],
)
def test_peoples_and_other_phrases_are_nobody_by_name(sentence: str) -> None:
    assert all(shown(report.toll.killed) != "1" for report in read(sentence))


def test_somebody_kidnapped_and_named_counts_as_one() -> None:
    (report,) = read("REBELS KIDNAPPED THE ANTHROPOLOGIST BRUNO ALVES NEAR MOCOA ON SUNDAY.")

    assert shown(report.toll.abducted) == "1"
    assert report.type is IncidentType.ABDUCTION
