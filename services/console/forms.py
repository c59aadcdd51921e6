"""What a page's form sends: read with bounds, and a subscription as fields of a form and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from schemas import Subscription
from services.console.desk import Fault, FaultyError
from services.shared.rules_files import RulesError, text_of_values, values_of_text

MOST_FIELDS = 200
LONGEST_AUTHOR = 100
MOST_DIGITS = 9
"""Of a number of people, or of a version: more than there are."""
NUMBERS = (
    *("killed_at_least", "wounded_at_least", "missing_at_least", "abducted_at_least", "displaced_at_least"),
    *("independent_sources_at_least", "alerts_per_hour"),
)
LISTS = ("regions", "outlets", "except_outlets", "languages")
"""Fields that are written with commas between."""
TEXTS = ("name", "channel", "severity_at_least", "on", "certainty_at_least", "where", "time_zone", "urgent_from")
OWN = (*TEXTS, *LISTS, *NUMBERS, "types", "expires", "test")
"""Fields of a subscription that the form has a place of its own for; the others are written as in the rules file."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form, each as often as it was sent."""

    values: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The first value of that name, without blanks around it; empty where there is none."""
        return self.values.get(name, [""])[0].strip()

    def all(self, name: str) -> list[str]:
        """Every value of that name that is not blank."""
        return [value.strip() for value in self.values.get(name, ()) if value.strip()]

    def listed(self, name: str) -> list[str]:
        """The items of a value that is written with commas, or line feeds, between them."""
        return [item.strip() for item in self.one(name).replace("\n", ",").split(",") if item.strip()]

    def number(self, name: str) -> int | None:
        """A whole number; None where it is empty. Raises FaultyError where it is none."""
        text = self.one(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            raise FaultyError([Fault(name, f"{text[:40]} is no whole number")])
        return int(text)

    def author(self) -> str:
        """Who does this. Raises FaultyError where nobody is named."""
        name = self.one("author")
        if not name or len(name) > LONGEST_AUTHOR or not name.isprintable():
            raise FaultyError([Fault("author", f"write who you are, in at most {LONGEST_AUTHOR} characters")])
        return name


async def sent_by(request: Request) -> Sent:
    """The form in the body of `request`. Raises HTTPException with 400 where it is none that a page of ours sends."""
    try:
        text = (await request.body()).decode()
        values = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        if any("\x00" in value for found in values.values() for value in found):
            raise ValueError("no text holds that character")
    except ClientDisconnect as error:
        raise HTTPException(408, "The form did not arrive whole.") from error
    except ValueError as error:
        raise HTTPException(400, "This is no form of the console's: load the page again.") from error
    return Sent(values)


def as_fields(subscription: Subscription | None) -> dict[str, Any]:
    """`subscription` as the form shows it; the fields of a new one where None."""
    if subscription is None:
        return {name: [] if name == "types" else "" for name in OWN} | {
            "more": "",
            "time_zone": "UTC",
            "on": "low",
            "urgent_from": "extreme",
        }
    stated = subscription.model_dump(mode="json")
    fields: dict[str, Any] = {name: "" if stated[name] is None else str(stated[name]) for name in TEXTS + NUMBERS}
    fields |= {name: ", ".join(stated[name]) for name in LISTS}
    rest = subscription.model_dump(mode="json", exclude_defaults=True, exclude=set(OWN))
    return fields | {
        "types": stated["types"],
        "expires": stated["expires"] or "",
        "test": "yes" if subscription.test else "",
        "more": text_of_values(rest),
    }


def kept_fields(sent: Sent) -> dict[str, Any]:
    """What somebody typed, as the form shows it again."""
    fields: dict[str, Any] = {name: sent.one(name) for name in (*TEXTS, *LISTS, *NUMBERS, "expires", "test")}
    return fields | {"types": sent.all("types"), "more": sent.values.get("more", [""])[0]}


def written_of(sent: Sent) -> dict[str, Any]:
    """The subscription that the form states, as one entry of rules/subscriptions.yaml.

    Raises FaultyError for a number that is none, and for what is written below the fields and is no YAML, or states a
    field that stands above.
    """
    faults: list[Fault] = []
    written: dict[str, Any] = {name: text for name in (*TEXTS, "expires") if (text := sent.one(name))}
    written |= {name: items for name in LISTS if (items := sent.listed(name))}
    if types := sent.all("types"):
        written["types"] = types
    if sent.one("test"):
        written["test"] = True
    for name in NUMBERS:
        try:
            number = sent.number(name)
        except FaultyError as error:
            faults += error.faults
        else:
            if number is not None:
                written[name] = number
    try:
        more = values_of_text(sent.values.get("more", [""])[0].replace("\r\n", "\n"), "more")
    except RulesError as error:
        faults += [Fault("more", _said(problem.line, problem.message)) for problem in error.problems]
        more = {}
    for name in more.keys() & set(OWN):
        faults.append(Fault("more", f"{name} has a field of its own above: write it there"))
    if faults:
        raise FaultyError(faults)
    return written | more


def written_again(text: str) -> dict[str, Any]:
    """The entry that a page carried from its form to its button. Raises HTTPException where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "This is no form of the console's: load the page again.") from error
    if not isinstance(found, dict):
        raise HTTPException(400, "This is no form of the console's: load the page again.")
    return found


def _said(line: int | None, message: str) -> str:
    return message if line is None else f"line {line}: {message}"
