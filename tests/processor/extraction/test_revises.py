"""What an article does to earlier reports: it takes them back, corrects their figures, or only goes on telling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Article, Claim, ClaimKind, Evidence, Figure, IncidentType, Report, Revises, Toll
from services.processor.extraction.extract import extract
from services.processor.extraction.revises import with_revision


def revised(text: str, killed: int = 19, said: str = "", title: str = "") -> Report:
    """The report of an article that gives `killed` dead with the words `said`."""
    article = Article(article_id="a", title=title, body=text)
    start = text.index(said) if said else 0
    evidence = (Evidence(slot="claim", start=start, end=start + len(said), quote=said),)
    figure = Figure(low=killed, best=killed, high=killed)
    report = Report(
        report_id="a#0",
        article=article.ref(),
        ordinal=0,
        type=IncidentType.LANDSLIDE,
        toll=Toll(killed=figure),
        claims=(Claim(kind=ClaimKind.KILLED, evidence=evidence, **dict(figure)),),
    )
    (found,) = with_revision(article, [report])
    return found


@pytest.mark.parametrize(
    ("text", "outdated"),
    [
        ("Officials on Friday cut the death toll of the mudslide at Ubate from 33 to 19.", (33,)),
        ("Nineteen people died in the mudslide at Ubate, not 33 as first announced, the mayor said.", (33,)),
        ("The number killed in the mudslide is 19 and not 33, as was reported on Monday.", (33,)),
        ("Nineteen people died in the mudslide, rather than the 33 reported earlier.", (33,)),
        ("The toll of the mudslide was revised down to 19 dead, since names had been counted twice.", ()),
        ("The toll of the mudslide was revised to 19 dead.", ()),
        ("The death toll of the mudslide has been revised to 19 from 33, the mayor said.", (33,)),
        ("The mayor confirmed that the number of deaths in the mudslide was 19, not 33.", (33,)),
        ("The number of deaths in the mudslide is 19 and not 33, he said.", (33,)),
        ("The toll of the mudslide falls to 19 dead.", ()),
        ("Of 22 files of dead in the mudslide two were of remains of animals; the toll is 19.", ()),
        ("At 19 dead, the toll of the mudslide is lower than first feared.", ()),
        ("The earlier toll of 33 was wrong: 19 people died in the mudslide.", (33,)),
        ("The number of dead in the mudslide was put at 19 on Friday, not 33.", (33,)),
        ("Mudslide at Ubate: 19 victims, not 33", (33,)),
        ("Nineteen people died in last week's mudslide at Ubate and not over thirty, the agency says.", (30,)),
        ("The surgeon said that the figure of 33 deaths in the mudslide was wrong. The dead are 19.", (33,)),
        ("Nineteen people died in the mudslide. The prefect, who had announced 33, took no questions.", (33,)),
        ("Nineteen people died in the mudslide. The Red Cross, which had at first put it at 33, accepted it.", (33,)),
        ("Nineteen people died in the mudslide, said the mayor, who had earlier spoken of 33 deaths.", (33,)),
        ("Nineteen people died in the mudslide. Earlier a news site had spoken of 33 dead.", (33,)),
    ],
)
def test_a_corrected_figure_is_known_and_so_is_the_number_that_was_wrong(text: str, outdated: tuple[int, ...]) -> None:
    report = revised(text)
    assert report.revises is Revises.CORRECTED
    assert report.outdated == outdated
    evidence = [piece for piece in report.evidence if piece.slot == "revises"]
    assert [text[piece.start : piece.end] for piece in evidence] == [piece.quote for piece in evidence]
    assert evidence


@pytest.mark.parametrize(
    ("text", "title", "outdated"),
    [
        ("The state has confirmed 19 deaths in the mudslide out of 33 cases reported by the districts.", "", (33,)),
        ("The mudslide at Ubate was a year in coming.", "Only 19 of 33 alleged mudslide deaths confirmed", (33,)),
        ("The mudslide killed 19. The mayor gave the number of the workers, not the number of the dead.", "", ()),
        ("The mudslide killed 19. The higher number has included bodies from a traffic accident.", "", ()),
        ("The mudslide killed 19. The first count had included five who were found alive in Bogota.", "", ()),
    ],
)
def test_whoever_says_why_a_count_was_higher_corrects_it(text: str, title: str, outdated: tuple[int, ...]) -> None:
    report = revised(text, title=title)

    assert (report.revises, report.outdated) == (Revises.CORRECTED, outdated)


def test_a_newspaper_that_no_longer_stands_by_its_report_takes_it_back() -> None:
    body = (
        "On Friday we reported that 19 people had been murdered at Mavue, in Massangena. We no longer stand by that "
        "report. The nurse and the priest say that nobody has been killed."
    )
    (report,) = extract(Article(article_id="a", title="Mavue: our correction", body=body))

    assert (report.revises, report.toll.killed, report.outdated) == (Revises.RETRACTED, None, (19,))


@pytest.mark.parametrize(
    ("text", "outdated"),
    [
        ("The agency found 19 bodies after the mudslide, and dismissed the figure of 60 as a guess.", (60,)),
        ("Nineteen died in the mudslide, the state said, far below the toll of 60 announced by a mayor.", (60,)),
        ("The group issued a correction, saying that 19 people, not 60, were killed in the mudslide.", (60,)),
        ("The agency faults a claim of 60 deaths. Nineteen people died in the mudslide.", (60,)),
        ("Nineteen people died. The chairman who first announced 60 dead said that boatmen had told him so.", (60,)),
        ("Nineteen people died. The mayor, who had counted 19, was thanked.", ()),
        ("Nineteen people died. The mayor, who had announced 33 new houses, was thanked.", ()),
        ("Nineteen people died. The agency rejected an offer of 60 tents, said a report.", ()),
        ("Nineteen people died. The agency dismissed the figure of 12 as too low.", ()),
    ],
)
def test_a_larger_number_that_is_not_accepted_is_outdated(text: str, outdated: tuple[int, ...]) -> None:
    report = revised(text)

    assert report.outdated == outdated
    assert report.revises is (Revises.CORRECTED if outdated else None)


def test_a_report_that_was_premature_is_corrected() -> None:
    text = "Nineteen died in the mudslide. The previous day's report that all on the bus had died was premature."

    assert revised(text).revises is Revises.CORRECTED


def test_one_side_of_a_fight_that_dismisses_a_number_corrects_nothing() -> None:
    (report,) = extract(
        Article(
            article_id="a", title="", body="A raid on Djibo killed 19 men, the army said, dismissing a figure of 60."
        )
    )

    assert report.revises is None


def test_a_title_can_say_that_it_corrects() -> None:
    report = revised("Nineteen people died in the mudslide at Ubate.", title="CORRECTION: 19 dead in Ubate slide")
    assert report.revises is Revises.CORRECTED


@pytest.mark.parametrize(
    "text",
    [
        "Two of the wounded died overnight, which took the toll up from 17 to 19.",
        "Two more people hurt in the mudslide died overnight, and its toll stands at 19.",
        "The governor raised the death toll by two, to 19.",
        "Another two bodies were found, bringing the dead to 19.",
    ],
)
def test_what_a_toll_was_before_it_rose_is_outdated_and_nothing_is_corrected(text: str) -> None:
    report = revised(text)
    assert report.revises is None
    assert report.outdated == (17,)


@pytest.mark.parametrize(
    "text",
    [
        "Nineteen people were killed in a mudslide at Ubate on Monday.",
        "No fewer than nineteen people were killed in a mudslide on Monday, witnesses said before dawn.",
        "Nineteen people died less than 24 hours after the first slide was reported.",
        "The army withdrew from Ubate after an attack in which nineteen soldiers were killed.",
        "A bomb made up of ten kilos of dynamite killed nineteen guards.",
        "The governor cut short a visit after nineteen people were killed.",
        "Police said that they had reduced the number of checkpoints from 30 to 12 after the attack that killed 19.",
        "Nineteen people were killed. No attack was ever claimed there before, said a statement.",
        "The mudslide killed 19. An earlier toll had included 12 villagers of Ubate.",
        "The mudslide killed 19 of the 33 reported passengers of the bus.",
    ],
)
def test_what_only_tells_corrects_nothing(text: str) -> None:
    assert revised(text).revises is None


def test_a_report_that_is_taken_back_ends_the_incident() -> None:
    text = (
        "The Harbour Post withdraws its report that at least 40 people were killed in a blast at the Molo refinery. "
        "No explosion took place, and nobody was hurt. The text was part of an exercise."
    )
    report = revised(text, 40, "at least 40 people were killed", title="WITHDRAWN: our report on the Molo refinery")
    assert report.revises is Revises.RETRACTED


def test_a_retraction_without_any_figure_is_a_report_all_the_same() -> None:
    text = "The Harbour Post has retracted its story on the Molo refinery. No explosion happened there."
    (report,) = extract(Article(article_id="a", title="Retraction", body=text))
    assert report.revises is Revises.RETRACTED
    assert report.wording is not None
    assert "molo" in report.wording.names


def test_an_earlier_version_of_a_story_is_corrected() -> None:
    text = (
        "An earlier version of this story gave the number of dead in the fire in Manaus, Brazil, as 61. The fire "
        "brigade now says that sixteen people died."
    )
    article = Article(article_id="a", title="Correction: 16, not 61, died in Manaus hospital fire", body=text)
    (report,) = extract(article)

    assert report.revises is Revises.CORRECTED
    assert 61 in report.outdated


def test_a_number_that_the_article_gives_itself_is_not_outdated() -> None:
    report = revised(
        "Nineteen people died in the mudslide. CORRECTION: An earlier version of this named all 19 people who died.",
        said="Nineteen people died",
    )

    assert (report.revises, report.outdated) == (None, ())


def test_there_was_no_crash_takes_a_report_back() -> None:
    text = (
        "Himal Live retracts its report of this morning that a plane had crashed near Pokhara with 68 people aboard. "
        "There was no crash. The caller was reading from the script of a rescue drill."
    )
    (report,) = extract(Article(article_id="a", title="We retract: no plane has crashed at Pokhara", body=text))

    assert report.revises is Revises.RETRACTED


def test_who_was_not_harmed_is_no_toll_of_a_report_that_is_taken_back() -> None:
    text = (
        "The fire brigade says nobody died when a stove burned at Tamale market on Friday. 'Nineteen stalls burned, "
        "not nineteen traders dead,' an officer said. We have withdrawn our earlier report."
    )

    (report,) = extract(Article(article_id="a", title="Correction: no deaths at Tamale market", body=text))

    assert report.revises is Revises.RETRACTED
    assert report.toll.killed is None


def test_a_report_that_was_false_is_taken_back_whatever_words_tell_what_it_was() -> None:
    article = Article(
        article_id="a",
        title="Correction: no crash at Ust-Kut",
        body="Our report of this morning that an airliner had come down was false and has been withdrawn.",
    )

    (report,) = extract(article)

    assert report.revises is Revises.RETRACTED


def test_a_correction_that_still_tells_of_dead_takes_nothing_back() -> None:
    text = (
        "The Harbour Post withdraws its report that 40 people were killed at the Molo refinery. Four workers died. "
        "Forty were rescued, and nobody was hurt among the neighbours. We regret the error."
    )
    assert revised(text, 4, "Four workers died").revises is Revises.CORRECTED


FINDINGS = [
    (
        "Police find no sign of massacre at Ubate",
        (
            "Officers who came to the village where 40 people had been reported killed found its residents alive. "
            "There was no massacre, the minister said. This agency has withdrawn its story."
        ),
        (40,),
    ),
    (
        "To our readers",
        (
            "On the 12th we made public a report on 40 dead neighbours which we believed true. "
            "The villagers of Ubate are alive. We ask pardon of them and of the press."
        ),
        (),
    ),
]


@pytest.mark.parametrize(("title", "body", "outdated"), FINDINGS)
def test_whoever_finds_the_dead_alive_takes_the_incident_back(title: str, body: str, outdated: tuple[int, ...]) -> None:
    (report,) = extract(Article(article_id="a", title=title, body=body))

    assert report.revises is Revises.RETRACTED
    assert report.toll.killed is None
    assert set(outdated) <= set(report.outdated)


def test_a_party_to_the_fight_that_denies_an_attack_takes_nothing_back() -> None:
    body = "Terrorist groups have spread the fabrication that aircraft struck Ubate. No such attack took place."
    (report,) = extract(Article(article_id="a", title="Fabricated news about Ubate condemned", body=body))

    assert report.revises is None
    assert report.toll.killed is None


def test_a_disaster_that_never_was_is_taken_back() -> None:
    body = (
        'The agency has apologised to families who rushed to Kabwe believing their sons had perished. The "forty dead" '
        "were actors, and the exercise had been announced."
    )
    (report,) = extract(
        Article(article_id="a", title="Agency regrets panic over train crash that never was", body=body)
    )

    assert report.revises is Revises.RETRACTED
    assert report.toll.killed is None


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_breaks_it(text: str, title: str) -> None:
    with_revision(Article(article_id="a", title=title, body=text), [])
    with_revision(Article(article_id="a", title=title, body=f"WITHDRAWN report {text} no explosion took place"), [])


def test_an_exercise_taken_for_an_accident_is_taken_back() -> None:
    (report,) = extract(
        Article(
            article_id="a",
            title="Ministry denies accident at Karaganda",
            body="The ministry denied reports of a collision of a train and a bus with over 40 dead, saying that a "
            'planned exercise had taken place there. "No one was killed," a spokesman said.',
        )
    )
    assert report.revises is Revises.RETRACTED
    assert report.toll.killed is None
