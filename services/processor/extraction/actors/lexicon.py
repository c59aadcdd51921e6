"""The actor lexicon: named armed groups, criminal organisations and forces, and the words that describe the unnamed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from services.processor.extraction.ascii_view import ascii_view
from services.processor.extraction.wordlists import read_rows


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who can do harm, as one name with all others."""

    name: str
    """The name under which a report lists the actor."""
    aliases: tuple[str, ...] = ()
    """Other names: abbreviations, local-language names, transliterations."""
    kind: str = "armed_group"
    """`armed_group`, `criminal`, `militia`, `state_force`, `international_force`, `government`, `named_group` (named
    by the article only), `individual`."""
    alignment: str = ""
    """What it fights for, in a word: `jihadist`, `separatist`, `leftist`..."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes of where it mostly acts; of whose force it is, for a state's."""
    active: str = ""
    """Years, `1964-2016`; open-ended where still active; empty where unknown."""
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write one actor."""

    text: str
    """As the lexicon spells it."""
    actor: Actor
    exact_case: bool
    """An abbreviation: it counts only where it is written in capitals."""
    needs_context: bool
    """Also something else ("ETA", "RAF"): it counts only where something near it speaks for the actor."""
    only_in: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2: it counts only where the text names one of these countries; anywhere where empty."""


@dataclass(frozen=True, slots=True)
class Force:
    """A head noun of the forces of states, such as `army`."""

    head: str
    kind: str
    alone: bool
    """The bare word is a mention; otherwise a country must go with it."""


@dataclass(frozen=True, slots=True)
class VerbSense:
    """One way to read one form of a verb."""

    kind: str
    """The class in actors_verbs.tsv: `harm`, `attack`, `claim`, `deny`, `blame`, `say`, `other`."""
    forms: frozenset[str]
    """Of `base`, `third`, `past`, `participle`, `ing`: those that are spelled so."""
    needs: frozenset[str]
    """One of these must follow within eight words; nothing needs to where empty."""


def _flat(name: str) -> str:
    return " ".join(ascii_view(name).split()).strip("'")


ACTOR_FILES = (
    "actors_africa.tsv",
    "actors_middle_east.tsv",
    "actors_asia.tsv",
    "actors_americas.tsv",
    "actors_europe.tsv",
    "actors_international.tsv",
    "actors_state_forces.tsv",
)


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[Actor, tuple[str, ...]], ...]:
    """Every actor with its spellings as the lexicon marks them."""
    entries = []
    for file in ACTOR_FILES:
        for fields in read_rows(file):
            if len(fields) != 8:
                raise ValueError(f"{file}: {fields[0]!r} has {len(fields)} fields; write eight, with tabs between them")
            name, kind, alignment, countries, active, wikidata, aliases, _ = (field.strip() for field in fields)
            marked = tuple(alias.strip() for alias in aliases.split("|") if alias.strip())
            plain = tuple(alias.partition("?")[0] for alias in marked)
            codes = tuple(countries.split("|")) if countries else ()
            entries.append(
                (Actor(name.rstrip("?"), plain, kind, alignment, codes, active, wikidata or None), (name, *marked))
            )
    return tuple(entries)


def load_actors() -> tuple[Actor, ...]:
    """All named actors of the lexicon.

    Raises ValueError, naming the file and the line's first field, where a line does not have its eight fields.
    """
    return tuple(actor for actor, _ in _entries())


@lru_cache(maxsize=1)
def load_aliases() -> dict[str, tuple[Alias, ...]]:
    """Flat spelling (see `ascii_view`) -> every actor that is written so, in the order of the lexicon files."""
    table: dict[str, list[Alias]] = {}
    for actor, spellings in _entries():
        for spelled in spellings:
            text, mark, codes = spelled.partition("?")
            short = len(text) <= 8 and all(c.isupper() for c in text if c.isalpha())
            # A bracket leaves two blanks in the view of a text: "Communist Party of India (Maoist)".
            for flat in {_flat(text), ascii_view(text).strip(" '")}:
                entries = table.setdefault(flat, [])
                if all(other.actor is not actor for other in entries):
                    entries.append(Alias(text, actor, short, bool(mark), tuple(codes.split("/")) if codes else ()))
    return {flat: tuple(entries) for flat, entries in table.items()}


@lru_cache(maxsize=1)
def load_forces() -> dict[str, Force]:
    """Head noun -> force."""
    return {head: Force(head, kind, alone == "yes") for head, kind, alone in read_rows("actors_forces.tsv")}


@lru_cache(maxsize=1)
def load_words() -> dict[str, frozenset[str]]:
    """Word class -> its words."""
    table: dict[str, set[str]] = {}
    for word_class, words in read_rows("actors_words.tsv"):
        table.setdefault(word_class, set()).update(word.strip() for word in words.split("|"))
    return {word_class: frozenset(words) for word_class, words in table.items()}


@lru_cache(maxsize=1)
def load_verbs() -> dict[str, tuple[VerbSense, ...]]:
    """Verb form -> the ways to read it."""
    names = ("base", "third", "past", "participle", "ing")
    table: dict[str, list[VerbSense]] = {}
    for fields in read_rows("actors_verbs.tsv"):
        kind, forms = fields[0], fields[1].split("|")
        if len(forms) != len(names):
            raise ValueError(f"actors_verbs.tsv: {fields[1]!r} must have five forms")
        needs = frozenset(fields[2].split("|")) if len(fields) > 2 and fields[2].strip() else frozenset()
        for form in dict.fromkeys(forms):
            which = frozenset(name for name, spelled in zip(names, forms, strict=True) if spelled == form)
            table.setdefault(form, []).append(VerbSense(kind, which, needs))
    return {form: tuple(senses) for form, senses in table.items()}


@dataclass(frozen=True, slots=True)
class Nation:
    """A country as a word: `Mali`, `Malian`."""

    code: str
    """ISO 3166-1 alpha-2."""
    word: str
    """As it is written."""
    demonym: bool
    """The adjective or the people, not the country's name."""


_SHORT_NAMES = {"u.s": "US", "u.s.": "US", "us": "US", "u.k": "GB", "u.k.": "GB", "uk": "GB", "soviet": "RU"}


@lru_cache(maxsize=1)
def load_nations() -> dict[str, Nation]:
    """Flat country name or demonym -> the country."""
    table: dict[str, Nation] = {}
    for fields in read_rows("places_countries.tsv"):
        code, name, names, demonyms = (*fields, "", "", "")[:4]
        if code == "code":
            continue
        for word in (name, *names.split("|")):
            if word:
                table.setdefault(_flat(word), Nation(code, word, demonym=False))
        for word in demonyms.split("|"):
            if word:
                table.setdefault(_flat(word), Nation(code, word, demonym=True))
    for word, code in _SHORT_NAMES.items():
        table[word] = Nation(code, "Soviet" if word == "soviet" else code, demonym=True)
    return table


@lru_cache(maxsize=1)
def load_peoples() -> frozenset[str]:
    """Flat words for people by where they are from or what they belong to: `palestinians`, `kurds`, `hutus`."""
    own = {f"{flat}s" for flat, nation in load_nations().items() if nation.demonym and flat[-1:] in "nio"}
    return frozenset(own) | load_words()["people_name"]


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """ISO 3166-1 alpha-2 -> the name of the country, as the lexicon of places has it."""
    return {fields[0]: fields[1] for fields in read_rows("places_countries.tsv") if fields[0] != "code"}


@lru_cache(maxsize=256)
def adjective(nation: Nation) -> str:
    """What a force of a country is called by: `Malian` for `Mali` and for `Malian`, `US`, `Myanmar`."""
    if nation.demonym or len(nation.word) <= 2:
        return nation.word
    own = (other.word for other in load_nations().values() if other.code == nation.code and other.demonym)
    first = next(own, "")
    # Where the people have another name than the country ("Burmese"), the country's own is understood by more.
    return first if first[:3] == nation.word[:3] else nation.word


@lru_cache(maxsize=256)
def country_words(code: str) -> tuple[str, ...]:
    """The flat names and demonyms of a country, those of four letters and more."""
    return tuple(flat for flat, nation in load_nations().items() if nation.code == code and len(flat) > 3)
