// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "interfaces/IPartyRegistry.sol";
import {PartyId} from "interfaces/Types.sol";
import {AnyAuthority, Proof} from "./Proof.sol";

/// @title Proofs about the registry of parties
contract PartyProof is Proof {
    /// @dev Where the registry keeps the list of a party's keys that are not retired; a loop runs over it.
    uint256 private constant _ACTIVE_KEYS_SLOT = 5;
    uint256 private constant _MOST_KEYS = 2;

    IPartyRegistry private _registry;

    function setUp() public {
        AnyAuthority authority = new AnyAuthority();
        _registry = IPartyRegistry(_create("PartyRegistry", abi.encode(authority)));
        svm.enableSymbolicStorage(address(authority));
        svm.enableSymbolicStorage(address(_registry));
    }

    /// @notice P2, P3. A key may act in a role exactly when it is registered, not retired, and its copy of its party's
    /// status is not suspended and holds the role; it acts for its party alone.
    function check_P2_who_may_act(address key, uint8 role) public view {
        IPartyRegistry.SigningKey memory stored = _registry.keyOf(key);
        bool allowed =
            !stored.party.isNone() && stored.retiredAt == 0 && !stored.suspended && stored.roles & role != 0;
        try _registry.requireActing(key, role) returns (PartyId party) {
            assert(allowed && party == stored.party);
        } catch {
            assert(!allowed);
        }
    }

    /// @notice P3. A key's own retirement takes effect at once, and no second one is taken.
    function check_P3_a_retired_key_is_not_retired_again(address key, address sender, uint256 time) public {
        vm.assume(_registry.keyOf(key).retiredAt != 0);
        assert(!_call(address(_registry), sender, time, abi.encodeCall(IPartyRegistry.retireKey, (key))));
    }

    /// @notice P3, P9. Whatever is called: a key that was registered stays its party's, with the day on which it was
    /// added; once it is retired or compromised, that date stays as well.
    function check_P3_a_key_stays_its_partys(address key, address sender, uint256 time) public {
        IPartyRegistry.SigningKey memory before = _registry.keyOf(key);
        vm.assume(!before.party.isNone());
        _callWithFewKeys(sender, time);
        IPartyRegistry.SigningKey memory current = _registry.keyOf(key);
        assert(current.party == before.party && current.addedAt == before.addedAt);
        assert(_if(before.retiredAt != 0, current.retiredAt == before.retiredAt));
        assert(_if(before.compromisedSince != 0, current.compromisedSince == before.compromisedSince));
    }

    /// @notice P1, P6. A key is registered by a call of the party's controller that names it, or by an admission, which
    /// the access manager lets through.
    function check_P6_only_the_controller_adds_a_key(address key, address sender, uint256 time) public {
        vm.assume(_registry.keyOf(key).party.isNone());
        bytes memory data = _callWithFewKeys(sender, time);
        PartyId party = _registry.keyOf(key).party;
        if (party.isNone()) return;
        if (bytes4(data) == IPartyRegistry.admit.selector) return;
        assert(bytes4(data) == IPartyRegistry.addKey.selector);
        assert(uint256(_word(data, 0)) == PartyId.unwrap(party) && address(uint160(uint256(_word(data, 1)))) == key);
        assert(_registry.partyOf(party).controller == sender);
    }

    /// @notice P2, P8. Once a party is suspended, none of its keys acts in any role.
    function check_P8_a_suspended_party_acts_no_more(
        PartyId party,
        address key,
        uint8 role,
        address sender,
        uint256 time
    ) public {
        _assumeFewKeys(party);
        vm.assume(_isActive(party, key));
        vm.assume(_call(address(_registry), sender, time, abi.encodeCall(IPartyRegistry.suspend, (party))));
        try _registry.requireActing(key, role) {
            assert(false);
        } catch {}
    }

    /// @notice P8. A key that is added has the roles of its party, and is suspended with it.
    function check_P8_a_new_key_has_its_partys_status(
        PartyId party,
        address key,
        bytes calldata possession,
        address sender,
        uint256 time
    ) public {
        bytes memory data = abi.encodeCall(IPartyRegistry.addKey, (party, key, possession));
        vm.assume(_call(address(_registry), sender, time, data));
        IPartyRegistry.SigningKey memory added = _registry.keyOf(key);
        IPartyRegistry.Party memory holder = _registry.partyOf(party);
        assert(added.party == party && added.retiredAt == 0 && added.addedAt == time);
        assert(added.roles == holder.roles && added.suspended == holder.suspended);
    }

    /// @notice False: the solver must find a suspension.
    function refute_nobody_is_ever_suspended(PartyId party, address sender, uint256 time) public {
        _assumeFewKeys(party);
        assert(!_call(address(_registry), sender, time, abi.encodeCall(IPartyRegistry.suspend, (party))));
    }

    /// @notice False: the solver must find a key that is added.
    function refute_no_key_is_ever_added(address key, address sender, uint256 time) public {
        vm.assume(_registry.keyOf(key).party.isNone());
        _callWithFewKeys(sender, time);
        assert(_registry.keyOf(key).party.isNone());
    }

    /// @notice False: the solver must find a key that acts.
    function refute_no_key_may_act(address key, uint8 role) public view {
        try _registry.requireActing(key, role) {
            assert(false);
        } catch {}
    }

    /// @dev Any call, of which a loop over a party's keys has few turns.
    function _callWithFewKeys(address sender, uint256 time) private returns (bytes memory data) {
        data = svm.createCalldata("PartyRegistry");
        bytes4 selector = bytes4(data);
        if (selector == IPartyRegistry.setRoles.selector || selector == IPartyRegistry.suspend.selector
                || selector == IPartyRegistry.reinstate.selector) {
            _assumeFewKeys(PartyId.wrap(uint32(uint256(_word(data, 0)))));
        } else if (selector == IPartyRegistry.retireKey.selector
                || selector == IPartyRegistry.setCompromisedSince.selector) {
            _assumeFewKeys(_registry.keyOf(address(uint160(uint256(_word(data, 0))))).party);
        }
        _call(address(_registry), sender, time, data);
    }

    function _assumeFewKeys(PartyId party) private view {
        vm.assume(uint256(vm.load(address(_registry), _activeKeys(party))) <= _MOST_KEYS);
    }

    /// @dev Whether a key is in the list of a party's keys that are not retired.
    function _isActive(PartyId party, address key) private view returns (bool active) {
        uint256 length = uint256(vm.load(address(_registry), _activeKeys(party)));
        uint256 first = uint256(keccak256(abi.encode(_activeKeys(party))));
        for (uint256 i = 0; i < _MOST_KEYS; ++i) {
            bytes32 listed = vm.load(address(_registry), bytes32(first + i));
            active = _or(active, _and(i < length, address(uint160(uint256(listed))) == key));
        }
    }

    function _activeKeys(PartyId party) private pure returns (bytes32 slot) {
        return keccak256(abi.encode(party, _ACTIVE_KEYS_SLOT));
    }
}
