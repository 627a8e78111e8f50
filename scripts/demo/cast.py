# SPDX-License-Identifier: Apache-2.0
"""Who plays: an admin, a shop, a lens maker, an insurer, each with keys made for this run."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.registries.parties import party_number
from sceau.chain.signer import Signer
from sceau.chain.terms import Role
from sceau.chain.transaction import Receipt, Transaction, send_data
from sceau.documents.files import save, save_json
from sceau.messages.mailbox import Mailbox
from sceau.party.application import apply
from sceau.party.directory import Directory, DirectoryEntry
from sceau.party.message_keys import MessageKeys
from sceau.roles.admin import Admin
from sceau.store.received_ids import ReceivedIds
from scripts.demo.telling import quote, tell

ROOT = Path(__file__).resolve().parents[2]

#: Enough for everything a party does here, in wei, on a chain that charges fees.
_ALLOWANCE = 10**18

# Keys of one run are protected lightly: they are worth nothing afterwards.
_LIGHT = 2**14

Settings = dict[str, str]

_ORGANISATIONS = (
    ("shop", Role.PRACTICE, "Optique du Canal SARL", "99900001100018"),
    ("maker", Role.SUPPLIER, "Verres de l'Ouest SA", "99900002900010"),
    ("insurer", Role.PAYER, "Mutuelle du Rivage", "99900003700013"),
)


@dataclass
class Purse:
    """Who pays fees for the players, on a chain that charges them, and what everything cost."""

    node: Node
    chain_id: int
    funder: Signer | None
    costs: list[tuple[str, int]] = field(default_factory=list)

    def fund(self, *addresses: str) -> None:
        """Gives each address its allowance; nothing on a free chain."""
        if self.funder is None:
            return
        for address in addresses:
            send_data(self.node, self.funder, to=address, value=_ALLOWANCE, chain_id=self.chain_id).wait()

    def mined(self, what: str, transaction: Transaction) -> Receipt:
        """Waits for a transaction and notes its gas."""
        receipt = transaction.wait()
        self.costs.append((what, receipt.gas_used))
        return receipt


@dataclass(frozen=True)
class Player:
    """An organisation with its number, signing key, and post for messages."""

    name: str
    party: int
    signer: Signer
    post: Mailbox


@dataclass(frozen=True)
class Cast:
    """Everybody, on one deployment; ``folder`` holds the files they keep and exchange."""

    network: Network
    purse: Purse
    folder: Path
    players: Mapping[str, Player]

    def __getitem__(self, role: str) -> Player:
        return self.players[role]

    def names(self) -> dict[int, str]:
        """The organisations' names by party number, as a checked directory gives them."""
        return {player.party: player.name for player in self.players.values()}


def deploy(url: str, folder: Path, purse: Purse) -> tuple[Settings, Network]:
    """The consortium's admin deploys with Brownie, as on any network, and the client checks what it got."""
    admin = Signer.generate()
    purse.fund(admin.address)
    password = secrets.token_urlsafe(12)
    save_json(folder / "admin.json", admin.to_keystore(password, iterations=_LIGHT))
    save(folder / "admin.password", password.encode())
    manifest = folder / "deployment.json"
    settings = {
        "SCEAU_NODE_URL": url,
        "SCEAU_MANIFEST": str(manifest),
        "SCEAU_KEYSTORE": str(folder / "admin.json"),
        "SCEAU_PASSWORD_FILE": str(folder / "admin.password"),
        "SCEAU_LANGUAGE": "en",
    }
    brownie(settings | {"BLOCK_PERIOD": str(_block_period(purse.node))}, "deploy")
    return settings, Network.connect(url, manifest)


def admit_all(network: Network, admin: Settings, purse: Purse, folder: Path) -> Cast:
    """Each organisation applies by a file that proves its key; the admin reads it in words and admits it."""
    keys = {role: MessageKeys.generate() for role, *_ in _ORGANISATIONS}
    entries, players = {}, {}
    for role, roles, name, siret in _ORGANISATIONS:
        signer, controller = Signer.generate(), Signer.generate()
        purse.fund(signer.address)
        application = apply(
            network.manifest,
            entry=DirectoryEntry(name, "FR", siret, keys[role].public.jwks),
            roles=roles,
            controller=controller.address,
            keys=[signer],
        )
        application.save(folder / f"{role}-application.json")
        if role == "shop":
            quote(brownie(admin, "parties", "admit", str(folder / "shop-application.json"), "yes"))
        else:
            # The same by the library, as a consortium without Brownie does it.
            Admin(network, _admin(admin)).admit(application).wait()
        entries[role] = application.entry
        players[role] = (name, signer)
    directory = Directory.of(*entries.values())
    cast = {}
    for role, (name, signer) in players.items():
        party = party_number(network, signer.address)
        post = Mailbox(network, party, keys[role], directory, ReceivedIds(None))
        cast[role] = Player(name, party, signer, post)
    return Cast(network, purse, folder, cast)


def _admin(settings: Settings) -> Signer:
    password = Path(settings["SCEAU_PASSWORD_FILE"]).read_text()
    return Signer.from_keystore(settings["SCEAU_KEYSTORE"], password)


def brownie(settings: Settings, *arguments: str) -> str:
    """Runs a script of the admins on the network of `SCEAU_NODE_URL`; what it says, without Brownie's banner."""
    shown = " ".join(Path(word).name if "/" in word else word for word in arguments)
    tell(f"tools/brownie run {shown} --network sceau")
    said = run([str(ROOT / "tools" / "brownie"), "run", *arguments, "--network", "sceau"], settings)
    return "\n".join(
        line for line in said.splitlines() if not line.startswith(("Brownie", "Running '", "MainProject"))
    )


def run(command: list[str], settings: Mapping[str, str]) -> str:
    """Runs a program with settings in its environment; its output is shown only if it fails."""
    ended = subprocess.run(
        command, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        sys.stderr.write(ended.stdout + ended.stderr)
        raise SystemExit(f"{' '.join(command[:3])} failed with exit code {ended.returncode}")
    return ended.stdout


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """A folder for one run, readable by its owner only; what an earlier run left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for old in folder.iterdir():
        old.unlink()
    yield folder


def _block_period(node: Node) -> int:
    """Seconds between the last two blocks, if the chain has been making them by itself; else 0."""
    head = node.head()
    if head.number < 10:
        return 0
    before = node.block(head.number - 5)
    return max(0, round((head.timestamp - before.timestamp) / 5))
