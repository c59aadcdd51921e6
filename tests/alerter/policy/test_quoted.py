"""Which articles and claims a message quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas import ArticleRef, Figure, Incident, SourcedClaim, Speaker, Toll
from schemas.vocabulary import ClaimKind, SpeakerRole, Stance
from services.alerter.policy.quoted import MOST_ARTICLES, MOST_CLAIMS, above_toll, quoted_articles
from tests.alerter.incidents import at_least, claim, exactly, incident

KILLED = ClaimKind.KILLED
NURSE = Speaker(name="a nurse", role=SpeakerRole.MEDIC)
UNCOUNTED = Figure()


def says(article: int, figure: Figure, quote: str = "they died", **slots: object) -> SourcedClaim:
    return claim(KILLED, figure, quote, article_id=f"a{article}", **slots)


def told(articles: int, *claims: SourcedClaim, killed: Figure | None) -> Incident:
    sources = tuple(ArticleRef(article_id=f"a{n}", source=f"outlet {n}") for n in range(articles))
    return incident(None, sources=sources, claims=claims, toll=Toll(killed=killed))


def test_the_newest_article_is_quoted_first() -> None:
    assert [one.article.article_id for one in quoted_articles(told(3, killed=None))] == ["a2", "a1", "a0"]


def test_of_many_articles_the_newest_are_quoted_and_the_one_that_bears_the_toll_out() -> None:
    one = told(MOST_ARTICLES + 5, says(1, exactly(60)), says(2, exactly(60)), killed=exactly(60))
    quoted = [one.article.article_id for one in quoted_articles(one)]
    assert len(quoted) == MOST_ARTICLES
    assert (quoted[0], quoted[-1]) == (f"a{MOST_ARTICLES + 4}", "a2")


def test_what_a_title_says_is_not_quoted_beside_somebody_who_says_it() -> None:
    named = says(0, exactly(60), "60 have died", speaker=NURSE)
    (one,) = quoted_articles(told(1, says(0, exactly(60), "60 dead"), named, killed=exactly(60)))
    assert one.claims == (named,)


def test_two_who_say_the_same_are_both_quoted_and_one_who_says_it_twice_once() -> None:
    mayor = NURSE.model_copy(update={"name": "the mayor"})
    claims = [says(0, exactly(60), f"words {n}", speaker=who) for n, who in enumerate((NURSE, mayor, NURSE))]
    (one,) = quoted_articles(told(1, *claims, killed=exactly(60)))
    assert one.claims == tuple(claims[:2])


def test_a_claim_without_a_number_is_quoted_where_nobody_gives_one() -> None:
    one = told(1, says(0, UNCOUNTED), killed=UNCOUNTED)
    assert [len(quoted.claims) for quoted in quoted_articles(one)] == [1]
    counted = told(1, says(0, UNCOUNTED), killed=exactly(3))
    assert [len(quoted.claims) for quoted in quoted_articles(counted)] == [0]


def test_a_claim_is_above_the_toll_where_it_says_that_more_died_than_the_toll_allows() -> None:
    one = told(1, killed=exactly(87))
    assert above_toll(says(0, exactly(104)), one)
    assert above_toll(says(0, at_least(88)), one)
    assert not above_toll(says(0, exactly(60)), one)
    assert not above_toll(says(0, exactly(104), stance=Stance.DENIED), one)
    assert not above_toll(says(0, exactly(104)), told(1, killed=at_least(87)))
    assert not above_toll(says(0, exactly(104)), told(1, killed=None))


FIGURES = st.sampled_from([exactly(3), at_least(60), UNCOUNTED, exactly(104)])
SPEAKERS = st.sampled_from([None, NURSE])
CLAIMS = st.lists(st.builds(lambda a, f, s: says(a, f, speaker=s), st.integers(0, 15), FIGURES, SPEAKERS), max_size=40)


@given(st.integers(0, 16), CLAIMS, FIGURES)
def test_no_message_quotes_too_much_or_twice(n: int, claims: list[SourcedClaim], toll: Figure) -> None:
    one = told(n, *claims, killed=toll)
    quoted = quoted_articles(one)
    assert len(quoted) == min(n, MOST_ARTICLES)
    for article in quoted:
        assert len(article.claims) <= MOST_CLAIMS
        keys = [(c.kind, c.low, c.high, c.speaker) for c in article.claims]
        assert len(keys) == len(set(keys))
        assert {c.article_id for c in article.claims} <= {article.article.article_id}
