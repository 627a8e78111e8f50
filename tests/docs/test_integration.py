# SPDX-License-Identifier: Apache-2.0
"""The integration page is run as it stands: a claim from its quote to its settlement, between the page's programs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sceau import (
    ConsentRequest,
    Patient,
    Payer,
    Practice,
    ReceivedOrder,
    SignedConsent,
    Step,
    Supplier,
)
from sceau.documents.files import save, save_json
from sceau.terms import State
from scripts.documents import document
from tests.docs.pages import ROOT, blocks
from tests.support.deployed import Deployed
from tests.support.mailboxes import Published, publish

PAGE = ROOT / "docs" / "integration.md"
LONGEST = 30


def folder_of(name: str, chain: Deployed, published: Published, path: Path) -> Path:
    """A party's folder, with the settings file of the page and what it names."""
    path.mkdir()
    (path / "store").mkdir()
    (path / "exchange").symlink_to(path.parent / "exchange")
    shutil.copytree(published_directory(published, path.parent), path / "directory")
    settings = blocks(PAGE, "toml")[0].replace("http://127.0.0.1:8545", chain.url)
    save(path / "sceau.toml", settings.encode())
    save_json(path / "deployment.json", chain.network.manifest.to_json())
    save_json(path / "signing.json", chain.signers[name].to_keystore("secret", iterations=2**10))
    save(path / "messages.keys", published.keys[name].locked("hush", rounds=1_000).encode())
    save(path / "signing.password", b"secret\n")
    save(path / "messages.password", b"hush\n")
    for each in ("quote", "order", "delivery", "invoice"):
        save(path / f"{each}.json", document(each))
    return path


def published_directory(published: Published, parent: Path) -> Path:
    """The entries of all parties, a file each."""
    folder = parent / "entries"
    if not folder.is_dir():
        folder.mkdir()
        for name in published.keys:
            party = published.chain.party(name)
            entry = published.directory.entry(published.chain.network, party)
            save_json(folder / f"{name}.json", entry.to_json())
    return folder


def test_each_day_fits_on_a_page() -> None:
    code = blocks(PAGE, "python")
    assert len(code) == 3
    for block in code:
        assert len([line for line in block.splitlines() if line.strip()]) <= LONGEST


def test_the_three_days_run_as_they_stand(
    deployed: Deployed, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("quote", "order", "delivery", "invoice"):
        save(tmp_path / f"{each}.json", document(each))
    monkeypatch.chdir(tmp_path)
    published = publish(deployed, "practice", "supplier", "payer")
    (tmp_path / "exchange").mkdir()

    def signed_by_patient(request: ConsentRequest) -> SignedConsent:
        signed, _ = Patient(deployed.network).sign(request, "482915")
        return signed

    programs: dict[str, dict[str, Any]] = {}
    for name, block in zip(("practice", "payer", "supplier"), blocks(PAGE, "python"), strict=True):
        programs[name] = {"signed_by_patient": signed_by_patient}
        exec(compile(block, str(PAGE), "exec"), programs[name])  # noqa: S102 # the page is the project's own

    with ExitStack() as stack:
        roles = {
            name: stack.enter_context(
                kind.open(folder_of(name, deployed, published, tmp_path / name) / "sceau.toml")
            )
            for name, kind in (("practice", Practice), ("payer", Payer), ("supplier", Supplier))
        }
        shop, payer = roles["practice"], roles["payer"]
        orders: list[ReceivedOrder] = []
        maker = roles["supplier"]
        assert isinstance(maker, Supplier)
        monkeypatch.setattr(maker, "answer", noting(maker.answer, orders))

        def every_minute() -> None:
            for name, role in roles.items():
                programs[name]["every_minute"](role)

        claim = programs["practice"]["quoted"](shop, payer.party)
        for _ in range(3):
            every_minute()
        programs["supplier"]["dispatched"](maker, orders[0])
        programs["practice"]["invoiced"](shop, claim)
        for _ in range(3):
            every_minute()
        reports = [role.sync() for role in roles.values()]
        assert [(each.waiting, each.problems) for each in reports] == [(0, ())] * 3
        history = shop.history(claim)
    assert history.state.state is State.SETTLED
    assert [step.step for step in history.steps] == [
        Step.OPEN,
        Step.AUTHORISE,
        Step.ORDER,
        Step.DELIVER,
        Step.INVOICE,
        Step.SETTLE,
    ]
    assert "accepted at block" in capsys.readouterr().out


def noting(answer: Callable[..., Any], orders: list[ReceivedOrder]) -> Callable[..., Any]:
    """``answer`` that also notes the orders that came, as a supplier's own files would."""

    def answered(order: ReceivedOrder) -> Any:
        orders.append(order)
        return answer(order)

    return answered
