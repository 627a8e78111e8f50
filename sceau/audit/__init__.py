# SPDX-License-Identifier: Apache-2.0
"""An auditor's work: an evidence file checked against the chain, and who is wrong where locks and tags differ."""

from sceau.audit._audit import audit
from sceau.audit.offline import OfflineReport, audit_offline

__all__ = ["OfflineReport", "audit", "audit_offline"]
