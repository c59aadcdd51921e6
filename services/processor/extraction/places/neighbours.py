"""Whether the words right beside a name make it something else: a person's, or part of a longer name."""

from __future__ import annotations

import re

from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.gazetteer import gazetteer
from services.processor.extraction.places.model import Location
from services.processor.extraction.places.scan import PARTICLES, Name, Run
from services.processor.extraction.wordlists import word_set

WELL_KNOWN = 5.5
"""Prior (about 300,000 people) from which a name stands for the place even beside words that are not understood."""
_SAINTS = frozenset(("santa", "san", "saint", "st", "sainte", "sao"))
_OF_FAMILY = re.compile(r"\b([A-Z]\w+) (?:do|da|dos|das) \Z")
"""Before a Portuguese surname: "Maria do Carmo", "Ana da Silva"."""
_LINKING = frozenset(["de", "del", "al", "el", "ash", "as", "ar", "an", "ad", "az", "at", "la", "es", "ez", "e", "i"])
"""Particles after which a name goes on: "Maarat al-Numan", "San Luis de la Reina"."""


def person(run: Run, name: Name, title_before: bool) -> bool:
    """Whether the words beside `name` make it a person's: a title, a given name, an initial."""
    lists = cues()
    single = name.last - name.first == 1
    earlier = _word_before(run, name)
    if title_before or earlier in lists.titles:
        return True
    if earlier and single and (earlier in lists.given_names or (len(earlier) == 1 and earlier not in "eyoia")):
        return True
    saint = name.first > 1 and run.words[name.first - 2] in _SAINTS
    if single and earlier in word_set("names_of_saints") and not saint:
        # "Ana Martinez", and not "Santa Ana Martinez", which may be a town
        return True
    later = _word_after(run, name)
    return single and later != "" and name.value in lists.given_names and _is_surname(later)


def of_family(text: str, start: int) -> bool:
    """Whether the name that begins at an offset is a surname after a given name and "do" or "da"."""
    found = _OF_FAMILY.search(text, max(0, start - 30), start) if text[start - 1 : start] == " " else None
    given = fold(found[1]) if found is not None else ""
    return given != "" and (given in cues().given_names or given in word_set("names_of_saints"))


def _is_surname(word: str) -> bool:
    lists = cues()
    return word not in lists.common_words and word not in PARTICLES and word not in lists.titles and word != "and"


def part_of_longer_name(run: Run, name: Name, best: Location) -> bool:
    """Whether `name` is only part of a name that no lexicon has, such as "Sari" in "Sari Sang"."""
    if best.kind == "country":
        return False
    if _goes_on(run, name):
        return True
    if best.prior >= WELL_KNOWN:
        return False
    return _unexplained(run, name.first - 1, _word_before(run, name)) or _unexplained(
        run, name.last, _word_after(run, name)
    )


def _goes_on(run: Run, name: Name) -> bool:
    """Whether small words lead from the name to another that no lexicon explains."""
    at = name.last
    while at < len(run.words) and run.words[at] in _LINKING and not (run.breaks[at - 1] or run.possessive[at - 1]):
        at += 1
    return name.last < at < len(run.words) and not run.breaks[at - 1] and run.words[at] not in cues().common_words


def _unexplained(run: Run, index: int, word: str) -> bool:
    """Whether a word beside a name is neither a common word nor itself a well-known place."""
    if not word or word in cues().common_words or word in PARTICLES or word in cues().types:
        return False
    if run.owners[index] < 0:
        return True
    other = run.names[run.owners[index]]
    if other.kind != "place":
        return False
    candidates, demonym = gazetteer().lookup(other.value)
    return not demonym and candidates[0].kind != "country" and candidates[0].prior < WELL_KNOWN


def _word_before(run: Run, name: Name) -> str:
    """The word that stands before the name with nothing but a space between; empty for none."""
    at = name.first - 1
    return run.words[at] if at >= 0 and not (run.breaks[at] or run.possessive[at]) else ""


def _word_after(run: Run, name: Name) -> str:
    end = name.last - 1
    if name.last >= len(run.words) or run.breaks[end] or run.possessive[end]:
        return ""
    return run.words[name.last]
