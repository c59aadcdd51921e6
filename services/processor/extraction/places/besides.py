"""Names of places where nothing happened: where the hurt were brought, where it was felt, ends of roads and lines."""

from __future__ import annotations

import re

from services.processor.extraction.places.contexts import BEFORE

_ROADS = re.compile(r"[ \u00a0]{1,2}(?:main |supply )?(?:road|axis|highway|route|corridor|motorway)s?\b", re.IGNORECASE)
_ROAD_AHEAD = re.compile(r"(?:-[A-Z][\w']{1,20}){0,2}[ \u00a0](?:[Rr]oad|[Aa]xis|[Hh]ighway|[Rr]oute|[Mm]otorway)s?\b")
_CALLED = re.compile(
    r"[ \u00a0](?:[Ee]xpress|[Mm]ail|[Ss]uperfast|[Pp]assenger|[Tt]rain|[Ff]light|[Ii]nter-?[Cc]ity|bus|coach|ferry)\b"
)
_FELT = re.compile(
    r"\b(?:(?:also|even|strongly|widely|slightly)\s(?:been\s)?felt|felt\s(?:as\sfar|across|throughout|in\sneighbou?ring)|"
    r"(?:shook|rattled|swayed)\s(?:\w+\s){0,2}(?:as\sfar|in\sneighbou?ring))\b[^.;:]*\Z"
)
_FEEL = ("felt", "shook", "rattled", "swayed")
"""Words of which one stands in every match."""
_FELT_REACH = 90
"""Characters within which the lands follow where something was felt."""
_HOSPITALS = ("ospital", "linic", "orgue", "Centre", "Center", "urns ", "urn unit", "urn ward", "ntensive care")
_TREATED = re.compile(
    r"\b(?:died|die|dies|succumbed|lost (?:his|her|their) (?:life|lives)|treated|treating|taken|"
    r"brought|rushed|flown|airlifted|admitted|transferred|"
    r"evacuated|recovering|remain|remains|remained|lie|lies|lay|hospitali[sz]ed|received|underwent|"
    r"(?:is|are|was|were|lies?) (?:now |still )?(?:in|at) (?:an?|the|hospital|intensive)|"
    r"bodies (?:are|were|is|was|lie|lay))\b[^.;:]{0,60}\Z"
)
_STRUCK = re.compile(
    r"\b(?:strikes?|struck|attack(?:ed|s)?|bomb\w*|blasts?|explo\w+|fires?|shell\w*|raid\w*|hit|"
    r"burn(?! (?:unit|ward))\w*)\b"
)
"""A hospital that was struck is where it happened: "died in an air strike on a clinic in Finote Selam"."""
_HOSPITAL = (
    r"(?:[Hh]ospitals?|[Cc]linics?|[Mm]orgues?|"
    r"[Ii]ntensive care(?: unit)?|"
    r"(?:[Ee]mergency|[Mm]edical|[Tt]rauma|[Bb]urns?) (?:[Cc]entre|[Cc]enter|[Uu]nit|[Ww]ard))"
)
_IN_HOSPITAL = re.compile(rf"\b{_HOSPITAL}\b(?:, |[^.;:,]{{0,12}}|(?:,)? (?:of|run by) (?:[\w-]+ ){{1,4}}in )\Z")
_OF_HOSPITAL = re.compile(rf"(?:'s)?(?:(?:,| and)? [A-Z]\w+){{0,3}} {_HOSPITAL}\b")
_THEN_DIED = re.compile(
    r"[^.;:]{0,60}\b(?:died|dies|succumbed|treat(?:ed|ing|s)|operat(?:ed|ing) on|lost (?:his|her|their) (?:life|lives))"
    r"\b"
)
"""After a hospital's town: "In the hospital of Nis, the groom died", "At the clinic in Nis they treat ..."."""
_SPEAKS_FROM = re.compile(
    r"\b(?:said|says|told|according\sto)\s(?:the|an?|its|our)\s(?:[\w-]+\s){0,3}?"
    r"(?:commander|commandant|officer|director|prefect|doctor|nurse|priest|pastor|bishop|imam|correspondent|coordinator|"
    r"inspector|superintendent|captain|colonel|surgeon|magistrate|judge)\s(?:at|in)\s(?:the\s)?\Z"
)
"""Before the place of whoever speaks: "says the company commander at Kidal"."""
_UNDERWENT = re.compile(
    r"\b(?:under(?:went|gone|goes|going)(?: \w+){0,3}|"
    r"(?:surgery|operations?|treatment|amputation)(?: (?:he|she|they) \w+)?) in \Z"
)
"""Before the town of a hospital that is not named: "the operations that he underwent in Pasto"."""
_DIED_IN = re.compile(
    r"\b(?:died|dies|succumbed)(?: (?:of|to) (?:his|her|their) (?:\w+ )?(?:injuries|wounds|burns))?"
    r"(?: overnight| later| yesterday| last night| on \w+day)? in \Z"
)
_LATER_VICTIM = re.compile(
    r"\b(?:\w+(?:th|st|nd|rd)|second|third) (?:victim|fatality) (?:dies|died|has died|of (?:the|\w+day's)\b)",
    re.IGNORECASE,
)
"""Tells of one who died later than the others, and most often elsewhere."""
_SET_OUT = re.compile(
    r"\b(?:checked in|boarded|embarked|refuel(?:led|ed)|stopped over|changed planes|took off|had taken off|cast off|"
    r"put to sea|set sail)(?: [a-z]+){0,4} (?:at|in|from) \Z"
)
"""Before the place where a journey began: "they had checked in at Durban", "the boat put to sea from Cox's Bazar"."""
_SETS_OUT = ("check", "board", "embark", "fuel", "stopped", "planes", "off", "sea", "sail")
"""Of these one stands in every match."""
_ASIDE = re.compile(
    r"\b(?:(?:some|a few|several|one|two|three) of (?:them|whom|which|these|those|the bodies) in (?:[A-Z]\w+['’]s )?|"
    r"(?:no|without) (?:\w+ )?(?:comment|word|reaction|response|statement|reply) (?:in|from) |"
    r", (?:said|says) (?![^.;:]*\b(?:that|when|where|after|who|which)\b)[^.;:,]{1,50}, [^.;:,]{1,40}, (?:at|in) |"
    r"(?:put|held|placed|detained|remanded|kept|jailed) in (?:the )?(?:\w+ )?(?:prison|jail|custody) (?:of|in|at) |"
    r"(?:before|told|by|to) (?:an?|the) (?:judge|court|tribunal|magistrate|prosecutor) (?:in|at|of) |"
    r"(?:had|having|they|who|he|she) (?:left|departed|fled|sailed from|set (?:out|off|sail) from|embarked in) )\Z"
)
"""Before a name that some of the dead, those who keep silent or those who set out are told of with: "16 bodies, some of
them in Bihar", "no comment in Khartoum", "they had left Yemen"."""
_ASIDE_REACH = 110
"""Characters before a name that these words take up."""
_A_STREET = re.compile(r"\b(?:an?|the|this|that|one|every|some|its)\s(?:[\w-]+\s)?\Z", re.IGNORECASE)
_STREET = re.compile(r"[ \u00a0](?:[Ss]treet|[Aa]venue|[Bb]oulevard)\b(?!s)")
_NEWS = 400
"""Characters around a name in which a short piece of news stands."""


def died_later_there(text: str, start: int) -> bool:
    """Whether one who died after the others did so where a name stands: "the eleventh victim died in Szeged"."""
    before = text[max(0, start - BEFORE) : start]
    return (
        _DIED_IN.search(before) is not None
        and _LATER_VICTIM.search(text, max(0, start - _NEWS), start + _NEWS) is not None
    )


def set_out_there(text: str, start: int) -> bool:
    """Whether a journey began at the name that begins at `start`."""
    before = text[max(0, start - BEFORE) : start]
    return any(word in before for word in _SETS_OUT) and _SET_OUT.search(before) is not None


def speaks_from_there(before: str) -> bool:
    """Whether the words before a name make it the post of whoever is quoted, and no more than that."""
    return _SPEAKS_FROM.search(before) is not None


def treated_there(text: str, start: int, end: int) -> bool:
    """Whether a name says where the hurt are treated or the dead are brought: "died in a hospital in Nairobi"."""
    near = text[max(0, start - BEFORE) : end + 30]
    before = text[max(0, start - BEFORE) : start]
    if died_later_there(text, start) or _UNDERWENT.search(before) is not None:
        return True
    if not any(word in near for word in _HOSPITALS):
        return False
    if _IN_HOSPITAL.search(before) is None and _OF_HOSPITAL.match(text, end) is None:
        return False
    treated = _TREATED.search(before)
    if treated is None and _IN_HOSPITAL.search(before) is not None:
        return _THEN_DIED.match(text, end) is not None
    return treated is not None and _STRUCK.search(before, treated.start()) is None


def on_a_road(text: str, start: int, end: int, run_end: int) -> bool:
    """Whether a name is one end of a road that ends at `run_end` of `text`: "the Mweso-Kalembe axis"."""
    joined = text[end : end + 1] == "-" or text[start - 1 : start] == "-"
    return joined and (_ROADS.match(text, run_end) or _ROAD_AHEAD.match(text, end)) is not None


def felt_there(text: str, start: int) -> bool:
    """Whether what is told was only felt at the name that begins at `start`: "was felt as far away as Delhi"."""
    first = max(0, start - _FELT_REACH)
    before = text[first:start]
    return any(word in before for word in _FEEL) and _FELT.search(text, first, start) is not None


def told_aside(text: str, start: int) -> bool:
    """Whether a name stands beside what happened: "no comment in Khartoum", "16 bodies, some of them in Bihar"."""
    return _ASIDE.search(text, max(0, start - _ASIDE_REACH), start) is not None


def on_a_line(text: str, start: int, end: int, run_end: int) -> bool:
    """Whether a name is one end of a line by which a train, bus or flight is called: "the Pune-Patna Express"."""
    joined = text[end : end + 1] == "-" or text[start - 1 : start] == "-"
    return joined and (_CALLED.match(text, run_end) or _CALLED.search(text, end, run_end)) is not None


def names_street(text: str, start: int, end: int) -> bool:
    """Whether a name is that of a street, "in Haifa Street", and not of the town: "on a Haifa street" is in it."""
    if _STREET.match(text, end) is None:
        return False
    return text[end + 1].isupper() or _A_STREET.search(text, max(0, start - 24), start) is None
