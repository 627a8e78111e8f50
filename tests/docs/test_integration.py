# SPDX-License-Identifier: Apache-2.0
"""The integration page is run as it stands."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sceau.consent.request import ConsentRequest
from sceau.consent.signing import SignedConsent
from sceau.documents.files import save_json
from sceau.roles.patient import Patient
from tests.docs.pages import ROOT, blocks
from tests.support.deployed import Deployed

PAGE = ROOT / "docs" / "integration.md"


def test_the_example_runs_as_it_stands(deployed: Deployed, tmp_path: Path, capsys: Any) -> None:
    for name, signer in (("shop", "practice"), ("payer", "payer")):
        keystore = deployed.signers[signer].to_keystore("secret", iterations=2**10)
        save_json(tmp_path / f"{name}.json", keystore)
    save_json(tmp_path / "deployment.json", deployed.network.manifest.to_json())
    shutil.copy(ROOT / "tests" / "data" / "quote.json", tmp_path)

    def signed_by_patient(request: ConsentRequest) -> SignedConsent:
        signed, _ = Patient(deployed.network).sign(request, "482915")
        return signed

    names: dict[str, object] = {
        "node": deployed.test_node.url,
        "password": "secret",
        "here": tmp_path,
        "signed_by_patient": signed_by_patient,
    }
    code = blocks(PAGE, "python")
    assert len([line for line in code[0].splitlines() if line.strip()]) <= 20
    for block in code:
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 # the page is the project's own
    assert "accepted at block" in capsys.readouterr().out
