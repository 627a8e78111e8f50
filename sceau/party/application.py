# SPDX-License-Identifier: Apache-2.0
"""How an organisation asks to be admitted: a file that says who it is, what it asks, and that it holds its keys.

The file is made without any node, read by an admin in words, and admitted by one transaction. Nothing in it is
secret. The chain gets the controller, the roles, the keys and the hash of the directory entry; never the name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.chain.signer import Signer
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.identifiers import ZERO_ADDRESS, bytes_of, checksummed, hex_of
from sceau.documents.strict_json import Data, read_object
from sceau.errors import Language, Sentence
from sceau.party import identifier
from sceau.party.confirmation import FORMAT as CONFIRMATION_FORMAT
from sceau.party.confirmation import IdentityConfirmation
from sceau.party.entry import FORMAT as ENTRY_FORMAT
from sceau.party.entry import DirectoryEntry
from sceau.party.errors import ApplicationElsewhere, ApplicationInvalid, KeyProofInvalid, RoleUnknown
from sceau.party.folder import Kept
from sceau.party.possession import KeyProof, in_usual_writing, prove_possession, proves
from sceau.terms import Role, role_names, roles_words

if TYPE_CHECKING:
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network

FORMAT = "sceau-party-application/1"

#: Most signing keys of a party that may act: ``MAX_KEYS`` of the contract.
MOST_KEYS = 16

_WHAT = Sentence("files.party-application")
_ENTRY = Sentence("files.directory-entry")
#: Roles by the names they have in an application.
ROLES = {role.name.lower(): role for role in Role if role.name}

_NO_ROLE = Sentence("party.no-role")
_KEY_COUNT = Sentence("party.key-count", most=MOST_KEYS)
_KEY_TWICE = Sentence("party.key-twice")
_CONTROLLER_ZERO = Sentence("party.controller-zero")
_CONTROLLER_SIGNS = Sentence("party.controller-signs")


@dataclass(frozen=True)
class Application:
    """An application whose every part was checked, its proofs included.

    ``registry`` is the party registry that it is for, ``entry`` the directory entry whose hash goes to the chain;
    ``controller`` is a checksummed address.

    Raises :class:`ApplicationInvalid` or :class:`KeyProofInvalid` when made from parts that do not hold.
    """

    registry: RegistryId
    entry: DirectoryEntry
    roles: Role
    controller: str
    keys: tuple[KeyProof, ...]

    def __post_init__(self) -> None:
        broken = self._broken_rule()
        if broken is not None:
            raise ApplicationInvalid(rule=broken)
        for proof in self.keys:
            if not proves(proof, controller=self.controller, registry=self.registry):
                raise KeyProofInvalid(key=proof.key)

    def _broken_rule(self) -> Sentence | None:
        addresses = {proof.key for proof in self.keys}
        rules = (
            (not self.roles, _NO_ROLE),
            (not 1 <= len(self.keys) <= MOST_KEYS, _KEY_COUNT),
            (len(addresses) != len(self.keys), _KEY_TWICE),
            (self.controller == ZERO_ADDRESS, _CONTROLLER_ZERO),
            (self.controller in addresses, _CONTROLLER_SIGNS),
        )
        return next((rule for broken, rule in rules if broken), None)

    @property
    def directory(self) -> str:
        """Hash of the directory entry, ``0x`` hex."""
        return self.entry.hash

    def check(self, network: Network) -> None:
        """Raises :class:`ApplicationElsewhere` unless it is for this deployment."""
        part = self.registry.difference(RegistryId.of(network.manifest, "PartyRegistry"))
        if part is not None:
            raise ApplicationElsewhere(part=part)

    def arguments(self) -> tuple[Any, ...]:
        """Arguments of the contract's ``admit``."""
        proofs = [(proof.key, proof.possession) for proof in self.keys]
        return self.controller, int(self.roles), bytes_of(self.directory), proofs

    def in_words(self, language: Language = "en") -> str:
        """What is asked, and by whom, for the admin who decides; several lines."""
        messages = len(self.entry.jwks["keys"]) if self.entry.jwks else 0
        return Sentence(
            "party.application",
            name=self.entry.name,
            country=self.entry.country,
            identifier=self.entry.identifier,
            roles=roles_words(self.roles),
            controller=self.controller,
            keys=", ".join(proof.key for proof in self.keys),
            message_keys=messages or Sentence("party.no-message-keys"),
            hash=self.directory,
            chain_id=self.registry.chain_id,
            contract=_checksummed(self.registry.contract),
        ).text(language)

    def to_json(self) -> dict[str, Any]:
        """The file as JSON values, addresses in lower case."""
        return {
            "format": FORMAT,
            **self.registry.to_json(),
            "entry": self.entry.to_json(),
            "directory": self.directory,
            "roles": role_names(self.roles),
            "controller": self.controller.lower(),
            "keys": [
                {"key": proof.key.lower(), "possession": hex_of(proof.possession)} for proof in self.keys
            ],
        }

    @classmethod
    def from_json(cls, data: Data) -> Application:
        """Reads and checks an application, its proofs included.

        Raises:
            FileMalformed: it is not shaped as one, or was truncated or edited.
            ApplicationInvalid, KeyProofInvalid: what it says does not hold.
            MessageKeysInvalid: its message keys are none.
        """
        from sceau.documents.model import malformed_at, read
        from sceau.party import shapes

        written = read(shapes.Application, data, _WHAT)
        entry = DirectoryEntry.of_shape(written.entry)
        if written.directory != entry.hash:
            raise malformed_at("directory", "party.directory", _WHAT)
        if len(set(written.roles)) != len(written.roles):
            raise malformed_at("roles", "party.role-twice", _WHAT)
        registry, controller = RegistryId.of_shape(written), _checksummed(written.controller)
        proofs = [KeyProof(_checksummed(each.key), bytes_of(each.possession)) for each in written.keys]
        return cls(
            registry=registry,
            entry=entry,
            roles=roles_named(written.roles),
            controller=controller,
            keys=tuple(in_usual_writing(each, controller=controller, registry=registry) for each in proofs),
        )

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Writes the file. Raises as :func:`sceau.documents.files.save`."""
        files.save_json(path, self.to_json(), force=force)


def apply(
    manifest: Manifest,
    *,
    entry: DirectoryEntry,
    roles: Role,
    controller: str,
    keys: Iterable[Signer | KeyProof],
) -> Application:
    """An application to the consortium of a deployment; no node is needed.

    Args:
        manifest: the deployment.
        entry: what the party will publish of itself.
        roles: the roles it asks for.
        controller: address that will manage its keys: kept off line, or a Safe; never a signing key.
        keys: signing keys at hand, and proofs made elsewhere for those that are not.

    Raises:
        ApplicationInvalid, KeyProofInvalid.
        FileMalformed, MessageKeysInvalid: the entry is not as it should be.
    """
    rule = identifier.broken_rule(entry.country, entry.identifier)
    if rule is not None:
        raise ApplicationInvalid(rule=rule)
    entry = DirectoryEntry.make(entry.name, entry.country, entry.identifier, entry.jwks)
    registry = RegistryId.of(manifest, "PartyRegistry")
    controller = _controller(controller)
    return Application(
        registry=registry,
        entry=entry,
        roles=roles,
        controller=controller,
        keys=tuple(
            prove_possession(key, controller=controller, registry=registry)
            if isinstance(key, Signer)
            else in_usual_writing(key, controller=controller, registry=registry)
            for key in keys
        ),
    )


def entry_in(data: str | bytes) -> DirectoryEntry:
    """The directory entry in a file: an entry by itself, or the one of an application.

    Raises as :meth:`DirectoryEntry.from_json` and :meth:`Application.from_json`.
    """
    if read_object(data, _ENTRY).get("format") == ENTRY_FORMAT:
        return DirectoryEntry.from_json(data)
    return Application.from_json(data).entry


def kept_in(data: bytes) -> Kept:
    """What a directory may keep of a file: an entry, the one of an application, or a statement of the admins.

    Raises as :func:`entry_in` and :meth:`IdentityConfirmation.from_json`.
    """
    if read_object(data, _ENTRY).get("format") == CONFIRMATION_FORMAT:
        return IdentityConfirmation.from_json(data)
    return entry_in(data)


def roles_named(names: Iterable[str]) -> Role:
    """Roles by the names they have in an application.

    Raises:
        RoleUnknown: there is none of that name.
    """
    roles = Role(0)
    for name in names:
        if name not in ROLES:
            raise RoleUnknown(known=", ".join(ROLES))
        roles |= ROLES[name]
    return roles


def read_application(path: str | Path) -> Application:
    """Reads and checks an application's file; raises as :meth:`Application.from_json`, and :class:`FileNotRead`."""
    return Application.from_json(files.load(path))


def _controller(address: str) -> str:
    found = checksummed(address)
    if found is None:
        raise ApplicationInvalid(rule=_CONTROLLER_ZERO)
    return found


def _checksummed(address: str) -> str:
    from eth_utils.address import to_checksum_address

    return str(to_checksum_address(address))
