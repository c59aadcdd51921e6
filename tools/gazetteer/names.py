"""Which of a place's many names English news can use, and the forms it writes them in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from services.processor.extraction.places.folding import APOSTROPHES, fold

_LATIN = re.compile(rf"[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏɐ-ʯḀ-ỿ{APOSTROPHES} .-]*")

_TYPE = (
    "province|provinces|region|state|regional state|district|county|governorate|department|prefecture|municipality|"
    "oblast|krai|republic|cercle|commune|division|territory|island|islands|metropolitan city|city|viloyati|kilil|"
    "autonomous region|autonomous republic|voivodeship|canton|parish|rayon|raion|sector|zone|area|council|subdistrict|"
    "emirate|special region|local government area"
)
_SUFFIXED = re.compile(rf"(.+) (?:{_TYPE})")
_PREFIXED = re.compile(
    r"(?:the )?(?:province|region|state|district|county|governorate|prefecture|municipality|city|republic|provincia|"
    r"departamento|estado|municipio|distrito|cercle|departement|commune|canton|provinsi|kabupaten|kota|muhafazat|"
    r"wilayat|wilaya|gobolka|changwat|amphoe)(?: (?:of|de la|de los|de las|de|del|des|du|d|da|do))? (.+)"
)
_INFLECTED = re.compile(r"(.{4,}?)(?:as|is|us|os|ai|iai|o|ua|ana|ski|ska|sko)")
_ARTICLE = re.compile(r"(?:al|ad|adh|an|ar|as|ash|at|ath|az|el|ed|en|er|es|esh|et|ez) (.+)")
_ARTICLE_COUNTRIES = frozenset(
    "AE BH DZ EG EH ER IQ IR JO KW LB LY MA MR OM PS QA SA SD SY TD TN YE".split(" ")  # noqa: SIM905
)
"""Where names begin with the Arabic article, which news writes al, el, as it sounds, or not at all."""
_EZAFE_COUNTRIES = frozenset(["AF", "IR", "PK", "TJ"])
"""Where names have the Persian -e between their words, which news writes -e, -i, joined or not at all."""


def without_type(key: str) -> str | None:
    """The folded name `key` without its word for what it is ("kunduz province": "kunduz"); None where it has none."""
    match = _SUFFIXED.fullmatch(key) or _PREFIXED.fullmatch(key)
    return match[1] if match and len(match[1]) >= 2 else None


def alternates(main: str, names: Iterable[str]) -> set[str]:
    """Folded forms of those `names` that English news can use beside `main`.

    Kept are capitalised names in Latin letters of four letters or more. Dropped are other scripts and their
    transcriptions (GeoNames writes them small), airport codes, names with a comma or digits, and the inflected forms of
    languages that give every foreign name an ending of their own (Lithuanian `Bamakas`, Esperanto `Bamako`).
    """
    keys = set()
    for name in names:
        if not _LATIN.fullmatch(name) or not name[0].isupper() or (name.isupper() and len(name) <= 5):
            continue
        key = fold(name)
        if len(key) >= 4:
            keys.add(key)
    base = fold(main)
    known = keys | {base}
    kept = {key for key in keys if not ((match := _INFLECTED.fullmatch(key)) and _stem_known(match[1], known - {key}))}
    return kept - {base}


def _stem_known(stem: str, names: set[str]) -> bool:
    return any(name == stem or (len(name) - len(stem) == 1 and name.startswith(stem)) for name in names)


def variants(key: str, country: str | None) -> Iterator[str]:
    """Other ways to write the folded name `key`: Saint or St, without the Arabic article, ezafe joined or not."""
    for long, short in (("saint ", "st "), ("mount ", "mt "), ("fort ", "ft "), ("sainte ", "ste ")):
        if key.startswith(long):
            yield short + key[len(long) :]
        elif key.startswith(short):
            yield long + key[len(short) :]
    if country in _ARTICLE_COUNTRIES and (match := _ARTICLE.fullmatch(key)):
        for form in ("al ", "el "):
            if form + match[1] != key:
                yield form + match[1]
        if len(match[1]) >= 4:
            yield match[1]
    if country in _EZAFE_COUNTRIES:
        if " e " in key:
            yield key.replace(" e ", "i ")
            yield key.replace(" e ", "e ")
            yield key.replace(" e ", " ")
        if key.endswith("abad") and len(key) > 6:
            yield key[:-4].rstrip() + " abad" if not key.endswith(" abad") else key.replace(" ", "")
