# SPDX-License-Identifier: Apache-2.0
"""The consortium of one run: its contracts, and three organisations with keys, stores and mailboxes of their own."""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from sceau import Network, Payer, Practice, Signer, Supplier
from sceau.chain.node import Node
from sceau.chain.registries.parties import party_number
from sceau.documents.files import save, save_json
from sceau.messages.mailbox import Mailbox
from sceau.party.application import apply
from sceau.party.directory import Directory, DirectoryEntry
from sceau.party.message_keys import MessageKeys
from sceau.roles.admin import Admin
from sceau.store import LocalStore
from sceau.terms import Role
from scripts.deployment import pay

ROOT = Path(__file__).resolve().parents[2]

#: Enough for everything a party does here, in wei, on a chain that charges fees.
_ALLOWANCE = 10**18

# Keys of one run are protected lightly: they are worth nothing afterwards.
_LIGHT = 2**14


@dataclass(frozen=True)
class Organisation:
    """An organisation of the story: its role, its name, its number (SIRET, invented), and what it does there."""

    role: Role
    called: str
    name: str
    siret: str
    does: str


SHOP = Organisation(
    Role.PRACTICE,
    "the shop",
    "Optique du Canal SARL",
    "99900001100018",
    "an optician: asks for consents, opens claims, orders, invoices",
)
MAKER = Organisation(
    Role.SUPPLIER,
    "the lens maker",
    "Verres de l'Ouest SA",
    "99900002900010",
    "makes the lenses, and attests what it delivered",
)
INSURER = Organisation(
    Role.PAYER,
    "the insurer",
    "Mutuelle du Rivage",
    "99900003700013",
    "a complementary insurer: verifies, authorises, pays or refuses",
)
ORGANISATIONS = (SHOP, MAKER, INSURER)


@dataclass(frozen=True)
class Funds:
    """The key that pays fees on a chain that charges them; ``None`` on a free chain."""

    node: Node
    payer: Signer | None

    def give(self, address: str) -> None:
        """Gives an address its allowance; nothing on a free chain."""
        if self.payer is not None:
            chain_id = self.node.chain_id()
            pay(self.node, self.payer, to=address, value=_ALLOWANCE, chain_id=chain_id)


@dataclass(frozen=True)
class Parties:
    """The three organisations as roles of the client; ``relay`` is the lens maker's key, which may send for others."""

    practice: Practice
    supplier: Supplier
    payer: Payer
    relay: Signer

    @property
    def numbers(self) -> dict[Role, int]:
        """Party numbers by role."""
        return {
            Role.PRACTICE: self.practice.party,
            Role.SUPPLIER: self.supplier.party,
            Role.PAYER: self.payer.party,
        }

    @property
    def called(self) -> dict[int, str]:
        """What each party is called in the story, by its number."""
        return {self.numbers[each.role]: each.called for each in ORGANISATIONS}

    @property
    def names(self) -> dict[int, str]:
        """Each party's name, by its number, as a checked directory gives it."""
        return {self.numbers[each.role]: each.name for each in ORGANISATIONS}


def deploy(url: str, folder: Path, funds: Funds, *, on_demand: bool) -> tuple[Network, Admin]:
    """The admin deploys with Brownie, as on any network; the client then checks what stands on the chain.

    `on_demand` says that the chain is known to make blocks only when there is something to write.
    """
    signer = Signer.generate()
    funds.give(signer.address)
    password = secrets.token_urlsafe(12)
    save_json(folder / "admin.json", signer.to_keystore(password, iterations=_LIGHT))
    save(folder / "admin.password", password.encode())
    manifest = folder / "deployment.json"
    settings = {
        "SCEAU_NODE_URL": url,
        "SCEAU_MANIFEST": str(manifest),
        "SCEAU_KEYSTORE": str(folder / "admin.json"),
        "SCEAU_PASSWORD_FILE": str(folder / "admin.password"),
    }
    if on_demand:
        settings["BLOCK_PERIOD"] = "0"
    run([str(ROOT / "tools" / "brownie"), "run", "deploy", "--network", "sceau"], settings)
    network = Network.connect(url, manifest)
    return network, Admin(network, signer)


def admit(network: Network, admin: Admin, funds: Funds, folder: Path) -> Parties:
    """Each organisation applies by a file that proves its key; the admin admits it."""
    signers = {each.role: Signer.generate() for each in ORGANISATIONS}
    keys = {each.role: MessageKeys.generate() for each in ORGANISATIONS}
    entries = []
    for each in ORGANISATIONS:
        entry = DirectoryEntry(each.name, "FR", each.siret, keys[each.role].public.jwks)
        application = apply(
            network.manifest,
            entry=entry,
            roles=each.role,
            controller=Signer.generate().address,
            keys=[signers[each.role]],
        )
        admin.admit(application).wait()
        funds.give(signers[each.role].address)
        entries.append(entry)
    directory = Directory.of(*entries)

    # The demonstration's stores are gone with its folder: nobody has to keep their keys.
    logging.getLogger("sceau.store").setLevel(logging.ERROR)

    def own(role: Role) -> tuple[Signer, LocalStore, Mailbox]:
        store = LocalStore(_made(folder / str(role.name).lower()))
        party = party_number(network, signers[role].address)
        return signers[role], store, Mailbox(network, party, keys[role], directory, store)

    shop, maker, insurer = (own(each.role) for each in ORGANISATIONS)
    return Parties(
        practice=Practice(network, shop[0], store=shop[1], mailbox=shop[2]),
        supplier=Supplier(network, maker[0], store=maker[1], mailbox=maker[2]),
        payer=Payer(network, insurer[0], store=insurer[1], mailbox=insurer[2]),
        relay=maker[0],
    )


def run(command: list[str], settings: Mapping[str, str]) -> str:
    """What a program says, run with these settings and no others of Sceau's; shown whole if it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCEAU_")}
    ended = subprocess.run(
        command, env={**environment, **settings}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        sys.stderr.write(ended.stdout + ended.stderr)
        raise SystemExit(f"{' '.join(command[:3])} failed with exit code {ended.returncode}")
    return ended.stdout


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """A folder for one run, readable by its owner only; what an earlier run left is removed."""
    if folder.exists():
        rmtree(folder)
    yield _made(folder)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, mode=0o700)
    return folder
