# SPDX-License-Identifier: Apache-2.0
"""Message keys: what is published, and how a party keeps its own."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import textwrap
from typing import Any

import pytest

from sceau.party import message_keys
from sceau.party.errors import MessageKeysInvalid
from sceau.party.message_keys import MessageKeys, PublicKeys

KEYS = MessageKeys.generate()


def test_nothing_private_is_published() -> None:
    assert all("d" not in key for key in KEYS.public.jwks["keys"])


def test_signing_and_encryption_keys_are_apart() -> None:
    signing, encryption = KEYS.public.jwks["keys"]
    assert signing["x"] != encryption["x"]
    assert (signing["use"], encryption["use"]) == ("sig", "enc")


def test_of_several_encryption_keys_the_last_is_used_and_old_signatures_stay_good() -> None:
    newer = MessageKeys.generate()
    both = {"keys": [*KEYS.public.jwks["keys"], *newer.public.jwks["keys"]]}
    published = PublicKeys.from_jwks(both, "somebody")
    assert published.encryption().kid == newer.encryption.kid
    for keys in (KEYS, newer):
        assert published.signing(keys.signing.kid) is not None
        assert published.signing(keys.encryption.kid) is None


def test_a_file_locked_with_a_password_opens_with_it_and_no_other() -> None:
    locked = KEYS.locked("a long password")
    assert MessageKeys.unlock(locked, "a long password").public.jwks == KEYS.public.jwks
    with pytest.raises(MessageKeysInvalid):
        MessageKeys.unlock(locked, "another password")


@pytest.mark.parametrize("damage", [slice(-10), slice(0), slice(40, None)])
def test_a_damaged_file_is_refused_plainly(damage: slice) -> None:
    with pytest.raises(MessageKeysInvalid):
        MessageKeys.unlock(KEYS.locked("a long password")[damage], "a long password")


def test_keys_never_show_themselves() -> None:
    secret = str(KEYS.private["sig"]["d"])
    assert secret not in repr(KEYS)
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never pickled"):
            leave(KEYS)
    assert secret not in KEYS.locked("a long password")


def _changed(**changes: Any) -> dict[str, Any]:
    signing, encryption = (dict(key) for key in KEYS.public.jwks["keys"])
    return {"keys": [{**signing, **changes}, encryption]}


@pytest.mark.parametrize(
    "jwks",
    [
        None,
        {},
        {"keys": []},
        {"keys": "no list"},
        _changed(crv="P-384"),
        _changed(kty="RSA"),
        _changed(use="enc"),
        _changed(use="other"),
        _changed(alg="ES384"),
        _changed(kid=""),
        _changed(kid="\ud800"),
        _changed(kid="k" * 101),
        _changed(kid="two words"),
        _changed(x5u="https://example.org"),
        _changed(k="AAAA"),
        {"keys": [KEYS.public.jwks["keys"][0]] * 2},
        _changed(**{part: KEYS.public.jwks["keys"][1][part] for part in ("x", "y")}),
        _changed(kid=KEYS.public.jwks["keys"][1]["kid"]),
        _changed(d=KEYS.private["sig"]["d"]),
        _changed(x="AAAA"),
    ],
)
def test_what_is_no_set_of_p256_keys_is_refused(jwks: Any) -> None:
    with pytest.raises(MessageKeysInvalid):
        PublicKeys.from_jwks(jwks, "somebody")


@pytest.mark.parametrize("rounds", [-1, 0, 1, 999, 10_000_001, 2**70, True, "1000", None, 1.5])
def test_rounds_that_no_lock_has_do_not_open(rounds: object) -> None:
    """Fewer are no protection; more would stop the machine of whoever opens the file."""
    keys = MessageKeys.generate()
    header, _, rest = keys.locked("pass").partition(".")
    opened = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    changed = json.dumps({**opened, "p2c": rounds}).encode()
    with pytest.raises(MessageKeysInvalid):
        MessageKeys.unlock(base64.urlsafe_b64encode(changed).decode().rstrip("=") + "." + rest, "pass")


def test_keys_open_from_a_file_that_was_wrapped() -> None:
    keys = MessageKeys.generate()
    wrapped = "\ufeff" + "\r\n".join(textwrap.wrap(keys.locked("pass"), 76)) + "\r\n"
    assert MessageKeys.unlock(wrapped, "pass").private == keys.private


@pytest.mark.parametrize("taken", [range(2_000, 3_000), range(1_000, 1_500)])
def test_keys_that_were_truly_locked_by_other_rounds_do_not_open(
    monkeypatch: pytest.MonkeyPatch, taken: range
) -> None:
    """The lock's own header is whole here: only the bounds keep too few rounds, or far too many, from being done."""
    keys = MessageKeys.generate()
    locked = keys.locked("pass", rounds=1_700)
    assert MessageKeys.unlock(locked, "pass").private == keys.private
    monkeypatch.setattr(message_keys, "_LOCK_ROUNDS_TAKEN", taken)
    with pytest.raises(MessageKeysInvalid):
        MessageKeys.unlock(locked, "pass")


def test_the_bounds_of_the_rounds() -> None:
    assert (message_keys._LOCK_ROUNDS_TAKEN.start, message_keys._LOCK_ROUNDS_TAKEN.stop) == (
        1_000,
        10_000_001,
    )
    assert message_keys._LOCK_ROUNDS in message_keys._LOCK_ROUNDS_TAKEN
