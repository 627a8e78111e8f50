// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may call the restricted functions
/// @notice OpenZeppelin's AccessManager, unchanged, under a name of this project so that its source is verified with
/// the rest. An ordinary account, a Safe or a timelock can hold each of its roles.
contract ConsortiumAccessManager is AccessManager {
    /// @param initialAdmin holder of the manager's admin role
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
