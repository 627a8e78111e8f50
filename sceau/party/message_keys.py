# SPDX-License-Identifier: Apache-2.0
"""Keys for messages: P-256 for signing (ES256), another P-256 for encryption (ECDH-ES with A256GCM).

They are apart from the keys that sign transactions. The public halves are published as a JWKS in the party's
directory entry, whose hash the party's controller puts on the chain.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from sceau.documents.strict_json import parse_object, read_object
from sceau.documents.wrapped import encrypted_in
from sceau.errors import Sentence
from sceau.party.errors import EnvelopeExtraMissing, MessageKeysInvalid

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

    from sceau.party import shapes

SIGNING = "ES256"
AGREEMENT = "ECDH-ES"
ENCRYPTION = "A256GCM"

_LOCK = "PBES2-HS512+A256KW"
# What OWASP advises for PBKDF2 with HMAC-SHA-512.
_LOCK_ROUNDS = 210_000
# RFC 7518, section 4.8.1.2, asks for 1,000 at least; the most keeps anybody's file from stopping the machine.
_LOCK_ROUNDS_TAKEN = range(1_000, 10_000_001)
_ALGORITHMS = {"sig": SIGNING, "enc": AGREEMENT}
_YOURS = Sentence("party.yours")
_WHAT = Sentence("files.message-keys")

_NOT_P256 = Sentence("party.not-p256")
_PRIVATE = Sentence("party.private")
_USE = Sentence("party.use")
_KID = Sentence("party.kid")
_SAME = Sentence("party.same")
_SHAPE = Sentence("party.shape")
_LOCKED = Sentence("party.locked")


@dataclass(frozen=True, repr=False)
class PublicKeys:
    """What a party publishes: a JWKS, each key with ``kid``, ``use`` and ``alg``."""

    jwks: Mapping[str, Any]

    @classmethod
    def from_json(cls, data: str | bytes, whose: object) -> PublicKeys:
        """Reads a JWKS from a file's text. Raises :class:`FileMalformed`, and as :meth:`from_jwks`."""
        return cls.from_jwks(read_object(data, _WHAT), whose)

    @classmethod
    def from_jwks(cls, jwks: object, whose: object) -> PublicKeys:
        """Checks a JWKS. Raises :class:`MessageKeysInvalid`, naming ``whose`` it is."""
        from sceau.documents.model import Fault, parse
        from sceau.party import shapes

        if _holds_private_key(jwks):
            raise MessageKeysInvalid(whose=whose, why=_PRIVATE)
        written = parse(shapes.Jwks, jwks) if isinstance(jwks, Mapping) else None
        if written is None:
            raise MessageKeysInvalid(whose=whose, why=_SHAPE)
        if isinstance(written, Fault):
            raise MessageKeysInvalid(whose=whose, why=written.sentence)
        return cls.of_shape(written, whose)

    @classmethod
    def of_shape(cls, written: shapes.Jwks, whose: object) -> PublicKeys:
        """What a document holds, once its shape was found right; raises as :meth:`from_jwks`."""
        keys = [key.model_dump() for key in written.keys]
        for key in keys:
            rule = _broken(key)
            if rule is not None:
                raise MessageKeysInvalid(whose=whose, why=rule)
        if len({key["kid"] for key in keys}) != len(keys):
            raise MessageKeysInvalid(whose=whose, why=_KID)
        # Signing and encryption keys are apart, not one key under two names.
        if len({(key["x"], key["y"]) for key in keys}) != len(keys):
            raise MessageKeysInvalid(whose=whose, why=_SAME)
        return cls({"keys": keys})

    def signing(self, kid: object) -> ECKey | None:
        """The signing key of this name, or ``None``."""
        return self._find("sig", kid)

    def common(self, other: PublicKeys) -> PublicKeys:
        """The keys that stand in both, under the same name."""
        return PublicKeys({"keys": [key for key in self.jwks["keys"] if key in other.jwks["keys"]]})

    def encryption(self) -> ECKey:
        """The newest (last published) encryption key. Raises :class:`MessageKeysInvalid` when there is none."""
        kids = [key["kid"] for key in self.jwks["keys"] if key["use"] == "enc"]
        key = self._find("enc", kids[-1]) if kids else None
        if key is None:
            raise MessageKeysInvalid(whose="JWKS", why=_USE)
        return key

    def _find(self, use: str, kid: object) -> ECKey | None:
        return next(
            (_ec_key(key) for key in self.jwks["keys"] if key["use"] == use and key["kid"] == kid), None
        )


@dataclass(frozen=True, repr=False)
class MessageKeys:
    """A party's own keys, private halves included; made by :meth:`generate`, kept by :meth:`locked`."""

    private: Mapping[str, Mapping[str, Any]]

    def __reduce__(self) -> NoReturn:
        raise TypeError("message keys are never pickled or copied: they would leave the process")

    @classmethod
    def generate(cls) -> MessageKeys:
        """A fresh signing key and a fresh encryption key."""
        ec_key = _library()
        keys = {}
        for use, alg in _ALGORITHMS.items():
            key = ec_key.generate_key("P-256", {"use": use, "alg": alg}, auto_kid=True)
            keys[use] = key.as_dict(private=True)
        return cls(keys)

    @cached_property
    def public(self) -> PublicKeys:
        """The JWKS to publish."""
        keys = [_ec_key(self.private[use]).as_dict(private=False) for use in ("sig", "enc")]
        return PublicKeys.from_jwks({"keys": keys}, _YOURS)

    @property
    def signing(self) -> ECKey:
        """The private signing key."""
        return _ec_key(self.private["sig"])

    @property
    def encryption(self) -> ECKey:
        """The private encryption key."""
        return _ec_key(self.private["enc"])

    def locked(self, password: str, *, rounds: int = _LOCK_ROUNDS) -> str:
        """The keys as text locked by a password (JWE, PBES2 with HMAC-SHA-512 in so many rounds)."""
        _library()
        from joserfc import jwe

        header = {"alg": _LOCK, "enc": ENCRYPTION, "p2c": rounds, "typ": "sceau-message-keys"}
        text = json.dumps(self.private).encode()
        return jwe.encrypt_compact(header, text, _password_key(password), registry=_lock_registry())

    @classmethod
    def unlock(cls, locked: str, password: str) -> MessageKeys:
        """Opens what :meth:`locked` gave. Raises :class:`MessageKeysInvalid`."""
        _library()
        from joserfc import jwe
        from joserfc.errors import JoseError

        keys: Any = None
        text = encrypted_in(locked)
        try:
            if _lock_rounds(text) in _LOCK_ROUNDS_TAKEN:
                opened = jwe.decrypt_compact(text, _password_key(password), registry=_lock_registry())
                keys = parse_object(opened.plaintext or b"")
        except (JoseError, ValueError, KeyError, TypeError, ArithmeticError):
            pass
        if not isinstance(keys, dict) or set(keys) != {"sig", "enc"}:
            raise MessageKeysInvalid(whose=_YOURS, why=_LOCKED)
        return cls(keys)


def _holds_private_key(jwks: object) -> bool:
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    return isinstance(keys, list) and any(isinstance(key, Mapping) and "d" in key for key in keys)


def _broken(key: Mapping[str, Any]) -> Sentence | None:
    """The rule that a published key of the right shape breaks."""
    if key["alg"] != _ALGORITHMS[key["use"]]:
        return _USE
    try:
        _ec_key(key)
    except ValueError:
        return _NOT_P256
    return None


def _ec_key(data: Mapping[str, Any]) -> ECKey:
    from joserfc.errors import JoseError

    try:
        key: ECKey = _library().import_key(dict(data))
        return key
    except (JoseError, KeyError, TypeError) as error:
        raise ValueError("not a P-256 key") from error


def _library() -> type[ECKey]:
    try:
        from joserfc.jwk import ECKey
    except ImportError:
        raise EnvelopeExtraMissing from None
    return ECKey


def _lock_rounds(locked: str) -> object:
    """The rounds that the first part of the locked text asks for."""
    from joserfc.util import urlsafe_b64decode

    header = parse_object(urlsafe_b64decode(locked.partition(".")[0].encode()))
    return None if isinstance(header, Sentence) else header.get("p2c")


def _password_key(password: str) -> Any:
    from joserfc.jwk import OctKey

    with warnings.catch_warnings():
        # A password is not a key of 112 bits; that is what the rounds are for.
        warnings.simplefilter("ignore")
        return OctKey.import_key(password.encode())


def _lock_registry() -> Any:
    from joserfc.jwe import JWERegistry

    return JWERegistry(algorithms=[_LOCK, ENCRYPTION])
