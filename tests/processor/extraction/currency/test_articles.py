"""Whole articles: on another subject, telling of harm in passing, and on an incident among people of that subject."""

from __future__ import annotations

import pytest

from services.processor.extraction.currency.article_view import view_of
from services.processor.extraction.currency.subject import subject_of
from services.processor.extraction.reading import read_field
from tests.processor.extraction.reading_table import PUBLISHED, read

ON_ANOTHER_SUBJECT = [
    (
        "business",
        "Insurers count the cost of the cyclone",
        (
            "Shares in the region's insurers fell again on Monday as analysts doubled their estimates of claims "
            "from last month's cyclone. The storm, which killed 340 people, destroyed crops worth $2bn, the "
            "central bank said. Reinsurers expect premiums to rise by a tenth. Investors also sold airline "
            "stocks, and the currency lost 2%."
        ),
    ),
    (
        "sport",
        "Keeper saves two penalties as City reach semi-final",
        (
            "City reached the semi-finals of the cup on penalties after a goalless match against Rovers. "
            "Goalkeeper Jan Novak, whose village lost 45 people in the avalanche, dedicated the win to the "
            "victims. The midfielder scored the last penalty. Coach Peter Lind said his team had died a thousand "
            "deaths in extra time."
        ),
    ),
    (
        "culture",
        "Festival opens with a tale of two sisters",
        (
            "The film festival opened on Thursday with a drama by Oscar winner Ana Silva. Set in a harbour town, "
            "it begins with a fire at a ballroom. Forty dancers are killed and only the sisters escape. The "
            "actresses were cheered by critics and fans. The director said that the screenplay had taken her ten "
            "years."
        ),
    ),
    (
        "culture",
        "Singer to give concert for flood victims",
        (
            "The rock star will play a charity gig in Leeds with three other bands, his record label said. "
            "Proceeds of the single and of the album go to families in the valley, where 120 people were killed. "
            "Fans queued for tickets, and the BBC will broadcast the show. The songwriter has won four Grammy "
            "awards."
        ),
    ),
    (
        "politics",
        "Opposition attacks spending plans",
        (
            "The shadow chancellor told MPs that the government's spending plans did not add up. Labour and "
            "Liberal Democrat backbenchers want an amendment to the bill before the general election. He recalled "
            "the winter when 12 miners died and ministers looked away. Downing Street said that voters would "
            "judge the manifesto."
        ),
    ),
    (
        "science",
        "Phones that call for help",
        (
            "A start-up has built software that lets a mobile phone call for help when its user falls. The "
            "technology was tested after the landslide, where 60 hikers died out of reach of any network. Users "
            "can download the program on the internet. The firm's engineers said that its server had handled two "
            "million text messages."
        ),
    ),
    (
        "obituary",
        "Film composer Lars Holm dies",
        (
            "Lars Holm, best known for the music of the Harbour films, has died at the age of 81. He had been "
            "suffering from cancer. Holm, who was born in Malmo, won two Oscars in a career spanning 50 years. He "
            "leaves a wife and three sons. Actors and directors paid tribute to the composer."
        ),
    ),
    (
        "court",
        "Miner's widow tells jury of last call",
        (
            "The widow of a miner told a jury on Monday how her husband rang her from underground. The owners of "
            "the pit have pleaded not guilty to manslaughter. Lawyers for the defence said that sensors had been "
            "checked. The blast tore through the main shaft. Twenty-nine men died. The trial at the crown court "
            "continues."
        ),
    ),
    (
        "anniversary",
        "Town remembers its darkest day",
        (
            "Bells rang in the town at 9.15 on Friday, fifty years after the tip slid down on the school. "
            "Survivors and veterans of the rescue laid wreaths at the memorial. A minute's silence was held. A "
            "total of 116 children and 28 adults died. The anniversary was marked by a service in the cemetery."
        ),
    ),
    (
        "statistics",
        "Roads grow safer, official figures show",
        (
            "Fewer people died on the country's roads, official figures show. The annual report of the statistics "
            "office counts 1,784 deaths, 6 per cent fewer than the year before. Motorcyclists accounted for 312 "
            "deaths. Compared with the same period a decade ago the rate per 100,000 people has halved."
        ),
    ),
    (
        "drill",
        "Hundreds take part in earthquake drill",
        (
            "The city held its largest earthquake drill on Sunday. Volunteers played the victims in a dress "
            "rehearsal for disaster. Sirens sounded at ten, and 40 people lay dead in the ruins of a school by "
            "half past. The exercise will be repeated in the autumn."
        ),
    ),
    (
        "health",
        "Painkiller linked to heart risk",
        (
            "A painkiller taken by millions of patients may raise the risk of heart disease, researchers say. In "
            "the clinical trial, 38 patients died, against 20 who were given a placebo. The drug maker said that "
            "it would study the side effects. Doctors say that patients should ask their GP before they change "
            "their treatment."
        ),
    ),
]
ON_AN_INCIDENT = [
    (
        54,
        "Owner of a dance hall is held",
        (
            "Police have arrested an owner of a dance hall where 54 guests perished in a blaze that survivors blame on "
            "the fireworks of a band. Two members of the band, its lead singer and its guitarist, are held. The show "
            "was the first of the tour for the musicians, whose album came out last week. Officials revised the death "
            "toll from 56 to 54."
        ),
    ),
    (
        30,
        "Bomb at film festival kills 30",
        (
            "A bomb killed 30 people at a film festival in the city on Saturday night, police said. Actors and "
            "directors from a dozen countries were in the cinema for the premiere of a comedy. The film's star, "
            "an Oscar winner, was unhurt. The festival has been called off."
        ),
    ),
    (
        22,
        "22 dead as stadium stand collapses at cup final",
        (
            "Twenty-two supporters were killed when a stand collapsed during the cup final on Sunday. The match "
            "between City and Rovers was goalless at half-time when the roof fell. The referee called off the "
            "game, and the league postponed all matches. Both clubs sent their condolences."
        ),
    ),
    (
        7,
        "Seven shot dead at stock exchange",
        (
            "Gunmen shot dead seven people at the stock exchange on Monday. Trading was halted, and share prices "
            "fell by 4% elsewhere. Analysts said that investors would stay away. The central bank called an "
            "emergency meeting."
        ),
    ),
    (
        14,
        "MPs hear of attack on embassy",
        (
            "The foreign secretary told MPs that 14 people were killed when rebels attacked the embassy on "
            "Sunday. The opposition asked for a debate. Downing Street said the prime minister had cut short his "
            "election campaign. Backbenchers want the bill on security brought forward."
        ),
    ),
    (
        5,
        "Five killed outside court where gang leader is on trial",
        (
            "Five people were killed on Monday when a bomb went off outside the court where a gang leader is on "
            "trial. The judge sent the jury home. Lawyers said the hearing would go on. The defendant was not "
            "hurt."
        ),
    ),
    (
        12,
        "Blast at ceremony for massacre victims kills 12",
        (
            "A bomb killed 12 people on Sunday at a ceremony that marked the tenth anniversary of a massacre. "
            "Survivors and veterans had laid wreaths at the memorial when it went off. A minute's silence had "
            "just ended."
        ),
    ),
    (
        3,
        "Racing driver among three killed in plane crash",
        (
            "Formula One champion Karl Berg and two others were killed on Friday when their plane crashed near "
            "Geneva. The driver had won the grand prix at Monaco and led the standings. His team said that it "
            "would miss the next race of the season."
        ),
    ),
    (
        18,
        "Tunnel collapse kills 18",
        (
            "Eighteen workers were killed when a tunnel collapsed on Monday. Shares in the builder fell by a "
            "fifth. The company said in a statement that its chief executive was on his way. In 2009 an accident "
            "at another of its sites killed 40."
        ),
    ),
    (
        6,
        "Ministers under fire as six more die in camp",
        (
            "Six more children have died of measles in the camp, the health ministry said on Monday. The "
            "opposition called for the minister to resign. Parliament will debate the matter, and voters go to "
            "the polls in June."
        ),
    ),
    (
        9,
        "Actor's brother among nine dead in blaze",
        (
            "A fire at a hotel killed nine people on Saturday, among them the brother of the actor who starred in "
            "the Harbour films. The film studio said that shooting would be put off. Fans left flowers."
        ),
    ),
]


@pytest.mark.parametrize(("genre", "title", "body"), ON_ANOTHER_SUBJECT)
def test_an_article_on_another_subject_tells_of_no_current_toll(genre: str, title: str, body: str) -> None:
    assert [report.toll.killed for report in read(body, title) if report.toll.killed] == [], genre


@pytest.mark.parametrize(("killed", "title", "body"), ON_AN_INCIDENT)
def test_harm_in_the_title_or_lead_is_news_whatever_else_the_article_is_on(killed: int, title: str, body: str) -> None:
    figure = read(body, title)[0].toll.killed

    assert figure is not None
    assert figure.best == killed


@pytest.mark.parametrize(("genre", "title", "body"), ON_ANOTHER_SUBJECT)
def test_the_subject_is_told_by_the_words_of_its_pages(genre: str, title: str, body: str) -> None:
    readings = [read_field("title", title, 0), read_field("body", body, 1000)]

    found = subject_of(view_of(readings, PUBLISHED), [])

    assert found is not None
    assert found.genre == genre
    assert found.words in f"{title} {body}".lower()


def test_a_death_in_passing_counts_where_it_has_a_current_day_of_its_own() -> None:
    title, body = (
        "Festival opens with a comedy",
        (
            "The film festival opened on Thursday with a comedy by Oscar winner Ana Silva. Actors, critics and fans "
            "filled the cinema. The screenplay is by the novelist Ben Hale. Outside the city a bus crashed on Sunday "
            "and killed eight people."
        ),
    )

    figures = [report.toll.killed for report in read(body, title)]

    assert [figure.best for figure in figures if figure is not None] == [8]


def test_a_total_over_a_season_is_background_unless_the_article_begins_with_it() -> None:
    lead = "Heavy rains this summer have killed more than 15 people in Bulgaria, officials said."
    news = (
        "A flood killed one person in Mizia on Sunday, officials said. Five hundred were taken to safety. The rain has "
        "stopped since. "
    )

    assert [report.toll.killed.best for report in read(lead) if report.toll.killed] == [15]
    assert [report.toll.killed.best for report in read(news + lead) if report.toll.killed] == [1]


def test_a_month_that_stands_alone_over_a_text_is_its_date_and_no_past_time() -> None:
    text = (
        "October 2014\n\nHeavy rain has left villages across the valley under water. We ask for your help. "
        "At least 280 people died and thousands lost their homes. Last week the water began to fall."
    )

    assert [report.toll.killed.best for report in read(text, published_at=None) if report.toll.killed] == [280]


def test_a_number_that_was_a_statistic_is_none_when_it_is_said_again() -> None:
    text = (
        "Natural disasters left 123 people dead across the country in May, the ministry said. Most drowned. "
        "The main figures are as follows: 123 people killed, 15 missing."
    )

    assert [report.toll.killed for report in read(text) if report.toll.killed] == []


def test_a_headline_tells_what_the_body_says_of_its_number() -> None:
    title = "Lightning has killed 187 in Odisha since monsoon began"
    body = (
        "Lightning has killed 187 people in the state of Odisha since the monsoon set in on April 12, officials said."
    )

    assert not read(body, title)
    assert read(body.replace("April 12", "Sunday"), title)[0].toll.killed is not None
