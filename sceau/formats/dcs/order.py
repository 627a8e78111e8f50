# SPDX-License-Identifier: Apache-2.0
"""A lens-order file in the Data Communication Standard to the values of ``lens-order/1``.

Read: ``JOB`` (the order's reference), ``DO`` (``R``, ``L`` or ``B``: which lenses are made), ``LNAM`` (the lens),
``SPH``, ``CYL``, ``AX``, ``ADD``, and the prism as ``PRVM`` and ``PRVA`` (amount, and base in degrees) or as ``PRVIN``
and ``PRVUP`` (two signed amounts, in and up). Every other label is passed over and listed: those of centring and of the
frame (``IPD``, ``SEGHT``), those that begin with ``_``, which programs agree among themselves, ``CRC``, ``REQ``.

A DCS file does not hold all that an order seals, and nothing is guessed. The caller gives the day, the grouped codes
(the quote of the claim has them), and for each ``LNAM`` what the supplier's catalogue says of that lens. Programs do
not agree on which side 0 degrees of ``PRVA`` lies, so a horizontal base is refused until the caller says it
(:data:`PrismView`). ``?`` and nothing are both no value. Powers in eighths, which some laboratories take, are refused:
no profile holds them.

Sources: the Rx order labels of `RxUniverse
<https://rxuniverse.atlassian.net/wiki/pages/diffpages.action?originalId=75071500&pageId=107675659>`_ (which labels are
written for each eye, their ranges). `VisionX <https://help.visionx.solutions/solutions/prism-directions>`_ has 0
degrees towards the nose of either eye; ISO 8429 has it towards the nose of the right eye only. Of the standard itself,
`3.08 <https://cupdf.com/document/dcsv308final.html>`_ and `3.12
<https://fdocuments.in/document/dcs-v312-final-fixed-refs-the-vision-council-d-kddhe-dke-d-e-z-x-.html>`_, the contents
alone were read: that messages have reserved characters and a CRC. ``PRVIN`` and ``PRVUP`` are read by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from sceau.formats.dcs import errors
from sceau.formats.dcs.errors import DcsMissing
from sceau.formats.dcs.records import Record, once, read_records
from sceau.formats.optics.errors import BASE_OBLIQUE, PRISM_NEGATIVE, CorrectionRefused, LensFileRefused
from sceau.formats.optics.order import EYES, ORDER_FORMAT, load_order
from sceau.formats.source import Source
from sceau.record.canonical import Value

PrismView = Literal["facing", "nose"]
"""Where 0 degrees of ``PRVA`` points: ``facing``, to the right of somebody facing the wearer (ISO 8429: the nose of the
right eye, the temple of the left); ``nose``, towards the nose of either eye."""

_EYES_ORDERED: Final = {"R": ("right",), "L": ("left",), "B": EYES}
_POWERS: Final = {"SPH": "sphere", "CYL": "cylinder", "AX": "axis", "ADD": "addition"}
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})")
# Beside the numbers of a lens: the values of a label for one eye, or for the order.
_LABELS: Final = frozenset({"JOB", "DO", "LNAM", *_POWERS, "PRVM", "PRVA", "PRVIN", "PRVUP"})
_VERTICAL: Final = {90: "up", 270: "down"}


@dataclass(frozen=True, repr=False)
class DcsOrder:
    """The values of ``lens-order/1``, and what was passed over.

    ``ignored`` are the labels that were not read, each once, in the file's order. ``other_eye`` are the labels with a
    value for an eye that ``DO`` does not order.
    """

    values: Mapping[str, Value]
    ignored: tuple[str, ...]
    other_eye: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # No value: this ends up in logs and tracebacks.
        return f"DcsOrder({len(self.values)} values, {len(self.ignored)} labels ignored)"


def read_order(
    source: Source,
    *,
    day: date,
    codes: Mapping[str, str],
    products: Mapping[str, Mapping[str, Any]],
    prism_view: PrismView | None = None,
) -> DcsOrder:
    """The order in ``source``, a path or the file's bytes.

    Args:
        source: the file.
        day: the day of the order; no label of the standard holds it.
        codes: the grouped code of each eye that is ordered, under ``right`` and ``left``.
        products: what the catalogue says of a lens, by its ``LNAM``: ``lens`` and ``supplement`` as in a file
            ``sceau-lens-order/1``.
        prism_view: where 0 degrees of ``PRVA`` points; None refuses a horizontal base.

    Raises:
        DcsError: the file cannot be read, or a line breaks a rule; it names line and label, and no value.
        RuleBroken: what the catalogue says of a lens is not whole.
    """
    records = read_records(source)
    read = {label: record for label in _LABELS if (record := once(records, label)) is not None}
    ordered = _ordered(read)
    lines: dict[str, Record] = {"order": _needed(read, "JOB")}
    data: dict[str, Any] = {
        "format": ORDER_FORMAT,
        "order": {"reference": _reference(lines["order"]), "date": day},
    }
    for eye in ordered:
        lens = _Lens(read, eye, prism_view)
        data[eye] = {**_product(lens, codes, products), **lens.powers(), "prism": lens.prism()}
        lines |= lens.lines()
    ignored = tuple(dict.fromkeys(record.label for record in records if record.label not in _LABELS))
    return DcsOrder(_loaded(data, lines), ignored, tuple(_of_others(read, ordered)))


class _Lens:
    """The labels of one eye."""

    def __init__(self, read: Mapping[str, Record], eye: str, view: PrismView | None) -> None:
        self.eye = eye
        self._read = read
        self._place = EYES.index(eye)
        self._view = view

    def needed(self, label: str) -> tuple[Record, str]:
        """The line of a label, and this eye's value. Raises :class:`DcsMissing`."""
        record = _needed(self._read, label)
        value = self._text(label)
        if value is None:
            raise DcsMissing(path=label)
        return record, value

    def powers(self) -> dict[str, Decimal]:
        """Sphere, cylinder, axis and addition, as far as they are written."""
        self.needed("SPH")
        given = {name: self._number(label) for label, name in _POWERS.items()}
        return {name: number for name, number in given.items() if number is not None}

    def prism(self) -> list[dict[str, Any]]:
        """The parts of the prism, without the labels that they are written under."""
        return [{"amount": abs(amount), "base": base} for _, amount, base in self._prism_parts()]

    def lines(self) -> dict[str, Record]:
        """The line of each place that a refusal can name."""
        labels = {name: label for label, name in _POWERS.items()} | {"": "LNAM"}
        labels |= {f"prism[{n}]": label for n, (label, _, _) in enumerate(self._prism_parts())}
        return {
            f"{self.eye}.{name}".rstrip("."): self._read[label]
            for name, label in labels.items()
            if label in self._read
        }

    def _prism_parts(self) -> list[tuple[str, Decimal, str | int]]:
        """Label, signed amount and base of each part that is not zero."""
        amount, across, up = (self._number(label) for label in ("PRVM", "PRVIN", "PRVUP"))
        if amount is not None and (across is not None or up is not None):
            raise self._read["PRVM"].refused(errors.TWO_PRISMS)
        if amount:
            if amount < 0:
                raise self._read["PRVM"].refused(PRISM_NEGATIVE)
            return [("PRVM", amount, self._base())]
        parts: list[tuple[str, Decimal, str | int]] = []
        if across:
            parts.append(("PRVIN", across, "in" if across > 0 else "out"))
        if up:
            parts.append(("PRVUP", up, "up" if up > 0 else "down"))
        return parts

    def _base(self) -> str | int:
        degrees = self._number("PRVA")
        if degrees is None:
            raise self._read["PRVM"].refused(errors.PRISM_WITHOUT_BASE)
        line = self._read["PRVA"]
        if not 0 <= degrees <= 360:
            raise line.refused(errors.BASE_RANGE)
        if degrees % 90:
            raise line.refused(BASE_OBLIQUE)
        turned = int(degrees) % 360
        if turned in _VERTICAL:
            return _VERTICAL[turned]
        if self._view is None:
            raise line.refused(errors.BASE_SIDE_UNKNOWN)
        return turned if self._view == "facing" else {0: "in", 180: "out"}[turned]

    def _number(self, label: str) -> Decimal | None:
        text = self._text(label)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise self._read[label].refused(errors.NOT_A_NUMBER)
        return Decimal(text)

    def _text(self, label: str) -> str | None:
        record = self._read.get(label)
        if record is None:
            return None
        record.require_at_most(2)
        return record.value(self._place)


def _needed(read: Mapping[str, Record], label: str) -> Record:
    if label not in read:
        raise DcsMissing(path=label)
    return read[label]


def _ordered(read: Mapping[str, Record]) -> tuple[str, ...]:
    record = _needed(read, "DO")
    record.require_at_most(1)
    eyes = _EYES_ORDERED.get(record.value() or "")
    if eyes is None:
        raise record.refused(errors.EYES_UNKNOWN)
    return eyes


def _reference(record: Record) -> str:
    record.require_at_most(1)
    value = _unquoted(record.value() or "")
    if not value:
        raise DcsMissing(path="JOB")
    return value


def _product(
    lens: _Lens, codes: Mapping[str, str], products: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What the caller says of the lens: its grouped code, and its catalogue's entry. One of each eye is made."""
    record, name = lens.needed("LNAM")
    product = products.get(_unquoted(name))
    if product is None:
        raise record.refused(errors.PRODUCT_UNKNOWN)
    if lens.eye not in codes:
        raise record.refused(errors.CODE_UNKNOWN)
    return {**product, "code": codes[lens.eye], "quantity": 1}


def _loaded(data: dict[str, Any], lines: Mapping[str, Record]) -> dict[str, Value]:
    try:
        return load_order(data)
    except (LensFileRefused, CorrectionRefused) as refused:
        record = _line_of(str(refused.details["path"]), lines)
        raise record.refused(refused.details["rule"]) from refused


def _line_of(place: str, lines: Mapping[str, Record]) -> Record:
    """The line with the longest name that ``place`` begins with."""
    return lines[max((name for name in lines if place.startswith(name)), key=len)]


def _of_others(read: Mapping[str, Record], ordered: tuple[str, ...]) -> Iterator[str]:
    for label in ("LNAM", *_POWERS, "PRVM", "PRVA", "PRVIN", "PRVUP"):
        for place, eye in enumerate(EYES):
            if eye not in ordered and label in read and any(read[label].values[place : place + 1]):
                yield label


def _unquoted(text: str) -> str:
    """Some programs write texts in quotation marks."""
    return text[1:-1].strip(" ") if len(text) > 1 and text[0] == text[-1] == '"' else text
