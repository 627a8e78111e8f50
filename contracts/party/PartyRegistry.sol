// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IPartyRegistry} from "interfaces/IPartyRegistry.sol";
import {PartyId, ROLE_MASK} from "interfaces/Types.sol";

/// @title Registry of parties
contract PartyRegistry is IPartyRegistry, AccessManaged, EIP712 {
    /// @inheritdoc IPartyRegistry
    uint256 public constant MAX_KEYS = 16;

    bytes32 private constant _SIGNING_KEY_TYPEHASH = keccak256("SigningKey(address controller,address key)");

    mapping(PartyId party => Party) private _parties;
    mapping(address key => SigningKey) private _keys;
    mapping(PartyId party => address[]) private _activeKeys;
    mapping(address controller => uint256 parties) private _controlled;

    /// @inheritdoc IPartyRegistry
    uint32 public partyCount;

    modifier onlyController(PartyId party) {
        require(_known(party).controller == msg.sender, ControllerOnly(party, msg.sender));
        _;
    }

    /// @param authority access manager that decides who may call the restricted functions
    constructor(address authority) AccessManaged(authority) EIP712("Sceau PartyRegistry", "1") {}

    /// @inheritdoc IPartyRegistry
    function admit(address controller, uint8 roles, bytes32 directory, KeyApplication[] calldata applications)
        external
        restricted
        returns (PartyId party)
    {
        _requireRoles(roles);
        _requireController(controller);
        require(applications.length > 0, PartyKeyCountInvalid(0, MAX_KEYS));
        party = PartyId.wrap(++partyCount);
        _parties[party] = Party({
            controller: controller,
            pendingController: address(0),
            roles: roles,
            suspended: false,
            admittedAt: uint40(block.timestamp),
            directory: directory
        });
        ++_controlled[controller];
        emit PartyAdmitted(party, controller, roles, directory);
        for (uint256 i = 0; i < applications.length; ++i) {
            _addKey(party, applications[i].key, applications[i].possession);
        }
    }

    /// @inheritdoc IPartyRegistry
    function setRoles(PartyId party, uint8 roles) external restricted {
        _requireRoles(roles);
        _known(party).roles = roles;
        _copyStatusToKeys(party);
        emit PartyRolesSet(party, roles);
    }

    /// @inheritdoc IPartyRegistry
    function suspend(PartyId party) external restricted {
        require(!_known(party).suspended, PartyIsSuspended(party));
        _parties[party].suspended = true;
        _copyStatusToKeys(party);
        emit PartySuspended(party);
    }

    /// @inheritdoc IPartyRegistry
    function reinstate(PartyId party) external restricted {
        require(_known(party).suspended, PartyNotSuspended(party));
        _parties[party].suspended = false;
        _copyStatusToKeys(party);
        emit PartyReinstated(party);
    }

    /// @inheritdoc IPartyRegistry
    function setCompromisedSince(address key, uint40 compromisedSince) external restricted {
        SigningKey storage stored = _knownKey(key);
        require(stored.compromisedSince == 0, KeyAlreadyCompromised(key, stored.compromisedSince));
        uint40 stoppedAt = stored.retiredAt == 0 ? uint40(block.timestamp) : stored.retiredAt;
        require(
            compromisedSince > 0 && compromisedSince <= stoppedAt,
            KeyCompromiseDateInvalid(key, compromisedSince, stoppedAt)
        );
        stored.compromisedSince = compromisedSince;
        emit KeyCompromised(stored.party, key, compromisedSince);
        if (stored.retiredAt == 0) _retireKey(key, stored);
    }

    /// @inheritdoc IPartyRegistry
    function addKey(PartyId party, address key, bytes calldata possession) external onlyController(party) {
        _addKey(party, key, possession);
    }

    /// @inheritdoc IPartyRegistry
    function retireKey(address key) external {
        SigningKey storage stored = _knownKey(key);
        require(
            msg.sender == key || msg.sender == _parties[stored.party].controller, KeyNotYours(key, msg.sender)
        );
        require(stored.retiredAt == 0, KeyIsRetired(key));
        _retireKey(key, stored);
    }

    /// @inheritdoc IPartyRegistry
    function setDirectory(PartyId party, bytes32 directory) external onlyController(party) {
        _parties[party].directory = directory;
        emit PartyDirectorySet(party, directory);
    }

    /// @inheritdoc IPartyRegistry
    function offerController(PartyId party, address controller) external onlyController(party) {
        if (controller != address(0)) _requireController(controller);
        _parties[party].pendingController = controller;
        emit ControllerOffered(party, controller);
    }

    /// @inheritdoc IPartyRegistry
    function acceptController(PartyId party) external {
        Party storage stored = _known(party);
        require(stored.pendingController == msg.sender, ControllerNotOffered(party, msg.sender));
        _requireController(msg.sender);
        --_controlled[stored.controller];
        ++_controlled[msg.sender];
        stored.controller = msg.sender;
        stored.pendingController = address(0);
        emit ControllerChanged(party, msg.sender);
    }

    /// @inheritdoc IPartyRegistry
    function requireActing(address key, uint8 role) external view returns (PartyId party) {
        SigningKey memory stored = _keys[key];
        party = stored.party;
        require(!party.isNone(), KeyUnknown(key));
        require(stored.retiredAt == 0, KeyIsRetired(key));
        require(!stored.suspended, PartyIsSuspended(party));
        require(stored.roles & role != 0, PartyLacksRole(party, role));
    }

    /// @inheritdoc IPartyRegistry
    function partyOf(PartyId party) external view returns (Party memory) {
        return _known(party);
    }

    /// @inheritdoc IPartyRegistry
    function keyOf(address key) external view returns (SigningKey memory) {
        return _keys[key];
    }

    /// @inheritdoc IPartyRegistry
    function keysOf(PartyId party) external view returns (address[] memory) {
        return _activeKeys[party];
    }

    /// @inheritdoc IPartyRegistry
    function possessionDigest(address controller, address key) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_SIGNING_KEY_TYPEHASH, controller, key)));
    }

    function _addKey(PartyId party, address key, bytes calldata possession) private {
        Party storage holder = _parties[party];
        // As in _requireController, the other way round: a controller, of whatever party, never becomes a signing key.
        require(key != address(0) && _controlled[key] == 0, KeyInvalid(key));
        PartyId owner = _keys[key].party;
        require(owner.isNone(), KeyTaken(key, owner));
        uint256 count = _activeKeys[party].length;
        require(count < MAX_KEYS, PartyKeyCountInvalid(count + 1, MAX_KEYS));
        (address signer,,) = ECDSA.tryRecover(possessionDigest(holder.controller, key), possession);
        require(signer == key, KeyPossessionUnproven(key));
        _keys[key] = SigningKey({
            party: party,
            roles: holder.roles,
            suspended: holder.suspended,
            addedAt: uint40(block.timestamp),
            retiredAt: 0,
            compromisedSince: 0
        });
        _activeKeys[party].push(key);
        emit KeyAdded(party, key);
    }

    function _retireKey(address key, SigningKey storage stored) private {
        stored.retiredAt = uint40(block.timestamp);
        address[] storage active = _activeKeys[stored.party];
        uint256 last = active.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (active[i] == key) {
                active[i] = active[last];
                break;
            }
        }
        active.pop();
        emit KeyRetired(stored.party, key);
    }

    /// @dev Keys carry a copy of their party's status, so that `requireActing` costs one read. The loop has at most
    /// MAX_KEYS turns.
    function _copyStatusToKeys(PartyId party) private {
        Party storage holder = _parties[party];
        address[] storage active = _activeKeys[party];
        for (uint256 i = 0; i < active.length; ++i) {
            SigningKey storage stored = _keys[active[i]];
            stored.roles = holder.roles;
            stored.suspended = holder.suspended;
        }
    }

    function _known(PartyId party) private view returns (Party storage stored) {
        stored = _parties[party];
        require(stored.controller != address(0), PartyUnknown(party));
    }

    function _knownKey(address key) private view returns (SigningKey storage stored) {
        stored = _keys[key];
        require(!stored.party.isNone(), KeyUnknown(key));
    }

    function _requireRoles(uint8 roles) private pure {
        require(roles != 0 && roles & ~ROLE_MASK == 0, PartyRolesInvalid(roles));
    }

    /// @dev A signing key must never manage keys, so it can never be a controller, not even of another party.
    function _requireController(address controller) private view {
        require(
            controller != address(0) && _keys[controller].party.isNone(), ControllerInvalid(controller)
        );
    }
}
