# SPDX-License-Identifier: Apache-2.0
"""Who may change a party's name: nobody without the admins. Played on a real chain, with the parties' own roles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.contract_errors import PartyUnknown
from sceau.chain.registries.parties import party_number
from sceau.chain.signer import Signer
from sceau.chain.transaction import send, send_data
from sceau.consent.request import make_request
from sceau.deployment import RegistryId
from sceau.documents.errors import FileMalformed
from sceau.party.access import ADMIN, MANAGER, admin_role
from sceau.party.application import apply
from sceau.party.confirmation import IdentityConfirmation, statement
from sceau.party.directory import Directory
from sceau.party.entry import DirectoryEntry, entry_hash
from sceau.party.errors import (
    ConfirmationWorthless,
    ConfirmingRoleMissing,
    EntryOfNobody,
    IdentityInvalid,
    NameLooksAlike,
    NotInDirectory,
)
from sceau.party.folder import store_confirmation, store_entry
from sceau.party.message_keys import MessageKeys
from sceau.roles.admin import Admin
from sceau.roles.confirming import identity_to_confirm
from sceau.roles.controller import Controller
from sceau.terms import Role
from tests.support.deployed import Deployed, key
from tests.support.mailboxes import confirmation

LOIRE = DirectoryEntry("Mutuelle Loire", "FR", "73282932000074", None)
RHONE = DirectoryEntry("Mutuelle du Rhône", "FR", "35600000000048", None)
ADMISSION = admin_role("ADMISSION")
DAY = 86_400


class Party:
    """A party that was admitted with an entry, and its controller."""

    def __init__(self, chain: Deployed, entry: DirectoryEntry, role: Role = Role.PAYER) -> None:
        self.chain = chain
        controller, signer = key(f"controller of {entry.name}"), key(f"key of {entry.name}")
        application = apply(
            chain.network.manifest, entry=entry, roles=role, controller=controller.address, keys=[signer]
        )
        chain.fund(controller.address)
        chain.consortium.admit(application).wait()
        self.number = party_number(chain.network, signer.address)
        self.controller = Controller(chain.network, controller, self.number)

    def publish(self, *entries: DirectoryEntry) -> None:
        for entry in entries:
            self.controller.publish(entry).wait()

    def name(self, *kept: Any) -> str | None:
        return Directory.of(*kept).names(self.chain.network, [self.number]).get(self.number)

    def waits(self, *kept: Any) -> bool:
        return Directory.of(*kept).listed(self.chain.network)[self.number].waits


@pytest.fixture
def loire(chain: Deployed) -> Party:
    return Party(chain, LOIRE)


def keyed(entry: DirectoryEntry, former: DirectoryEntry | None = None) -> DirectoryEntry:
    """The same identity with fresh message keys."""
    jwks = MessageKeys.generate().public.jwks
    return DirectoryEntry.make(entry.name, entry.country, entry.identifier, jwks, former=former)


def signed(
    chain: Deployed, admin: Signer, party: int, publication: int, entry: DirectoryEntry, **other: Any
) -> IdentityConfirmation:
    """A statement by whoever signs it, about whatever registry, as nobody's verb would make it."""
    registry = replace(RegistryId.of(chain.network.manifest, "PartyRegistry"), **other)
    typed = statement(registry, party, publication, entry.identity.hash)
    signature = admin.sign_typed(typed.domain, typed.types, typed.values)
    return IdentityConfirmation(
        registry, party, publication, entry.identity.hash, admin.address.lower(), "0x" + signature.hex()
    )


def test_the_name_at_admission_needs_no_statement(loire: Party) -> None:
    assert loire.name(LOIRE) == "Mutuelle Loire"
    assert not loire.waits(LOIRE)
    assert loire.name(RHONE) is None


def test_another_name_taken_after_admission_is_shown_to_nobody(chain: Deployed, loire: Party) -> None:
    """The attack: a party of another role takes the insurer's name, and a patient would read it."""
    thief = Party(chain, DirectoryEntry("Optique Aube", "FR", "732829320", None), Role.PRACTICE)
    stolen = replace(keyed(LOIRE), former_keys=("0x" + "12" * 32,))
    thief.publish(stolen)
    own = DirectoryEntry("Optique Aube", "FR", "732829320", None)
    for kept in ((LOIRE, stolen), (LOIRE, stolen, own)):
        names = Directory.of(*kept).names(chain.network, [loire.number, thief.number])
        assert names.get(loire.number) == "Mutuelle Loire"
        assert names.get(thief.number) in (None, "Optique Aube")
        assert thief.waits(*kept)
        text = words(chain, thief.number, loire.number, names)
        assert text.count("Mutuelle Loire") == 1
        assert f"Mutuelle Loire (membre n° {loire.number} du registre)" in text
    # The very entry of the other, keys and all, is no name either.
    thief.publish(LOIRE)
    assert thief.name(LOIRE, own) == "Optique Aube"
    assert thief.name(LOIRE) is None


def words(chain: Deployed, practice: int, payer: int, names: dict[int, str]) -> str:
    """What a patient reads."""
    from datetime import datetime, timedelta, timezone

    day = datetime.fromtimestamp(chain.now, timezone.utc) + timedelta(days=30)
    asked = make_request(
        RegistryId.of(chain.network.manifest),
        practice=practice,
        payer=payer,
        purpose="THIRD-PARTY-PAYMENT",
        groups=["AMOUNTS"],
        expires_on=day.date(),
        head_time=chain.now,
    )
    return asked.in_words("fr", names)


def test_keys_are_replaced_without_anybody(chain: Deployed, loire: Party) -> None:
    first = keyed(LOIRE, LOIRE)
    second = keyed(LOIRE, first)
    loire.publish(first, second)
    keys = Directory.of(second).keys(chain.network, loire.number)
    assert keys.jwks == second.jwks
    # A reader that has the newest entry alone sees that only keys changed since the admission.
    assert loire.name(second) == "Mutuelle Loire"
    # One that got it without its history, and kept none, waits for a statement; its keys count all the same.
    bare = replace(second, former_keys=())
    assert (loire.name(bare), loire.waits(bare)) == (None, True)
    assert Directory.of(bare).keys(chain.network, loire.number).jwks == second.jwks
    assert loire.name(bare, first, LOIRE) == "Mutuelle Loire"


def test_a_stolen_key_is_replaced_under_an_unconfirmed_name_too(chain: Deployed, loire: Party) -> None:
    renamed = keyed(RHONE)
    loire.publish(renamed)
    assert Directory.of(renamed).keys(chain.network, loire.number).jwks == renamed.jwks
    assert loire.name(renamed, LOIRE) == "Mutuelle Loire"
    with pytest.raises(NotInDirectory):
        Directory.of(LOIRE).keys(chain.network, loire.number)


def test_a_name_that_the_admins_confirm_is_shown(chain: Deployed, loire: Party) -> None:
    loire.publish(RHONE)
    assert (loire.name(LOIRE, RHONE), loire.waits(LOIRE, RHONE)) == ("Mutuelle Loire", True)
    confirmed = chain.consortium.confirm_identity(loire.number, RHONE)
    assert (loire.name(RHONE, confirmed), loire.waits(RHONE, confirmed)) == ("Mutuelle du Rhône", False)
    assert IdentityConfirmation.from_json(confirmed.to_json()) == confirmed
    # Keys go on being replaced under it.
    later = keyed(RHONE, RHONE)
    loire.publish(later)
    assert loire.name(later, confirmed) == "Mutuelle du Rhône"


def test_a_statement_is_worth_nothing_after_a_second_change(chain: Deployed, loire: Party) -> None:
    """Back to a name that was confirmed once, by the same entry or by another: the admins are asked again."""
    aube = DirectoryEntry("Mutuelle Aube", "FR", "732829320", None)
    loire.publish(RHONE)
    rhone = chain.consortium.confirm_identity(loire.number, RHONE)
    loire.publish(aube)
    kept = (LOIRE, RHONE, rhone, aube, chain.consortium.confirm_identity(loire.number, aube))
    assert loire.name(*kept) == "Mutuelle Aube"
    for back in (RHONE, keyed(RHONE, RHONE), LOIRE, keyed(LOIRE, LOIRE)):
        loire.publish(back)
        assert (loire.name(*kept, back), loire.waits(*kept, back)) == ("Mutuelle Aube", True)
        # A new reader, who is given only what helps the party, is told that a name waits.
        assert loire.waits(back, RHONE, LOIRE, rhone)
    again = chain.consortium.confirm_identity(loire.number, back)
    assert loire.name(*kept, back, again) == back.name


def test_a_statement_counts_only_as_it_was_made(chain: Deployed, loire: Party) -> None:
    other = Party(chain, DirectoryEntry("Mutuelle Aube", "FR", "732829320", None))
    other.publish(RHONE)
    loire.publish(RHONE)
    admin, number, network = chain.admin, loire.number, chain.network
    good = signed(chain, admin, number, 1, RHONE)
    assert loire.name(RHONE, good) == "Mutuelle du Rhône"
    good.check(network, block=network.node.head().number)
    foreign = "0x" + "11" * 20
    worthless = [
        signed(chain, chain.signers["stranger"], number, 1, RHONE),
        signed(chain, chain.controllers["payer"], number, 1, RHONE),
        replace(signed(chain, chain.signers["stranger"], number, 1, RHONE), admin=admin.address.lower()),
        signed(chain, admin, other.number, 1, RHONE),
        replace(signed(chain, admin, other.number, 1, RHONE), party=number),
        signed(chain, admin, number, 2, RHONE),
        replace(signed(chain, admin, number, 2, RHONE), publication=1),
        signed(chain, admin, number, 1, LOIRE),
        replace(signed(chain, admin, number, 1, LOIRE), identity=RHONE.identity.hash),
        signed(chain, admin, number, 1, RHONE, contract=foreign),
        signed(chain, admin, number, 1, RHONE, chain_id=5),
        signed(chain, admin, number, 1, RHONE, genesis_hash="0x" + "11" * 32),
        replace(signed(chain, admin, number, 1, RHONE, contract=foreign), registry=good.registry),
        replace(signed(chain, admin, number, 1, RHONE, chain_id=5), registry=good.registry),
        replace(
            signed(chain, admin, number, 1, RHONE, genesis_hash="0x" + "11" * 32), registry=good.registry
        ),
        replace(good, signature="0x" + "00" * 65),
        replace(good, signature=good.signature[:-2]),
    ]
    for each in worthless:
        assert (loire.name(RHONE, each), loire.waits(RHONE, each)) == (None, True), each
    about_it = [each for each in worthless if (each.party, each.identity) == (number, RHONE.identity.hash)]
    for each in about_it:
        with pytest.raises(ConfirmationWorthless):
            each.check(network, block=network.node.head().number)
    assert loire.name(RHONE, *about_it, good) == "Mutuelle du Rhône"


def test_an_admin_that_lost_its_role_confirms_nothing(chain: Deployed, loire: Party) -> None:
    """A stolen admin key is worthless once its role is taken, whenever the thief signed."""
    second = key("second admin")
    chain.consortium.grant([ADMISSION], second.address).wait()
    loire.publish(RHONE)
    confirmed = Admin(chain.network, second).confirm_identity(loire.number, RHONE)
    before = chain.network.node.head().number
    assert loire.name(RHONE, confirmed) == "Mutuelle du Rhône"
    chain.consortium.revoke([ADMISSION], second.address).wait()
    assert loire.name(RHONE, confirmed) is None
    listed = Directory.of(RHONE, confirmed).listed(chain.network, block=before)
    assert listed[loire.number].name == "Mutuelle du Rhône"
    with pytest.raises(ConfirmingRoleMissing):
        Admin(chain.network, second).confirm_identity(loire.number, RHONE)


def test_an_admin_that_must_wait_is_waited_for(chain: Deployed, loire: Party) -> None:
    slow = key("slow admin")
    chain.consortium.grant([ADMISSION], slow.address, delay=DAY).wait()
    loire.publish(RHONE)
    with pytest.raises(ConfirmationWorthless):
        Admin(chain.network, slow).confirm_identity(loire.number, RHONE)
    early = signed(chain, slow, loire.number, 1, RHONE)
    chain.sleep(DAY - 60)
    assert loire.name(RHONE, early) is None
    chain.sleep(61)
    assert loire.name(RHONE, early) == "Mutuelle du Rhône"
    assert Admin(chain.network, slow).confirm_identity(loire.number, RHONE) == early


def contract(chain: Deployed, answer: str) -> str:
    """A contract that answers the same to any call: 32 bytes."""
    # PUSH32 answer, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN
    runtime = f"7f{answer}60005260206000f3"
    size = len(runtime) // 2
    # PUSH1 size, DUP1, PUSH1 11, PUSH1 0, CODECOPY, PUSH1 0, RETURN
    creation = f"0x60{size:02x}80600b6000396000f3{runtime}"
    made = send_data(
        chain.network.node, chain.admin, to=None, data=creation, chain_id=chain.network.chain_id
    ).wait()
    assert made.contract is not None
    return made.contract


def test_a_contract_that_holds_the_role_is_asked(chain: Deployed, loire: Party) -> None:
    """A Safe signs by ERC-1271: the chain asks it, and no key's signature stands for it."""
    loire.publish(RHONE)
    asked = identity_to_confirm(chain.network, loire.number, RHONE)
    wallet = asked.typed.for_wallet()
    assert wallet["primaryType"] == "IdentityConfirmation"
    assert wallet["message"]["identity"] == RHONE.identity.hash
    yes, no = contract(chain, "1626ba7e" + "00" * 28), contract(chain, "00" * 32)
    almost = contract(chain, "1626ba7e" + "00" * 27 + "01")
    with pytest.raises(ConfirmingRoleMissing):
        asked.signed_elsewhere(yes, b"\x01")
    for account in (yes, no, almost):
        chain.consortium.grant([ADMISSION], account).wait()
    confirmed = asked.signed_elsewhere(yes, b"\x01")
    assert loire.name(RHONE, confirmed) == "Mutuelle du Rhône"
    for refusing in (no, almost):
        with pytest.raises(ConfirmationWorthless):
            asked.signed_elsewhere(refusing, b"\x01")
    by_key = signed(chain, chain.admin, loire.number, 1, RHONE)
    assert loire.name(RHONE, replace(by_key, admin=no.lower())) is None


def test_an_admin_confirms_only_what_stands_and_fits(chain: Deployed, loire: Party) -> None:
    admin, network = chain.consortium, chain.network
    known = Directory.of(LOIRE)
    with pytest.raises(EntryOfNobody):
        admin.confirm_identity(loire.number, RHONE)
    with pytest.raises(PartyUnknown):
        admin.confirm_identity(999, RHONE)
    other = Party(chain, RHONE)
    resembling = DirectoryEntry("MUTUELLE  L0IRE".replace("  ", "-"), "FR", "732829320", None)
    other.publish(resembling)
    with pytest.raises(NameLooksAlike) as alike:
        admin.confirm_identity(other.number, resembling, directory=known)
    assert alike.value.details["party"] == loire.number
    mistyped = DirectoryEntry("Mutuelle Aube", "FR", "732829321", None)
    other.publish(mistyped)
    with pytest.raises(IdentityInvalid):
        admin.confirm_identity(other.number, mistyped, directory=known)
    with pytest.raises(ConfirmingRoleMissing):
        Admin(network, chain.signers["stranger"]).confirm_identity(loire.number, LOIRE)


def test_nobody_is_admitted_under_a_name_like_another(chain: Deployed, loire: Party) -> None:
    def application(name: str) -> Any:
        return apply(
            chain.network.manifest,
            entry=DirectoryEntry(name, "FR", "732829320", None),
            roles=Role.PAYER,
            controller=key("impostor's controller").address,
            keys=[key("impostor")],
        )

    known, height = Directory.of(LOIRE), chain.network.node.head().number
    for name in ("Mutuelle Loire", "МUTUELLE LOIRE".replace("М", "M"), "Mutuel1e-Loire"):
        with pytest.raises(NameLooksAlike):
            chain.consortium.admit(application(name), directory=known)
    assert chain.network.node.head().number == height
    admission = chain.consortium.admit(application("Mutuelle Aube"), directory=known)
    admission.wait()
    again = chain.consortium.admit(application("Mutuelle Aube"), directory=Directory.of(LOIRE, RHONE))
    assert again.hash == admission.hash
    assert loire.name(LOIRE) == "Mutuelle Loire"


def test_of_two_names_that_look_alike_the_first_stays(chain: Deployed, loire: Party, tmp_path: Path) -> None:
    """An admin was deceived. The second party loses its name in every directory, and nothing else happens to it."""
    alike = DirectoryEntry("ΜΟΤΟ", "FR", "732829320", None)  # Greek
    latin = DirectoryEntry("Moto", "FR", "35600000000048", None)
    first, second = Party(chain, latin), Party(chain, alike)
    for place, entry in enumerate((LOIRE, alike, latin)):
        store_entry(tmp_path, entry, place)
    directory = Directory.load(tmp_path)
    listed = directory.listed(chain.network)
    assert listed[second.number].resembles == first.number
    assert listed[second.number].entry == alike
    names = directory.names(chain.network, [loire.number, first.number, second.number])
    assert names == {loire.number: "Mutuelle Loire", first.number: "Moto"}
    # Who was there first goes by when the name was confirmed, not by the number.
    loire.publish(alike)
    renamed = directory.also(signed(chain, chain.admin, loire.number, 1, alike))
    assert renamed.names(chain.network, [first.number]) == {first.number: "Moto"}
    assert renamed.listed(chain.network)[loire.number].resembles == first.number


def test_an_edited_entry_is_refused(loire: Party) -> None:
    written = LOIRE.to_json()
    for edit in ({"identity": RHONE.identity.hash}, {"name": "Mutuelle du Rhône"}, {"identifier": "1"}):
        with pytest.raises(FileMalformed):
            DirectoryEntry.from_json({**written, **edit})
    # What is no part of the hash changes nothing that counts.
    added = DirectoryEntry.from_json({**written, "former_keys": ["0x" + "12" * 32]})
    assert added.hash == LOIRE.hash == entry_hash(LOIRE.identity.hash, LOIRE.keys_hash)
    assert loire.name(added) == "Mutuelle Loire"


def test_a_party_admitted_without_an_entry_is_confirmed_by_a_statement(chain: Deployed) -> None:
    chain.controller("payer").publish(LOIRE).wait()
    number = chain.party("payer")
    assert Directory.of(LOIRE).names(chain.network, [number]) == {}
    confirmed = confirmation(chain, number, LOIRE.identity)
    assert Directory.of(LOIRE, confirmed).names(chain.network, [number]) == {number: "Mutuelle Loire"}


def test_a_folder_keeps_what_proves_the_name(chain: Deployed, loire: Party, tmp_path: Path) -> None:
    store_entry(tmp_path, LOIRE, loire.number)
    # Entries that come without their history: the folder has it.
    first, second = keyed(LOIRE), keyed(LOIRE)
    for entry in (first, second):
        loire.publish(entry)
        store_entry(tmp_path, entry, loire.number)
    network = chain.network
    assert Directory.load(tmp_path).names(network, [loire.number]) == {loire.number: "Mutuelle Loire"}
    loire.publish(RHONE)
    store_entry(tmp_path, RHONE, loire.number)
    listed = Directory.load(tmp_path).listed(network)[loire.number]
    assert (listed.name, listed.waits, listed.entry) == ("Mutuelle Loire", True, RHONE)
    file = store_confirmation(tmp_path, chain.consortium.confirm_identity(loire.number, RHONE))
    assert Directory.load(tmp_path).names(network, [loire.number]) == {loire.number: "Mutuelle du Rhône"}
    file.unlink()
    assert Directory.load(tmp_path).listed(network)[loire.number].waits
    with pytest.raises(PartyUnknown):
        Directory.load(tmp_path).names(network, [999])


def test_a_grant_that_waits_confirms_nothing(chain: Deployed, loire: Party) -> None:
    send(chain.network, chain.admin, MANAGER, "setGrantDelay", ADMISSION.number, DAY).wait()
    chain.sleep(6 * DAY)
    coming = key("coming admin")
    chain.consortium.grant([ADMISSION], coming.address).wait()
    loire.publish(RHONE)
    early = signed(chain, coming, loire.number, 1, RHONE)
    assert loire.name(RHONE, early) is None
    chain.consortium.grant([ADMIN], coming.address).wait()
    assert loire.name(RHONE, early) is None
