# SPDX-License-Identifier: Apache-2.0
"""Is an invoice within what the payer authorised? Compared with the payer's own decision, as it sealed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sceau.claim.decision import AMOUNT, CODES, CURRENCY, FILE_NUMBER, LAST_DAY, unstated
from sceau.claim.history import History
from sceau.claim.steps import STEPS
from sceau.record import SealedRecord, Value
from sceau.terms import Step
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

_DATE = "invoice.date"
#: Days of the invoice that the last day of the authorisation is checked against, where they are shown.
_DAYS = (_DATE, "equipment.dispensed")
#: Lines of an invoice that have a code which is authorised, and the amounts of a line, each with its total.
_LINES = tuple(path.removesuffix(".code") for path in CODES)
_PARTS = ("price", "amo", "amc")


def own_authorisation(history: History, held: Iterable[SealedRecord]) -> SealedRecord | None:
    """The record that the claim's authorisation sealed, among those that the payer holds.

    Its commitment on the chain decides: a decision that was never written, or on another claim or deployment, is none.
    """
    written = history.find(Step.AUTHORISE)
    for record in held:
        known = record.scope.profile in STEPS[Step.AUTHORISE].profiles
        if written is not None and known and record.root == written.commitment:
            return record
    return None


def check_settlement(
    authorised: Mapping[str, Value] | None, invoice: Mapping[str, Value], written_on: date
) -> list[Finding]:
    """What of an invoice is not within its authorisation, and what could not be compared.

    Args:
        authorised: what the payer's own authorisation states; ``None`` if the payer does not hold it.
        invoice: what is shown of the invoice, proved and lawful to hold.
        written_on: day of the block that holds the invoice.
    """
    if authorised is None:
        return [finding("authorisation-not-held")]
    return [
        *_beyond(authorised, invoice, written_on),
        *_not_compared(authorised, invoice),
        *_hidden_lines(authorised, invoice),
    ]


def _beyond(
    authorised: Mapping[str, Value], invoice: Mapping[str, Value], written_on: date
) -> Iterator[Finding]:
    if is_above(invoice.get(AMOUNT), authorised.get(AMOUNT)):
        yield finding("invoice-above-authorised", authorised=authorised[AMOUNT])
    for path, code in ((CURRENCY, "invoice-other-currency"), (FILE_NUMBER, "invoice-other-file-number")):
        if path in invoice and path in authorised and invoice[path] != authorised[path]:
            yield finding(code, authorised=authorised[path])
    last = authorised.get(LAST_DAY)
    days = [written_on.isoformat(), *(str(invoice[path]) for path in _DAYS if path in invoice)]
    if isinstance(last, str) and max(days) > last:
        yield finding("invoice-after-last-day", day=date.fromisoformat(last))
    codes = [path for path in CODES if path in invoice and invoice[path] != authorised.get(path)]
    # An authorisation that states no code at all is incomplete; one that states some authorised no other eye.
    if codes and any(path in authorised for path in CODES):
        yield finding("invoice-codes-not-authorised", paths=tuple(codes))


def _not_compared(authorised: Mapping[str, Value], invoice: Mapping[str, Value]) -> Iterator[Finding]:
    wanted = [AMOUNT, CURRENCY, FILE_NUMBER, _DATE, *(path for path in CODES if path in authorised)]
    unshown = [path for path in wanted if path not in invoice]
    if unshown:
        yield finding("invoice-not-compared", paths=tuple(unshown))
    missing = unstated(authorised)
    if missing:
        yield finding("authorisation-incomplete", paths=tuple(missing))


def _hidden_lines(authorised: Mapping[str, Value], invoice: Mapping[str, Value]) -> Iterator[Finding]:
    """A line whose code was not authorised and is not shown, where something that is shown gives it away.

    No invoice states the class or an amount of an eye or the frame without its code. And where every line that is known
    states its part of a total, these make up the total, unless there is another line.
    """
    known = {line for line in _LINES if f"{line}.code" in invoice or f"{line}.code" in authorised}
    betraying = [
        f"{line}.{part}"
        for line in _LINES
        for part in ("class", *_PARTS)
        if line not in known and f"{line}.{part}" in invoice
    ]
    known |= {path.rpartition(".")[0] for path in invoice if path.startswith("service.")}
    for part in _PARTS:
        total = invoice.get(f"total.{part}")
        parts = [invoice.get(f"{line}.{part}") for line in known]
        amounts = [each for each in parts if isinstance(each, int)]
        if amounts and len(amounts) == len(parts) and isinstance(total, int) and sum(amounts) != total:
            betraying.append(f"total.{part}")
    if betraying:
        yield finding("invoice-line-not-shown", paths=tuple(betraying))


def is_above(amount: Value | None, limit: Value | None) -> bool:
    """Whether an amount in cents exceeds a limit; false where one of them is not stated."""
    return isinstance(amount, int) and isinstance(limit, int) and amount > limit
