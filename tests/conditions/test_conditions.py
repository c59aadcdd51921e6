from __future__ import annotations

import string
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Incident
from services.conditions.conditions import MAX_LENGTH, ConditionError, compile_condition
from services.conditions.variables import SCORED, VARIABLES, Value, incident_variables
from tests.conditions.incidents import boulkessi, incident, incidents

BOULKESSI = incident_variables(boulkessi())
SILENT = incident_variables(incident())


@pytest.mark.parametrize(
    ("text", "boulkessi_meets", "silent_meets"),
    [
        ("killed >= 50", True, False),
        ("killed >= 50.5", True, False),
        ("killed > 60", False, False),
        ("killed_best == 60 && !missing_stated", True, False),
        ("type == 'armed_attack' && family == 'violence'", True, True),
        ("'sahel' in regions", True, False),
        ('country in ["ML", "NE"]', True, False),
        ("country == ''", False, True),
        ("perpetrators.exists(p, p.contains('JNIM'))", True, False),
        ("targets.all(t, t == 'military')", True, True),
        ("size(regions) == 0 || regions[0] == 'sahel'", True, True),
        ("double(killed) * 1.5 > 80.0", True, False),
        ("sources >= 2 && certainty != 'unlikely' // as a desk wants it", True, False),
        ("place.startsWith('Boul') &&\n  place.matches('^B.*i$')", True, False),
        (r"place.matches('(?i)^bou\\w{2,7}$')", True, False),
        ("true", True, True),
    ],
)
def test_a_condition_holds_for_the_incidents_that_meet_it(text: str, boulkessi_meets: bool, silent_meets: bool) -> None:
    condition = compile_condition(text)
    assert condition.holds(BOULKESSI) is boulkessi_meets
    assert condition.holds(SILENT) is silent_meets


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("   \n", "is empty"),
        ("killed >", "column 9: mismatched input the end"),
        ("killed >= 5 &&\nwounded >", "line 2, column 10"),
        ("killed = 3", "column 8: token recognition error at: '= '; write == to compare"),
        ("killed > 3 and wounded > 2", "column 12: mismatched input 'and'; write && for and"),
        ("killed > 99999999999999999999", "column 10: invalid int literal"),
        ("killd >= 50", "column 1: there is no variable killd; did you mean killed?"),
        ("killed > 1 && zzz", "column 15: there is no variable zzz; there are: killed, "),
        ("incident.killed > 3", "killed, not incident.killed"),
        ("max(killed, 3) > 2", "column 1: there is no function max; there are: size"),
        ("type == 'bombin'", 'type is never "bombin"; did you mean "bombing"?'),
        ("'unrst' == family", 'family is never "unrst"; did you mean "unrest"?'),
        ("certainty in ['likely', 'surely']", 'certainty is never "surely"'),
        ("'childen' in people", 'people is never "childen"; did you mean "child"?'),
        ("people.exists(p, p == 'zzz')", 'people is never "zzz"; it can be: child, '),
        ("people.exists(p, p in ['child', 'womn'])", 'people is never "womn"; did you mean "woman"?'),
        ("killed", "it gives 0, not true or false; compare it with something (tried with killed 0)"),
        ("killed > 5 ? true : 3", "it gives 3, not true or false"),
        ("country > 3", "kinds that do not go together"),
        ("killed > 1000 && country > 3", "kinds that do not go together"),
        ("killed * 1.5 > 3.0", "put double(x) around a whole number"),
        ("killed / wounded > 2", "division by zero in CEL expression; rule zero out first"),
        ("size(regions) > 0 && regions[5] == 'x'", "index out of bounds: 5; ask for the size first"),
        ("place.matches('(')", "not a valid regex"),
        (
            r"perpetrators.exists(p, p.matches('(\\w{100}){9}'))",
            "the patterns are too large to be asked of every incident",
        ),
        (r"perpetrators.exists(p, p.matches(r'(?i)\w{11}'))", "column 26: the patterns are too large"),
        ("place.matches('(a{1000}){90}')", "leave out counts such as {100}"),
        ("place.matches('(((a{10}){10}){10}){10}')", "the patterns are too large"),
        (" || ".join([r"place.matches(r'\w\w\w')"] * 4), "the patterns are too large"),
        (r"place.matches('\x5cw{900}')", "write the characters of the pattern themselves"),
        (r"place.matches('\u005cw{900}')", "write the characters of the pattern themselves"),
        ("place.matches('a{1' + '000}')", "column 7: write the pattern itself into matches"),
        ("place.matches(country)", "write the pattern itself into matches, as in place.matches('^Al-')"),
        ("matches(place, 'a')", "write the pattern itself into matches"),
        (
            "perpetrators.exists(a, perpetrators.exists(b, a.matches('x') && b != a))",
            "matches can stand in one list macro, not in two",
        ),
        ("regions.exists(killed, killed == 'a')", "killed is a variable of the incident; give the item"),
        ("people.exists(a, people.exists(b, people.exists(c, a == b && b == c)))", "more than 2 deep"),
        ("(" * 900 + "true" + ")" * 900, "column 97: brackets stand too deep"),
        ("killed > 1 || " * 150 + "true", f"and at most {MAX_LENGTH:,} are read"),
    ],
)
def test_a_faulty_condition_is_refused_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(ConditionError) as raised:
        compile_condition(text)
    assert said in str(raised.value)


@pytest.mark.parametrize("name", sorted(SCORED))
def test_a_variable_without_a_value_yet_is_refused_where_it_is_said_to_be(name: str) -> None:
    text = f"size(string({name})) > 0"
    assert compile_condition(text).variables == (name,)
    with pytest.raises(ConditionError, match=f"{name} cannot be used here"):
        compile_condition(text, without=SCORED)


def test_a_condition_tells_what_it_reads_and_what_it_compares_with() -> None:
    condition = compile_condition(
        "killed > 3 && ('sahel' in regions || regions.exists(r, r == 'gulf')) && country != 'ML'"
    )
    assert condition.variables == ("country", "killed", "regions")
    assert condition.compared == (("regions", "sahel"), ("regions", "gulf"), ("country", "ML"))


@pytest.mark.parametrize(
    "text", ["country + 'x' == 'MLx'", "place.contains('a') == ('b' == 'b')", "{'a': 1}.a == 1", "'a\\'b' == place"]
)
def test_a_string_that_is_not_compared_with_a_variable_is_not_taken_for_its_value(text: str) -> None:
    assert compile_condition(text).compared == ()


def test_a_failure_that_only_some_values_bring_is_a_condition_error() -> None:
    divides = "killed >= 5 && killed <= 9 && 1 / (killed - 2 - 4) > 0"
    with pytest.raises(ConditionError, match="division by zero"):
        compile_condition(divides).holds({"killed": 6})
    assert compile_condition(divides).holds({"killed": 7})
    assert not compile_condition(divides).holds({"killed": 4})


@given(incidents())
def test_a_condition_that_was_accepted_never_fails_on_an_incident(any_incident: Incident) -> None:
    values = incident_variables(any_incident)
    for condition in _ACCEPTED:
        assert condition.holds(values) in (True, False)


_ACCEPTED = [
    compile_condition(text)
    for text in (
        "killed_victims >= 3 && !('military' in targets)",
        "people.exists(p, p == 'child') || size(weapons) > 1",
        "killed > 0 && wounded / killed > 10",
        "trend == 'rising' || status == 'open'",
    )
]


@given(
    st.lists(
        st.sampled_from(
            [*VARIABLES, "&&", "||", "==", ">", "(", ")", "[", "]", "'a'", "1", "1.5", "!", "in", ".", ","]
        ),
        max_size=12,
    ).map(" ".join)
    | st.text(string.printable + "é\x00’", max_size=60)
)
def test_any_text_is_either_a_condition_or_a_condition_error(text: str) -> None:
    values: Mapping[str, Value] = BOULKESSI
    with suppress(ConditionError):
        assert compile_condition(text).holds(values) in (True, False)
