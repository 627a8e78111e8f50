# SPDX-License-Identifier: Apache-2.0
"""What a verdict costs: round trips to the node, verdicts a second, and milliseconds of this process's processor.

Each disclosure is of another claim, which was opened under a consent, authorised, ordered and delivered. All are judged
by the same code in the same run, in these ways:

- one by one, without batches: a call of :meth:`Payer.verify` for each, by a payer that was just connected and whose
  node is asked one question at a time. This is the baseline of the ratios.
- one by one: the same call, which puts what it asks of one claim into batches by itself.
- together: one call of :meth:`Payer.verify_each` for all, by a payer that was just connected; then again at a new head,
  and at the same one, where the claims' histories are known.

Rates are by the clock, the node's own time included; on a busy machine the processor's time tells more.

`python -m benchmarks.verifying [CLAIMS]`
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from sceau import GivenConsent, Payer
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.consent.signing import sign_consent
from sceau.disclosure import Disclosure
from sceau.verify.verdict import Outcome, Verdict
from tests.support.deployed import deploy
from tests.support.life import Life
from tests.support.round import GROUPS
from tools.ganache import anvil, anvil_program

CLAIMS = 50
# So many are judged one by one.
_ALONE = 25


@dataclass(frozen=True)
class Figure:
    """One way to verify: round trips of all verdicts, verdicts, seconds, and seconds of the processor."""

    way: str
    trips: int
    verdicts: int
    seconds: float
    processor: float

    @property
    def rate(self) -> float:
        """Verdicts a second."""
        return self.verdicts / self.seconds


def measure(claims: int = CLAIMS) -> Iterator[Figure]:
    """The figures, on an Anvil of its own."""
    with anvil(block_seconds=None) as node:
        life = Life(deploy(node))
        shown = [_delivered(life, number) for number in range(claims)]
        alone = shown[:_ALONE]

        def one_by_one(*, batches: bool) -> Callable[[], list[Verdict]]:
            payers = [_payer(life, batches=batches) for _ in alone]
            return lambda: [payer.verify(each) for payer, each in zip(payers, alone, strict=True)]

        yield _figure("one by one, without batches", one_by_one(batches=False))
        yield _figure("one by one", one_by_one(batches=True))
        payer = _payer(life, batches=True)
        yield _figure("together, nothing known", lambda: _together(payer, shown))
        node.request("evm_mine")
        yield _figure("together, at a new head", lambda: _together(payer, shown))
        yield _figure("together, at the same head", lambda: _together(payer, shown))


def _delivered(life: Life, number: int) -> Disclosure:
    """What is shown of a claim under a consent of its own."""
    request = life.practice.request_consent(payer=life.payer.party, groups=GROUPS)
    signed = sign_consent(request, Signer.generate())
    life.practice.record_consent(signed).wait(30)
    life.open(values={**life.values("open"), "pec.number": f"PEC-{number}"}, consent=signed.consent)
    life.authorise()
    life.order()
    life.deliver(**{"dispatch.reference": f"D-{number}"})
    return life.disclosure(clause="detailed", consent=GivenConsent(request.record, signed.key))


def _payer(life: Life, *, batches: bool) -> Payer:
    node = Node(life.chain.url)
    node.takes_batches = batches
    _ = node.web3
    network = Network(node, life.chain.network.manifest)
    return Payer(
        network,
        life.chain.signers["payer"],
        party=life.payer.party,
        store=life.payer.store,
        mailbox=life.mailboxes["payer"],
    )


def _together(payer: Payer, shown: Sequence[Disclosure]) -> list[Verdict]:
    answers = payer.verify_each(shown, lambda each: each)
    return [answer.verdict for answer in answers if answer.verdict is not None]


def _figure(way: str, verify: Callable[[], list[Verdict]]) -> Figure:
    with _counted() as asked:
        began, used = time.perf_counter(), time.process_time()
        verdicts = verify()
        seconds, processor = time.perf_counter() - began, time.process_time() - used
    if any(each.outcome is not Outcome.ACCEPTED for each in verdicts):
        raise RuntimeError("another claim was verified")
    return Figure(way, len(asked), len(verdicts), seconds, processor)


@contextmanager
def _counted() -> Iterator[list[None]]:
    """The requests that are sent to any node meanwhile."""
    from requests import Session

    sent: list[None] = []
    send: Any = Session.send

    def counting(self: Session, *args: Any, **named: Any) -> Any:
        sent.append(None)
        return send(self, *args, **named)

    Session.send = counting  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        Session.send = send  # type: ignore[method-assign]


def main() -> int:
    """Prints the table; nothing is compared."""
    console = Console()
    if anvil_program() is None:
        console.print("Verifying: Anvil is not installed here.")
        return 0
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS
    table = Table(title=f"A payer's verdicts on {claims} claims")
    for column in ("", "round trips", "of a verdict", "verdicts a second", "processor (ms)", "ratio"):
        table.add_column(column, justify="right" if column else "left")
    first: float | None = None
    for figure in measure(claims):
        first = first or figure.rate
        table.add_row(
            figure.way,
            str(figure.trips),
            f"{figure.trips / figure.verdicts:.1f}",
            f"{figure.rate:.1f}",
            f"{1000 * figure.processor / figure.verdicts:.1f}",
            f"{figure.rate / first:.1f}",
        )
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
