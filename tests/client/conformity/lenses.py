# SPDX-License-Identifier: Apache-2.0
"""One order, its delivery and its invoice, read from tests/data and sealed; and lenses as Hypothesis draws them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sceau.conformity import OrderKey
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.record import Scope, SealedRecord, Value

DATA = Path(__file__).parents[2] / "data"
FILES = {
    name: json.loads((DATA / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
    for name in ("order", "delivery", "invoice")
}
LOADERS = {"order": load_order, "delivery": load_delivery, "invoice": load_invoice}
PROFILES = {"order": "lens-order", "delivery": "lens-delivery", "invoice": "fr-optical-invoice"}
STEPS = {"order": "ordered", "delivery": "delivered", "invoice": "invoiced"}

KEY = OrderKey(bytes(range(32)))
PLACE: dict[str, Any] = {
    "chain_id": 1337,
    "contract": "0x" + "c1" * 20,
    "claim": "0x" + "d2" * 32,
    "order_number": 1,
}


def file(kind: str, **changes: object) -> Any:
    """The sample file of ``kind``; a change such as ``right__lens__code='X'`` sets that place, None removes it."""
    data = copy.deepcopy(FILES[kind])
    for place, value in changes.items():
        *above, last = place.split("__")
        holder = data
        for step in above:
            holder = holder[step]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return data


def values(kind: str, **changes: object) -> dict[str, Value]:
    """The canonical values of the sample record of ``kind`` with the changes of :func:`file`."""
    return LOADERS[kind](file(kind, **changes))


def sealed(
    kind: str,
    given: Mapping[str, Value] | None = None,
    *,
    step: str | None = None,
    seed: bytes = b"\x05" * 32,
    **place: Any,
) -> SealedRecord:
    """The sample record of ``kind`` (or the values given) sealed for its step; ``place`` changes its scope."""
    scope = Scope(profile=PROFILES[kind], version=1, step=step or STEPS[kind], **(PLACE | place))
    return SealedRecord(scope, values(kind) if given is None else given, seed)


@dataclass(frozen=True)
class Lens:
    """One lens, however it is written: powers in quarters of a dioptre, index in thousandths, diameter in half mm."""

    code: str
    quantity: int
    maker: str
    product: str
    geometry: int
    material: int
    index: int
    diameter: int | None
    supplements: tuple[tuple[str, int], ...]
    sphere: int
    cylinder: int
    axis: int
    addition: int
    vertical: int
    horizontal: int


_codes = st.from_regex(r"[ABXYZ][ABXYZ0129]{0,5}", fullmatch=True)
lenses = st.builds(
    Lens,
    code=_codes,
    quantity=st.integers(1, 9),
    maker=_codes,
    product=_codes,
    geometry=st.integers(0, 5),
    material=st.integers(0, 3),
    index=st.integers(1400, 1900),
    diameter=st.none() | st.integers(100, 170),
    supplements=st.lists(
        st.tuples(_codes, st.sampled_from([1, 4, 5, 6, 7])), max_size=8, unique_by=lambda each: each[0]
    ).map(tuple),
    sphere=st.integers(-80, 80),
    cylinder=st.integers(-32, 0),
    axis=st.integers(1, 180),
    addition=st.sampled_from([0, 3, 6, 8]),
    vertical=st.integers(-20, 20),
    horizontal=st.integers(-20, 20),
)
#: One or both eyes.
pairs = st.fixed_dictionaries({"right": lenses, "left": lenses}) | st.sampled_from(["right", "left"]).flatmap(
    lambda eye: st.fixed_dictionaries({eye: lenses})
)

GEOMETRY = ("AFOCAL", "UNIFOCAL", "BIFOCAL", "TRIFOCAL", "PROGRESSIVE", "MID-DISTANCE")
MATERIAL = ("MINERAL", "ORGANIC", "POLYCARBONATE", "TRIVEX")
SUPPLEMENT = {1: "SPECIAL", 4: "TINT", 5: "COATING", 6: "COMBINED", 7: "PACK"}


def quarters(number: int) -> str:
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 4}.{abs(number) % 4 * 25:02d}"


class Writer:
    """A program that writes a lens in one of the many ways that mean the same; ``draw`` makes each choice."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def _one_of(self, *writings: object) -> Any:
        return self._draw(st.sampled_from(writings))

    def code(self, code: str) -> str:
        return str(self._one_of(code, code.lower(), f" {code[:2]} {code[2:]} "))

    def power(self, lens: Lens) -> dict[str, Any]:
        sphere, cylinder, axis = lens.sphere, lens.cylinder, lens.axis
        if cylinder == 0:
            written = {"sphere": quarters(sphere)}
            return {**written, **self._one_of({}, {"cylinder": "0.00"}, {"cylinder": "-0.00", "axis": axis})}
        if self._one_of("minus", "plus") == "plus":
            sphere, cylinder = sphere + cylinder, -cylinder
            axis = axis + 90 if axis <= 90 else axis - 90
        axis = self._one_of(0, 180) if axis == 180 else axis
        plus = self._one_of("", "+") if cylinder > 0 else ""
        return {"sphere": quarters(sphere), "cylinder": plus + quarters(cylinder), "axis": axis}

    def near(self, lens: Lens) -> dict[str, Any]:
        written = {"addition": quarters(lens.addition)}
        return written if lens.addition else self._one_of({}, written, {"addition": None})

    def prism(self, lens: Lens, eye: str) -> dict[str, Any]:
        parts = []
        degrees = {"in": 0, "out": 180} if eye == "right" else {"in": 180, "out": 0}
        degrees |= {"up": 90, "down": 270}
        for amount, plus, minus in ((lens.vertical, "up", "down"), (lens.horizontal, "in", "out")):
            more = self._draw(st.integers(0, 4))
            for part, base in ((max(amount, 0) + more, plus), (max(-amount, 0) + more, minus)):
                if part or self._one_of(False, True):
                    parts.append({"amount": quarters(part), "base": self._one_of(base, degrees[base])})
        parts = self._draw(st.permutations(parts))
        return {"prism": list(parts)} if parts else self._one_of({}, {"prism": []}, {"prism": None})

    def lens(self, lens: Lens) -> dict[str, Any]:
        index = f"{lens.index / 1000:.3f}"
        written = {
            "manufacturer": self.code(lens.maker),
            "supplier": self.code(lens.maker),
            "code": self.code(lens.product),
            "geometry": self._one_of(lens.geometry, str(lens.geometry), GEOMETRY[lens.geometry].lower()),
            "material": self._one_of(lens.material, str(lens.material), MATERIAL[lens.material]),
            "index": self._one_of(lens.index, index, index.replace(".", ",")),
        }
        if lens.diameter is not None:
            whole = lens.diameter // 2
            half = f"{whole}.{lens.diameter % 2 * 5}"
            written["diameter"] = half if lens.diameter % 2 else self._one_of(whole, str(whole), half)
        return written

    def supplements(self, lens: Lens) -> dict[str, Any]:
        written = [
            {"code": self.code(code), "type": self._one_of(f"0{number}", number, SUPPLEMENT[number].lower())}
            for code, number in self._draw(st.permutations(lens.supplements))
        ]
        return {"supplement": written} if written else self._one_of({}, {"supplement": []})

    def eye(self, lens: Lens, eye: str) -> dict[str, Any]:
        return {
            "code": self.code(lens.code),
            "quantity": lens.quantity,
            "lens": self.lens(lens),
            **self.supplements(lens),
            **self.power(lens),
            **self.near(lens),
            **self.prism(lens, eye),
        }

    def order(self, pair: Mapping[str, Lens]) -> dict[str, Any]:
        data = {name: part for name, part in file("order").items() if name not in ("right", "left")}
        return data | {eye: self.eye(lens, eye) for eye, lens in pair.items()}

    def delivery(self, pair: Mapping[str, Lens]) -> dict[str, Any]:
        data = {name: part for name, part in file("delivery").items() if name not in ("right", "left")}
        return data | {eye: self.eye(lens, eye) for eye, lens in pair.items()}
