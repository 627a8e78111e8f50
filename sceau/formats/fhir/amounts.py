# SPDX-License-Identifier: Apache-2.0
"""The amounts of one claim: exact cents of one currency, never assumed, and nets that fit their parts."""

from __future__ import annotations

from fractions import Fraction

from sceau.formats.fhir import rules
from sceau.formats.fhir.element import Element
from sceau.formats.fhir.errors import AmountsDisagree
from sceau.formats.optics.amount import NOT_CENTS, broken_amount, exact_enough, to_cents
from sceau.record.canonical import broken_rule

_LARGEST_FACTOR = 1000
_LARGEST_QUANTITY = 99


class Amounts:
    """Reads the Money fields of one claim and holds them to one currency."""

    def __init__(self) -> None:
        self.currency: str | None = None

    def cents(self, holder: Element, name: str) -> int | None:
        """The Money field ``name`` of ``holder`` in hundredths of its currency, or None when it is absent.

        Raises :class:`~sceau.formats.fhir.errors.FieldRefused` for a missing or second currency, and for an amount
        that is negative, too big or no whole number of cents.
        """
        money = holder.element(name)
        if money is None:
            return None
        value = money.number("value")
        if value is None:
            raise money.refused("value", rules.MISSING)
        self._hold_currency(money)
        rule = broken_amount(value)
        if rule is not None:
            raise money.refused("value", rule)
        return to_cents(value)

    def _hold_currency(self, money: Element) -> None:
        currency = money.text("currency")
        if currency is None:
            raise money.refused("currency", rules.CURRENCY_MISSING)
        rule = broken_rule("currency", currency)
        if rule is not None:
            raise money.refused("currency", rule)
        if self.currency is None:
            self.currency = currency
        if currency != self.currency:
            raise money.refused("currency", rules.CURRENCY_MIXED)

    def net(self, line: Element, quantity: int, parts: list[int]) -> int:
        """The net amount of ``line`` in cents, from its own field, its price or the nets of its ``parts``.

        Whatever is given must agree: net = quantity × unit price × factor to the nearest cent (at half a cent
        either neighbour, since FHIR names no rounding), and net = sum of the parts exactly.
        """
        given = self.cents(line, "net")
        price = self._price(line, quantity)
        net = given if given is not None else _net_of(line, price, parts)
        if price is not None and abs(price - net) > Fraction(1, 2):
            raise AmountsDisagree(path=line.at("net"), rule=rules.NET_WRONG)
        if parts and sum(parts) != net:
            raise AmountsDisagree(path=line.at("net"), rule=rules.SUM_WRONG)
        return net

    def _price(self, line: Element, quantity: int) -> Fraction | None:
        """Quantity × unit price × factor in cents, unrounded, or None without a unit price."""
        unit = self.cents(line, "unitPrice")
        factor = line.number("factor")
        factor = 1 if factor is None else factor
        if not 0 <= factor <= _LARGEST_FACTOR or not exact_enough(factor):
            raise line.refused("factor", rules.FACTOR_RANGE)
        return None if unit is None else quantity * unit * Fraction(factor)


def quantity(line: Element) -> int:
    """The quantity of a claim line, 1 when FHIR's field is absent (its meaning there); 1 to 99."""
    given = line.element("quantity")
    if given is None:
        return 1
    value = given.number("value")
    if value is None:
        raise given.refused("value", rules.MISSING)
    if given.has("comparator"):
        raise given.refused("comparator", rules.QUANTITY_UNCLEAR)
    if not 1 <= value <= _LARGEST_QUANTITY or value != int(value):
        raise given.refused("value", rules.QUANTITY_UNCLEAR)
    return int(value)


def _net_of(line: Element, price: Fraction | None, parts: list[int]) -> int:
    if parts:
        return sum(parts)
    if price is None:
        raise line.refused("net", rules.NET_UNKNOWN)
    if price.denominator != 1:
        raise line.refused("net", NOT_CENTS)
    return int(price)
