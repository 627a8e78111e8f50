# SPDX-License-Identifier: Apache-2.0
"""An auditor's work: an evidence file checked against the chain, and who is wrong where locks and tags differ."""

from sceau.audit._audit import audit
from sceau.audit.offline import audit_offline

__all__ = ["audit", "audit_offline"]
