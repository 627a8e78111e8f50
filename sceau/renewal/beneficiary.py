# SPDX-License-Identifier: Apache-2.0
"""What a payer's own files say of a beneficiary, as a file: ``sceau-beneficiary/1``.

The file holds personal data, which is why none of it is an option of a command.
"""

from __future__ import annotations

from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.renewal.check import Beneficiary

_WHAT = Sentence("files.beneficiary")


def read_beneficiary(data: Data) -> Beneficiary:
    """Reads a file. Raises :class:`FileMalformed`, which names the key that is wrong and no value."""
    from sceau.documents.model import read
    from sceau.renewal import shapes

    written = read(shapes.Beneficiary, data, _WHAT)
    return Beneficiary(written.last_equipment, written.born, written.band, written.early)
