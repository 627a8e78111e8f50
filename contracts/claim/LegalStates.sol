// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IClaimRegistry} from "interfaces/IClaimRegistry.sol";

/// @title States in which each step of a claim is legal
/// @dev One mask for each step, in the order of the table in docs/protocol.md. Bit n of a mask stands for state number
/// n.
library LegalStates {
    uint256 private constant _NONE = 1 << uint8(IClaimRegistry.State.None);
    uint256 private constant _OPENED = 1 << uint8(IClaimRegistry.State.Opened);
    uint256 private constant _AUTHORISED = 1 << uint8(IClaimRegistry.State.Authorised);
    uint256 private constant _ORDERED = 1 << uint8(IClaimRegistry.State.Ordered);
    uint256 private constant _INVOICED = 1 << uint8(IClaimRegistry.State.Invoiced);
    uint256 private constant _SETTLED = 1 << uint8(IClaimRegistry.State.Settled);
    uint256 private constant _REFUSED = 1 << uint8(IClaimRegistry.State.Refused);
    uint256 private constant _CANCELLED = 1 << uint8(IClaimRegistry.State.Cancelled);

    uint256 internal constant OPEN = _NONE;
    uint256 internal constant AUTHORISE = _OPENED;
    uint256 internal constant REFUSE = _OPENED | _INVOICED;
    uint256 internal constant CANCEL = _OPENED | _AUTHORISED | _ORDERED;
    uint256 internal constant ORDER = _AUTHORISED;
    uint256 internal constant REMAKE = _ORDERED | _INVOICED | _SETTLED;
    uint256 internal constant DELIVER = _ORDERED | _INVOICED | _SETTLED | _REFUSED | _CANCELLED;
    uint256 internal constant INVOICE = _ORDERED;
    uint256 internal constant SETTLE = _INVOICED;
    uint256 internal constant RETURN = _ORDERED | _INVOICED | _SETTLED | _REFUSED | _CANCELLED;
    uint256 internal constant DISPUTE = _ORDERED | _INVOICED | _SETTLED | _REFUSED | _CANCELLED;

    /// @dev Whether a mask has the bit of a state.
    function has(uint256 states, IClaimRegistry.State state) internal pure returns (bool) {
        return states & (1 << uint8(state)) != 0;
    }
}
