# SPDX-License-Identifier: Apache-2.0
"""FHIR R4 in and out: VisionPrescription (in alone), Claim, Coverage and ClaimResponse, as values of the profiles.

Needs the extra ``fhir`` (``pip install 'sceau[fhir]'``), which is looked for only when a file is read or made.
"""

from __future__ import annotations

from sceau.formats.fhir.claim import import_claim
from sceau.formats.fhir.claim_response import export_decision, import_decision
from sceau.formats.fhir.errors import FhirError, Notice
from sceau.formats.fhir.export import export_claim, export_coverage
from sceau.formats.fhir.imported import Imported
from sceau.formats.fhir.prescription import import_prescription

__all__ = [
    "FhirError",
    "Imported",
    "Notice",
    "export_claim",
    "export_coverage",
    "export_decision",
    "import_claim",
    "import_decision",
    "import_prescription",
]
