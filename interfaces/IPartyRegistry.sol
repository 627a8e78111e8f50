// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./Types.sol";

/// @title Registry of parties and of their signing keys
/// @notice A party is an organisation that may write. The consortium admits it and gives it roles; it acts through
/// signing keys. Its controller, an address kept off line (a contract wallet may be one), adds and retires the keys. A
/// signing key can only retire itself. History stays readable: the registry keeps every key's party, dates and
/// compromise for ever.
/// @dev "Restricted" means that only a holder of the function's role in OpenZeppelin's AccessManager may call it. The
/// manager sets the role of each function separately.
interface IPartyRegistry {
    /// @notice What the registry holds about a party. Three storage slots.
    /// @dev Layout, bits counted from the lowest:
    ///   slot 0: controller 0–159
    ///   slot 1: pendingController 0–159, roles 160–167, suspended 168–175, admittedAt 176–215
    ///   slot 2: directory 0–255
    /// @param controller address that manages the party's keys
    /// @param pendingController address that was offered control and has not accepted it; zero if none
    /// @param roles mask of roles
    /// @param suspended true while the party may not act
    /// @param admittedAt block time of admission, in seconds
    /// @param directory hash of the party's directory entry (public name and message keys)
    struct Party {
        address controller;
        address pendingController;
        uint8 roles;
        bool suspended;
        uint40 admittedAt;
        bytes32 directory;
    }

    /// @notice What the registry holds about a signing key. One storage slot, so that `requireActing` costs one read.
    /// @dev Layout, bits counted from the lowest:
    ///   slot 0: party 0–31, roles 32–39, suspended 40–47, addedAt 48–87, retiredAt 88–127, compromisedSince 128–167
    /// @param party party of the key, for ever
    /// @param roles copy of the party's roles; not updated once the key is retired
    /// @param suspended copy of the party's suspension; not updated once the key is retired
    /// @param addedAt block time of registration, in seconds
    /// @param retiredAt block time of retirement, in seconds; zero while the key is not retired
    /// @param compromisedSince time from which everything that the key wrote is in doubt, in seconds; zero if none is
    /// set
    struct SigningKey {
        PartyId party;
        uint8 roles;
        bool suspended;
        uint40 addedAt;
        uint40 retiredAt;
        uint40 compromisedSince;
    }

    /// @notice A signing key, with the proof that the applicant holds it.
    /// @param key address of the key
    /// @param possession EIP-712 signature by the key of `SigningKey(address controller,address key)`
    struct KeyApplication {
        address key;
        bytes possession;
    }

    /// @notice Emitted when the consortium admits a party.
    /// @param party the new party
    /// @param controller address that manages its keys
    /// @param roles mask of its roles
    /// @param directory hash of its directory entry; zero if none
    event PartyAdmitted(PartyId indexed party, address indexed controller, uint8 roles, bytes32 directory);
    /// @notice Emitted when the roles of a party are replaced.
    /// @param party the party
    /// @param roles mask of its roles from now on
    event PartyRolesSet(PartyId indexed party, uint8 roles);
    /// @notice Emitted when a party is suspended. From this block on, none of its keys may act.
    /// @param party the party
    event PartySuspended(PartyId indexed party);
    /// @notice Emitted when a suspension ends.
    /// @param party the party, which may act again
    event PartyReinstated(PartyId indexed party);
    /// @notice Emitted when a party publishes the hash of its directory entry.
    /// @param party the party
    /// @param directory hash of its directory entry from now on
    event PartyDirectorySet(PartyId indexed party, bytes32 directory);
    /// @notice Emitted when the controller of a party offers control to another address, or withdraws its offer.
    /// @param party the party
    /// @param controller address that may accept; zero if the offer was withdrawn
    event ControllerOffered(PartyId indexed party, address indexed controller);
    /// @notice Emitted when an address accepts the control that it was offered.
    /// @param party the party
    /// @param controller address that manages its keys from now on
    event ControllerChanged(PartyId indexed party, address indexed controller);
    /// @notice Emitted when a signing key is registered.
    /// @param party party of the key
    /// @param key the key, which may act for the party from now on
    event KeyAdded(PartyId indexed party, address indexed key);
    /// @notice Emitted when a signing key is retired.
    /// @param party party of the key
    /// @param key the key, which may never act again
    event KeyRetired(PartyId indexed party, address indexed key);
    /// @notice Emitted when the date of compromise of a signing key is set.
    /// @param party party of the key
    /// @param key the key
    /// @param compromisedSince time from which everything that the key wrote is in doubt, in seconds
    event KeyCompromised(PartyId indexed party, address indexed key, uint40 compromisedSince);

    /// @notice No party has this number.
    /// @param party the number
    error PartyUnknown(PartyId party);
    /// @notice The party is suspended and may not act.
    /// @param party the party
    error PartyIsSuspended(PartyId party);
    /// @notice The party is not suspended, so there is no suspension to end.
    /// @param party the party
    error PartyNotSuspended(PartyId party);
    /// @notice The party does not hold the role that this function needs.
    /// @param party the party
    /// @param role the role that it lacks
    error PartyLacksRole(PartyId party, uint8 role);
    /// @notice The mask is empty, or has the bit of a role that does not exist.
    /// @param roles the mask
    error PartyRolesInvalid(uint8 roles);
    /// @notice A party must be admitted with at least one key, and must not have more than `limit` keys that are not
    /// retired.
    /// @param count number of keys that the party would have
    /// @param limit largest number allowed
    error PartyKeyCountInvalid(uint256 count, uint256 limit);
    /// @notice Only the controller of the party may call this function.
    /// @param party the party
    /// @param caller address that called
    error ControllerOnly(PartyId party, address caller);
    /// @notice Control of the party was not offered to the caller.
    /// @param party the party
    /// @param caller address that called
    error ControllerNotOffered(PartyId party, address caller);
    /// @notice A controller must not be the zero address, nor an address that is or was a signing key.
    /// @param controller the address
    error ControllerInvalid(address controller);
    /// @notice The address was never a signing key.
    /// @param key the address
    error KeyUnknown(address key);
    /// @notice The key is or was registered. It never belongs to another party and is never registered again.
    /// @param key the key
    /// @param party the party to which it belongs
    error KeyTaken(address key, PartyId party);
    /// @notice The key is retired and may never act again.
    /// @param key the key
    error KeyIsRetired(address key);
    /// @notice A signing key must not be the zero address, nor the controller of any party.
    /// @param key the address
    error KeyInvalid(address key);
    /// @notice The signature does not prove that the applicant holds the key.
    /// @param key the key
    error KeyPossessionUnproven(address key);
    /// @notice Only the key itself or the controller of its party may retire it.
    /// @param key the key
    /// @param caller address that called
    error KeyNotYours(address key, address caller);
    /// @notice The date of compromise is already set. It can be set once only.
    /// @param key the key
    /// @param compromisedSince the date that is set, in seconds
    error KeyAlreadyCompromised(address key, uint40 compromisedSince);
    /// @notice A date of compromise must not be zero, nor later than `latest`.
    /// @param key the key
    /// @param compromisedSince the invalid date, in seconds
    /// @param latest time at which the key was retired, or now if it is not, in seconds
    error KeyCompromiseDateInvalid(address key, uint40 compromisedSince, uint40 latest);

    /// @notice Admits a party. Restricted.
    ///
    /// WARNING: For practices: a claim can name the next number as payer or supplier before any party has it. The party
    /// that is admitted then can write that claim's steps.
    /// @param controller address that will manage its keys
    /// @param roles mask of roles
    /// @param directory hash of its directory entry; zero if none
    /// @param applications its first signing keys, with proofs of possession made for `controller`
    /// @return party its number
    function admit(address controller, uint8 roles, bytes32 directory, KeyApplication[] calldata applications)
        external
        returns (PartyId party);

    /// @notice Replaces the roles of a party. Restricted.
    ///
    /// WARNING: For the party: `roles` replaces the whole mask. The party loses every role that the new mask lacks, and
    /// can no longer write the steps of running claims that need it.
    /// @param party the party
    /// @param roles mask of roles from now on
    function setRoles(PartyId party, uint8 roles) external;

    /// @notice Suspends a party at once: from this block on, none of its keys may act. Restricted, to one admin alone.
    ///
    /// WARNING: For the party's partners: on running claims, the steps of this party wait until it is reinstated. It
    /// cannot withdraw consents for its patients; the patients can still revoke them.
    /// @param party the party
    function suspend(PartyId party) external;

    /// @notice Ends a suspension. Restricted.
    ///
    /// WARNING: For the party: all its keys that are not retired act again. Retire stolen keys first, or the thief can
    /// write in the party's name.
    /// @param party the party
    function reinstate(PartyId party) external;

    /// @notice Sets the time since which a key has been in the wrong hands. It also retires the key, if it is not
    /// retired yet. Restricted, with a role of its own, because no admin alone should be able to cast doubt on what a
    /// competitor wrote.
    ///
    /// WARNING: For the party: the date can be set once only. With a date that is too late, what the thief wrote before
    /// it stays good for ever; with one that is too early, what the party wrote itself is in doubt for ever.
    /// @param key the key
    /// @param compromisedSince time from which everything that the key wrote is in doubt, in seconds; must not be later
    /// than the key's retirement
    function setCompromisedSince(address key, uint40 compromisedSince) external;

    /// @notice Registers a signing key. Only the controller of the party may call it.
    ///
    /// WARNING: For the controller: a registered address belongs to this party for ever. No party can ever register it
    /// again or have it as its controller.
    /// @param party the party
    /// @param key the key
    /// @param possession EIP-712 signature by the key of `SigningKey(address controller,address key)`
    function addKey(PartyId party, address key, bytes calldata possession) external;

    /// @notice Retires a signing key for ever. Only the key itself or the controller of its party may call it.
    ///
    /// WARNING: For the party: retirement is never undone. A party that retires its last key cannot write, withdraw
    /// consents included, until its controller adds another. What a stolen key wrote before its retirement stays good,
    /// unless `setCompromisedSince` says otherwise.
    /// @param key the key
    function retireKey(address key) external;

    /// @notice Publishes the hash of the party's directory entry. Only the controller of the party may call it.
    ///
    /// WARNING: For the party: the old hash stops counting at once. Partners that hold only the old entry refuse it
    /// until they receive the new one.
    /// @param party the party
    /// @param directory hash of the directory entry
    function setDirectory(PartyId party, bytes32 directory) external;

    /// @notice Offers control of a party to another address, in place of any earlier offer. Only the controller of the
    /// party may call it.
    ///
    /// WARNING: For the controller: until the offer is accepted, replaced or withdrawn, the holder of that address can
    /// take control of the party at any time.
    /// @param party the party
    /// @param controller address that may accept; zero withdraws an offer
    function offerController(PartyId party, address controller) external;

    /// @notice Accepts control of a party. Only the address that was offered it may call it.
    ///
    /// WARNING: For the previous controller: it loses control at once. Proofs of possession that were made for it are
    /// worthless from then on: keys that are not registered yet must sign again for the new controller.
    /// @param party the party
    function acceptController(PartyId party) external;

    /// @notice Returns the party for which a key acts now. Reverts if the key may not act in this role: `KeyUnknown`,
    /// `KeyIsRetired`, `PartyIsSuspended` or `PartyLacksRole`.
    ///
    /// WARNING: `role` is one role. For a mask of several roles, one that the party holds is enough.
    /// @param key the key
    /// @param role the role that is needed
    /// @return party party of the key
    function requireActing(address key, uint8 role) external view returns (PartyId party);

    /// @notice Returns what the registry holds about a party. Reverts with `PartyUnknown` if the number is not given.
    /// @param party the party
    /// @return the stored party
    function partyOf(PartyId party) external view returns (Party memory);

    /// @notice Returns what the registry holds about a key, retired or not; all zero if it was never registered.
    ///
    /// WARNING: An address that was never registered does not revert: the caller must check `party`. A retired key
    /// shows the roles and the suspension of its party at the time of its retirement, not those of today.
    /// @param key the key
    /// @return the stored key
    function keyOf(address key) external view returns (SigningKey memory);

    /// @notice Returns the keys of a party that are not retired; none if no party has this number.
    ///
    /// WARNING: The order of the keys changes when one is retired. The keys of a suspended party are returned, too, and
    /// may not act.
    /// @param party the party
    /// @return addresses of the keys
    function keysOf(PartyId party) external view returns (address[] memory);

    /// @notice Returns how many parties were admitted. It is also the highest party number.
    /// @return the number of parties
    function partyCount() external view returns (uint32);

    /// @notice Returns the EIP-712 digest that a key signs to prove that the applicant holds it.
    /// @param controller controller of the party that applies
    /// @param key the key
    /// @return the digest
    function possessionDigest(address controller, address key) external view returns (bytes32);

    /// @notice Largest number of keys of one party that are not retired. It bounds the loop that copies a suspension or
    /// a change of roles to them.
    /// @return the number
    function MAX_KEYS() external view returns (uint256);
}
