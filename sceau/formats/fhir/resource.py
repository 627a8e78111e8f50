# SPDX-License-Identifier: Apache-2.0
"""Reading one FHIR R4 resource: strict JSON first, then FHIR's structure, then what the whole record is.

``fhir.resources`` (extra ``fhir``) says whether fields exist and are shaped as R4 wants; it checks neither
codes nor ranges, so the importers and the profiles do. Values are taken from the JSON itself, parsed without
floats.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib import import_module
from typing import Any

from sceau.errors import Sentence
from sceau.formats.fhir import rules
from sceau.formats.fhir.element import Element
from sceau.formats.fhir.errors import (
    EnteredInError,
    FhirExtraMissing,
    FhirUnreadable,
    FieldRefused,
    RecordNotActive,
    WrongResource,
)
from sceau.formats.source import Source, name_of, read_source

_RESOURCE_NAME = re.compile(r"[A-Z][A-Za-z]{1,40}", re.ASCII)
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}", re.ASCII)
_UNREADABLE_NAME = Sentence("fhir.unknown-resource")
_STATUS_WORDS = {
    "draft": Sentence("fhir.draft"),
    "cancelled": Sentence("fhir.cancelled"),
}


def read_resource(source: Source, wanted: str) -> Element:
    """The resource of type ``wanted`` ('Claim', 'ClaimResponse', 'Coverage' or 'VisionPrescription') in ``source``.

    It is whole, well-formed FHIR R4, without modifier extension, and its status is active. Raises
    :class:`FhirUnreadable`, :class:`WrongResource`, :class:`FieldRefused`, :class:`EnteredInError`,
    :class:`RecordNotActive`, or :class:`FhirExtraMissing`.
    """
    data = read_source(source)
    if isinstance(data, Sentence):
        raise FhirUnreadable(file=name_of(source), rule=data)
    found = data.get("resourceType")
    if found != wanted:
        known = isinstance(found, str) and _RESOURCE_NAME.fullmatch(found)
        raise WrongResource(found=found if known else _UNREADABLE_NAME, wanted=wanted)
    # Contained resources are never read, and the package would load a model for each by its name.
    own = {name: value for name, value in data.items() if name not in ("contained", "resourceType")}
    _refuse_unknown_meaning(own, wanted)
    check_structure(own, wanted, may_lack=_MAY_LACK)
    resource = Element(wanted, own)
    _check_status(resource)
    return resource


def _refuse_unknown_meaning(value: object, path: str) -> None:
    """Refuses what changes the meaning of a record in ways unknown here.

    FHIR R4 (extensibility, "modifier extensions"; resource, "implicitRules"): a reader that does not
    understand them must not process the record.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            inside = f"{path}.{_printable(name)}"
            if name in ("modifierExtension", "implicitRules"):
                raise FieldRefused(path=inside, rule=rules.MODIFIED)
            if name == "resourceType":
                # The package would check the object as that resource instead of what belongs here.
                raise FieldRefused(path=inside, rule=rules.UNKNOWN)
            _refuse_unknown_meaning(inner, inside)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _refuse_unknown_meaning(inner, f"{path}[{place}]")


def _printable(name: str) -> str:
    """A field's name as it may be printed: in a hostile or damaged file it can hold anything."""
    return name if _FIELD_NAME.fullmatch(name) else "(?)"


def check_structure(data: dict[str, Any], wanted: str, may_lack: Collection[str] = ()) -> None:
    """Raises :class:`FieldRefused` unless ``data``, without ``resourceType``, is shaped as R4 says of ``wanted``.

    What is wrong at one of the paths ``may_lack`` (without places in lists) is passed over: its reader leaves it out.
    """
    try:
        # Imported here: it takes a third of a second, and the extra may be absent. R4B, since the package's
        # default is R5, which refuses R4 files; for the resources read here R4 and R4B are one.
        model = getattr(import_module(f"fhir.resources.R4B.{wanted.lower()}"), wanted)
        from pydantic import ValidationError
    except ImportError as missing:
        raise FhirExtraMissing from missing
    path, rule = wanted, None
    try:
        model.model_validate(data)
    except ValidationError as refused:
        # Neither its text nor its chain leaves this function: both quote the values.
        problems = refused.errors(include_input=False, include_url=False, include_context=False)
        problem = next((each for each in problems if _named(wanted, each["loc"]) not in may_lack), None)
        if problem is not None:
            path, rule = (
                _path_of(wanted, problem["loc"]),
                _STRUCTURE_RULES.get(problem["type"], rules.MALFORMED),
            )
    except Exception:
        # The package's own validators raise other errors on hostile input (a TypeError, a KeyError).
        rule = rules.MALFORMED
    if rule is not None:
        raise FieldRefused(path=path, rule=rule)


_STRUCTURE_RULES = {
    "missing": rules.MISSING,
    "model_field_validation.missing": rules.MISSING,
    "extra_forbidden": rules.UNKNOWN,
}


#: Dates that a record may lack, and that are left out with a notice where they are not FHIR's.
_MAY_LACK = frozenset({"Coverage.period.start", "Coverage.period.end", "Claim.item.servicedDate"})


def _named(resource: str, location: tuple[int | str, ...]) -> str:
    """A path without the places in lists."""
    return ".".join([resource, *(str(step) for step in location if not isinstance(step, int))])


def _path_of(resource: str, location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{_printable(step)}" for step in location)
    return resource + "".join(steps)


def _check_status(resource: Element) -> None:
    status = resource.required_text("status")
    if status == "active":
        return
    if status == "entered-in-error":
        raise EnteredInError(path=resource.at("status"))
    if status in _STATUS_WORDS:
        raise RecordNotActive(path=resource.at("status"), status=_STATUS_WORDS[status])
    raise resource.refused("status", rules.STATUS_UNKNOWN)
