# SPDX-License-Identifier: Apache-2.0
"""Are the act codes sealed with an order those that the payer authorised, and those on the invoice in its hand?

With the act-code key of an order the payer recomputes its first lock, and the invoice's. Without it, what practice
and supplier declare the same is *declared conform* and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.claim.history import History, WrittenStep
from sceau.claim.steps import placing
from sceau.conformity.errors import NoActCode
from sceau.conformity.keys import OrderContext
from sceau.conformity.seals import act_code_lock
from sceau.errors import Sentence
from sceau.messages.act_codes import ActCodeKey
from sceau.record import Value
from sceau.record.errors import RecordError
from sceau.terms import Group, Step
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

_AUTHORISED = Sentence("verify.authorised")
_INVOICED = Sentence("verify.invoiced")
_WORDS = (_AUTHORISED, _INVOICED)


@dataclass(frozen=True, repr=False)
class ActCodes:
    """What a payer holds of a claim's act codes.

    ``keys`` are those that the practice sent, one for each order; ``authorised`` the codes of its authorisation and
    ``invoiced`` those of an invoice that reached it another way than by the disclosure that it verifies, both by
    path (``right.code``, ``left.code``; other paths are passed over). Where the payer holds the authorisation that the
    chain names, its codes are compared as well, whatever ``authorised`` says.
    """

    keys: tuple[ActCodeKey, ...]
    authorised: Mapping[str, Value]
    invoiced: Mapping[str, Value] | None = None

    def __repr__(self) -> str:
        return f"ActCodes({len(self.keys)} keys)"


def check_act_codes(
    network: Network,
    history: History,
    held: ActCodes,
    shown: Mapping[str, Value] | None,
    sealed: Mapping[str, Value] | None = None,
) -> tuple[list[Finding], frozenset[int]]:
    """Findings for each order whose key is held, and the orders whose codes were all checked and fit.

    ``shown`` are the values of a disclosed invoice, ``None`` when the disclosure is of another step; ``sealed`` those
    of the payer's own authorisation, ``None`` when it does not hold it. Everything is checked of an order when its lock
    was and, once the claim is invoiced, when the order is the one invoiced and an invoice in hand was compared too.
    """
    found: list[Finding] = []
    fitting = set()
    invoice = history.find(Step.INVOICE)
    for each in held.keys:
        if each.claim != history.state.claim:
            continue
        comparisons = list(_comparisons(history, each.order_number, held, shown, sealed))
        differ = {what for step, what, codes in comparisons if not _fits(network, step, each, codes)}
        fit = {what for _, what, _ in comparisons} - differ
        if _AUTHORISED in differ:
            found.append(finding("act-codes-not-authorised", order=each.order_number))
        if _INVOICED in differ:
            found.append(finding("act-codes-differ", order=each.order_number, what=_INVOICED))
        found += [
            finding("act-codes-fit", order=each.order_number, what=what) for what in _WORDS if what in fit
        ]
        # What is paid is what was invoiced: another order's key says nothing of it.
        paid = invoice is None or (invoice.order_number == each.order_number and _INVOICED in fit)
        if not differ and _AUTHORISED in fit and paid:
            fitting.add(each.order_number)
    return found, frozenset(fitting)


def fits_standing_order(
    network: Network, history: History, held: ActCodes, shown: Mapping[str, Value] | None, standing: int
) -> bool:
    """Whether the codes of an invoice in hand give the act-code lock of the order ``standing``, under its own key.

    For an invoice of an order that was replaced since: its own lock says nothing of the order that stands. Arguments as
    :func:`check_act_codes`; false where no key of that order, or no codes of an invoice, are held.
    """
    placed = history.find(placing(standing), standing)
    invoice = history.find(Step.INVOICE)
    codes = [each for each in (held.invoiced, shown) if each is not None]
    if placed is None or invoice is None or invoice.order_number >= standing or not codes:
        return False
    keys = [key for key in held.keys if (key.claim, key.order_number) == (history.state.claim, standing)]
    return any(all(_fits(network, placed, key, each) for each in codes) for key in keys)


def _comparisons(
    history: History,
    order_number: int,
    held: ActCodes,
    shown: Mapping[str, Value] | None,
    sealed: Mapping[str, Value] | None,
) -> Iterator[tuple[WrittenStep, Sentence, Mapping[str, Value]]]:
    placed = history.find(placing(order_number), order_number)
    if placed is not None:
        for codes in (held.authorised, sealed):
            if codes is not None:
                yield placed, _AUTHORISED, codes
    invoice = history.find(Step.INVOICE, order_number)
    if invoice is not None:
        for codes in (held.invoiced, shown):
            if codes is not None:
                yield invoice, _INVOICED, codes


def _fits(network: Network, step: WrittenStep, key: ActCodeKey, codes: Mapping[str, Value]) -> bool:
    context = OrderContext(network.chain_id, network.address("ClaimRegistry"), key.claim, key.order_number)
    try:
        return act_code_lock(key.key, context, codes) == step.locks[Group.ACT_CODES]
    except (NoActCode, RecordError):
        # No code, or what is none: it cannot be what was sealed.
        return False
