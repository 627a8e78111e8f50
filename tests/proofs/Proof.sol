// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ConsentId, PartyId} from "interfaces/Types.sol";

/// @dev The part of Foundry's cheat codes that the proofs use, as Halmos reads them.
interface Vm {
    function assume(bool condition) external pure;
    function prank(address sender) external;
    function warp(uint256 time) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function getCode(string calldata artifact) external view returns (bytes memory);
}

/// @dev The part of Halmos' own cheat codes that the proofs use.
interface Svm {
    function enableSymbolicStorage(address target) external;
    function createCalldata(string calldata contractName) external view returns (bytes memory);
}

/// @dev A party registry that may answer anything: what is proved with it holds for any party registry.
contract AnyParties {
    mapping(address key => mapping(uint8 role => PartyId)) private _acting;

    error NotActing();

    function requireActing(address key, uint8 role) external view returns (PartyId party) {
        party = acting(key, role);
        require(!party.isNone(), NotActing());
    }

    function acting(address key, uint8 role) public view returns (PartyId) {
        return _acting[key][role];
    }
}

/// @dev A consent registry that may answer anything.
contract AnyConsents {
    struct Answer {
        PartyId recorder;
        bool valid;
    }

    mapping(ConsentId consent => mapping(uint256 time => Answer)) private _answers;

    function validityOf(ConsentId consent, uint256 time) external view returns (PartyId, bool) {
        return (_answers[consent][time].recorder, _answers[consent][time].valid);
    }
}

/// @dev An access manager that may let anybody call anything, at once or not at all.
contract AnyAuthority {
    mapping(address caller => mapping(bytes4 selector => bool)) private _allowed;

    function canCall(address caller, address, bytes4 selector) external view returns (bool, uint32) {
        return (_allowed[caller][selector], 0);
    }
}

/// @dev Base of the proofs. `setUp` of a proof makes the registry from the code that is deployed, and gives it any
/// storage whatever, also one that no history leads to.
abstract contract Proof {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    Svm internal constant svm = Svm(0xF3993A62377BCd56AE39D773740A5390411E8BC9);

    function _create(string memory name, bytes memory arguments) internal returns (address created) {
        bytes memory code = bytes.concat(vm.getCode(string.concat("out/", name, ".sol/", name, ".json")), arguments);
        assembly {
            created := create(0, add(code, 0x20), mload(code))
        }
        require(created != address(0));
    }

    /// @dev Calls as `sender` in a block of `time`. A block's time is never zero and fits 40 bits until the year 36812.
    function _call(address target, address sender, uint256 time, bytes memory data) internal returns (bool done) {
        vm.assume(time > 0 && time < 2 ** 40);
        vm.warp(time);
        vm.prank(sender);
        (done,) = target.call(data);
    }

    /// @dev Argument number `index` of a call's data.
    function _word(bytes memory data, uint256 index) internal pure returns (bytes32 word) {
        assembly {
            word := mload(add(data, add(0x24, mul(0x20, index))))
        }
    }

    /// @dev `a && b`, `a || b` and `!a || b` without a jump: a jump doubles the paths that the solver walks.
    function _and(bool a, bool b) internal pure returns (bool c) {
        assembly {
            c := and(a, b)
        }
    }

    function _or(bool a, bool b) internal pure returns (bool c) {
        assembly {
            c := or(a, b)
        }
    }

    function _if(bool a, bool b) internal pure returns (bool) {
        return _or(!a, b);
    }
}
