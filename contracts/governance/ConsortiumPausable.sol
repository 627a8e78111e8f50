// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IConsortiumPausable} from "interfaces/IConsortiumPausable.sol";

/// @dev Base of a registry in which the consortium can pause new records.
abstract contract ConsortiumPausable is AccessManaged, Pausable, IConsortiumPausable {
    /// @inheritdoc IConsortiumPausable
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IConsortiumPausable
    function unpause() external restricted {
        _unpause();
    }

    /// @inheritdoc IConsortiumPausable
    function paused() public view override(Pausable, IConsortiumPausable) returns (bool) {
        return Pausable.paused();
    }
}
