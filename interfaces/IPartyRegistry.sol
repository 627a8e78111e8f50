// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./Types.sol";

/// @title Registry of the organisations that may write, and of their signing keys
/// @notice A party is admitted by the consortium, holds roles, and acts through signing keys. Its controller address,
/// kept off line (a contract wallet may be one), adds and retires keys; a signing key can only retire itself.
/// History stays readable: a key keeps its party, its dates and its compromise for ever.
/// @dev Functions said to be restricted are opened by OpenZeppelin's AccessManager, each selector by itself.
interface IPartyRegistry {
    /// @notice What the registry holds about a party.
    /// @param controller address that manages the party's keys
    /// @param pendingController address that was offered control and has not accepted it; zero if none
    /// @param roles mask of roles
    /// @param suspended whether the party may act at present
    /// @param admittedAt block time of admission, in seconds
    /// @param directory hash of the party's directory entry (public name and keys for messages)
    struct Party {
        address controller;
        address pendingController;
        uint8 roles;
        bool suspended;
        uint40 admittedAt;
        bytes32 directory;
    }

    /// @notice What the registry holds about a signing key. One storage slot: acting costs one read.
    /// @param party party of the key, for ever
    /// @param roles the party's roles, copied here
    /// @param suspended the party's suspension, copied here
    /// @param addedAt block time of registration, in seconds
    /// @param retiredAt block time of retirement, in seconds; zero while the key may act
    /// @param compromisedSince what this key wrote from this time on is in doubt, in seconds; zero if never
    struct SigningKey {
        PartyId party;
        uint8 roles;
        bool suspended;
        uint40 addedAt;
        uint40 retiredAt;
        uint40 compromisedSince;
    }

    /// @notice A signing key with the proof that whoever asks for it holds it.
    /// @param key address of the key
    /// @param possession EIP-712 signature by the key of `SigningKey(address controller,address key)`
    struct KeyApplication {
        address key;
        bytes possession;
    }

    /// @param party the new party
    /// @param controller its controller
    /// @param roles its roles
    /// @param directory hash of its directory entry
    event PartyAdmitted(PartyId indexed party, address indexed controller, uint8 roles, bytes32 directory);
    /// @param party the party
    /// @param roles its roles from now on
    event PartyRolesSet(PartyId indexed party, uint8 roles);
    /// @param party the party that may not act from this block on
    event PartySuspended(PartyId indexed party);
    /// @param party the party that may act again
    event PartyReinstated(PartyId indexed party);
    /// @param party the party
    /// @param directory hash of its directory entry from now on
    event PartyDirectorySet(PartyId indexed party, bytes32 directory);
    /// @param party the party
    /// @param controller address that was offered control
    event ControllerOffered(PartyId indexed party, address indexed controller);
    /// @param party the party
    /// @param controller its controller from now on
    event ControllerChanged(PartyId indexed party, address indexed controller);
    /// @param party the party
    /// @param key the key that may act for it from now on
    event KeyAdded(PartyId indexed party, address indexed key);
    /// @param party the party
    /// @param key the key that may never act again
    event KeyRetired(PartyId indexed party, address indexed key);
    /// @param party the party
    /// @param key the key
    /// @param since time from which what it wrote is in doubt, in seconds
    event KeyCompromised(PartyId indexed party, address indexed key, uint40 since);

    /// @notice No party has this number.
    error PartyUnknown(PartyId party);
    /// @notice The party is suspended and may not act.
    error PartyIsSuspended(PartyId party);
    /// @notice The party is not suspended.
    error PartyNotSuspended(PartyId party);
    /// @notice The party does not hold the role that this act needs.
    error PartyLacksRole(PartyId party, uint8 role);
    /// @notice The mask names no role, or one that does not exist.
    error PartyRolesInvalid(uint8 roles);
    /// @notice A party holds at most `limit` keys that may act, and at least one on admission.
    error PartyKeyCountInvalid(uint256 count, uint256 limit);
    /// @notice Only the party's controller may do this.
    error ControllerOnly(PartyId party, address caller);
    /// @notice Only the address that was offered control may accept it.
    error ControllerNotOffered(PartyId party, address caller);
    /// @notice A controller may not be zero, nor a signing key.
    error ControllerInvalid(address controller);
    /// @notice The address is not a signing key of any party.
    error KeyUnknown(address key);
    /// @notice The key belongs, or once belonged, to a party; it never belongs to another.
    error KeyTaken(address key, PartyId party);
    /// @notice The key has been retired and may never act again.
    error KeyIsRetired(address key);
    /// @notice A signing key may not be zero, nor the controller of a party.
    error KeyInvalid(address key);
    /// @notice The signature does not show that the applicant holds the key.
    error KeyPossessionUnproven(address key);
    /// @notice Only the key itself or its party's controller may retire it.
    error KeyNotYours(address key, address caller);
    /// @notice The date of compromise was set before, and is set once only.
    error KeyAlreadyCompromised(address key, uint40 since);
    /// @notice A date of compromise may not be zero, nor later than the moment the key stopped acting.
    error KeyCompromiseDateInvalid(address key, uint40 since, uint40 latest);

    /// @notice Admits a party. Restricted.
    /// @param controller address that will manage its keys
    /// @param roles mask of roles
    /// @param directory hash of its directory entry, or zero
    /// @param keys its first signing keys, with proofs of possession bound to `controller`
    /// @return party its number
    function admit(address controller, uint8 roles, bytes32 directory, KeyApplication[] calldata keys)
        external
        returns (PartyId party);

    /// @notice Replaces a party's roles. Restricted.
    /// @param party the party
    /// @param roles mask of roles from now on
    function setRoles(PartyId party, uint8 roles) external;

    /// @notice Suspends a party at once: none of its keys may act from this block on. Restricted, to one admin alone.
    /// @param party the party
    function suspend(PartyId party) external;

    /// @notice Ends a suspension. Restricted.
    /// @param party the party
    function reinstate(PartyId party) external;

    /// @notice Says since when a key was in wrong hands, once; the key is retired if it was not. Restricted, by itself,
    /// since nobody alone should be able to void a competitor's past.
    /// @param key the key
    /// @param since time from which what it wrote is in doubt, in seconds; not after it stopped acting
    function setCompromisedSince(address key, uint40 since) external;

    /// @notice Adds a signing key. By the party's controller only.
    /// @param party the party
    /// @param key the key
    /// @param possession EIP-712 signature by the key of `SigningKey(address controller,address key)`
    function addKey(PartyId party, address key, bytes calldata possession) external;

    /// @notice Retires a signing key for ever. By the key itself or its party's controller.
    /// @param key the key
    function retireKey(address key) external;

    /// @notice Publishes the hash of the party's directory entry. By the party's controller only.
    /// @param party the party
    /// @param directory hash of the directory entry
    function setDirectory(PartyId party, bytes32 directory) external;

    /// @notice Offers control of a party to another address. By the party's controller only.
    /// @param party the party
    /// @param controller address that may accept; zero withdraws an offer
    function offerController(PartyId party, address controller) external;

    /// @notice Accepts control of a party. By the address that was offered it.
    /// @param party the party
    function acceptController(PartyId party) external;

    /// @notice The party for which a key acts now, or an error that says why it may not.
    /// @param key the key
    /// @param role the role that the act needs
    /// @return party its party
    function acting(address key, uint8 role) external view returns (PartyId party);

    /// @notice What is known about a party.
    /// @param party the party
    function partyOf(PartyId party) external view returns (Party memory);

    /// @notice What is known about a key, retired or not; all zero if it was never registered.
    /// @param key the key
    function keyOf(address key) external view returns (SigningKey memory);

    /// @notice The keys of a party that are not retired.
    /// @param party the party
    function keysOf(PartyId party) external view returns (address[] memory);

    /// @notice How many parties were admitted; the highest party number.
    function partyCount() external view returns (uint32);

    /// @notice EIP-712 digest that a key signs to show that it is held by whoever applies.
    /// @param controller controller of the party that asks for the key
    /// @param key the key
    function possessionDigest(address controller, address key) external view returns (bytes32);

    /// @notice Most keys of one party that may act: bounds the loop that suspends them.
    function MAX_KEYS() external view returns (uint256);
}
