// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Access manager of the consortium
/// @notice Decides who may call the restricted functions. It is OpenZeppelin's AccessManager, unchanged. It has a name
/// of this project so that its source is verified with the rest. An ordinary account, a Safe or a timelock can hold
/// each of its roles.
contract ConsortiumAccessManager is AccessManager {
    /// @param initialAdmin first holder of the manager's admin role
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
