"""What an alert carries of an incident that very many articles tell of."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas import ArticleRef, Incident, SourcedClaim, Toll, TollRevision
from schemas.vocabulary import ClaimKind
from services.alerter.outbox.deciding import IncidentState
from services.alerter.policy.abridged import MOST_ARTICLES, MOST_CLAIMS, MOST_REVISIONS, abridged
from services.alerter.policy.decision import decide
from services.alerter.policy.matching import compile_subscription
from services.alerter.policy.message import Wording
from services.alerter.policy.quoted import quoted_articles
from services.alerter.telling import tell
from tests.alerter.incidents import NOON, at_least, claim, exactly, incident, subscription


def story(articles: int, claims_each: int = 1, revisions: int = 1, toll_in: int = 0) -> Incident:
    """Told of by so many articles; only that with the number `toll_in` says what the toll rests on."""
    sources = tuple(
        ArticleRef(article_id=f"a{n}", title=f"Day {n}", source=f"outlet {n}", published_at=NOON + timedelta(minutes=n))
        for n in range(articles)
    )
    claims: list[SourcedClaim] = [
        claim(ClaimKind.KILLED, exactly(60 if n == toll_in else 50), f"{n}.{m}", article_id=f"a{n}", report_id=f"r{n}")
        for n in range(articles)
        for m in range(claims_each)
    ]
    history = tuple(
        TollRevision(revision=n + 1, toll=Toll(killed=at_least(n)), article_id=f"a{n}") for n in range(revisions)
    )
    reports = tuple(f"r{n}" for n in range(articles))
    return incident(exactly(60), sources=sources, claims=tuple(claims), history=history, report_ids=reports)


def test_what_forty_articles_tell_of_is_carried_whole() -> None:
    one = story(MOST_ARTICLES, claims_each=MOST_CLAIMS // MOST_ARTICLES, revisions=MOST_REVISIONS)
    assert abridged(one) is one


def test_of_more_articles_the_first_the_newest_and_the_one_that_bears_the_toll_out_are_carried() -> None:
    carried = abridged(story(2_000, toll_in=700))
    ids = [article.article_id for article in carried.sources]
    assert len(ids) == MOST_ARTICLES
    assert ids[:2] == ["a0", "a700"]
    assert ids[-1] == "a1999"
    assert {one.article_id for one in carried.claims} == set(ids)


def test_an_alert_stays_small_however_many_articles_tell_of_it() -> None:
    whole = story(2_000, claims_each=3, revisions=500)
    assert len(whole.to_bytes()) > 1_000_000
    assert len(abridged(whole).to_bytes()) < 150_000


def test_of_too_many_claims_those_that_bear_the_toll_out_are_carried_and_some_of_each_article() -> None:
    one = story(30, claims_each=20, toll_in=3)
    carried = abridged(one)
    assert len(carried.claims) == MOST_CLAIMS
    assert sum(claim.best == 60 for claim in carried.claims) == 20
    assert {claim.article_id for claim in carried.claims} == {article.article_id for article in one.sources}


def test_an_alert_says_how_many_articles_there_are_and_its_message_is_of_all() -> None:
    whole, asked = story(2_000), compile_subscription(subscription())
    state = IncidentState()
    told = tell(asked, decide(asked, None, whole), None, whole, state, "console", Wording(whole))
    assert (told.articles, len(told.incident.sources)) == (2_000, MOST_ARTICLES)
    assert "from 2000 outlets" in told.body


@given(
    articles=st.integers(0, 120),
    claims_each=st.integers(0, 12),
    revisions=st.integers(0, 250),
    toll_in=st.integers(0, 119),
)
def test_what_is_carried_is_part_of_the_whole_in_its_order_and_says_the_same(
    articles: int, claims_each: int, revisions: int, toll_in: int
) -> None:
    whole = story(articles, claims_each, revisions, toll_in)
    carried = abridged(whole)
    for name, most in (
        ("sources", MOST_ARTICLES),
        ("claims", MOST_CLAIMS),
        ("history", MOST_REVISIONS),
        ("report_ids", MOST_CLAIMS),
    ):
        kept, every = getattr(carried, name), getattr(whole, name)
        assert len(kept) <= most
        assert is_part(kept, every)
    assert carried.history[-1:] == whole.history[-1:]
    assert carried.sources[:1] == whole.sources[:1]
    assert [one.article.article_id for one in quoted_articles(carried)] == [
        one.article.article_id for one in quoted_articles(whole)
    ]
    others = {"sources", "claims", "history", "report_ids"}
    assert carried.model_dump(exclude=others) == whole.model_dump(exclude=others)
    assert abridged(carried) == carried


def is_part(kept: tuple[object, ...], every: tuple[object, ...]) -> bool:
    """Whether `kept` is a subsequence of `every`."""
    rest = iter(every)
    return all(any(one == other for other in rest) for one in kept)
