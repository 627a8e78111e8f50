// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "interfaces/IPartyRegistry.sol";
import {PartyId} from "interfaces/Types.sol";
import {AnyAuthority, Proof} from "./Proof.sol";

/// @title Proofs about the registry of parties
contract PartyProof is Proof {
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

    /// @notice False: the solver must find a key that acts.
    function refute_no_key_may_act(address key, uint8 role) public view {
        try _registry.requireActing(key, role) {
            assert(false);
        } catch {}
    }
}
