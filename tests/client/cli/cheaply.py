# SPDX-License-Identifier: Apache-2.0
"""``sceau``, in a process of its own, that locks new keys at little cost: for tests of all but that lock."""

from functools import partialmethod

from sceau.chain.signer import Signer
from sceau.cli.main import main

Signer.to_keystore = partialmethod(Signer.to_keystore, iterations=2)  # type: ignore[method-assign,assignment]

if __name__ == "__main__":
    main()
