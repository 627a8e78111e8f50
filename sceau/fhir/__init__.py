# SPDX-License-Identifier: Apache-2.0
"""FHIR R4 files in: VisionPrescription, Claim and Coverage become values of this project's profiles.

Needs the extra ``fhir`` (``pip install 'sceau[fhir]'``), which is looked for only when a file is read.
"""

from __future__ import annotations

from sceau.fhir.claim import import_claim
from sceau.fhir.errors import FhirError, Notice
from sceau.fhir.imported import Imported
from sceau.fhir.prescription import import_prescription

__all__ = ["FhirError", "Imported", "Notice", "import_claim", "import_prescription"]
