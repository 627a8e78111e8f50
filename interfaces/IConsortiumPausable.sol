// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Pause of new consents or new claims
/// @notice A pause stops new records only: running claims go on, and nothing stops a revocation. The events and errors
/// of a pause are those of OpenZeppelin's Pausable.
interface IConsortiumPausable {
    /// @notice Stops new records in this registry: new consents or new claims. Restricted, to one admin alone.
    ///
    /// WARNING: It pauses this registry only. To stop new consents and new claims, pause both registries.
    function pause() external;

    /// @notice Allows new records again. Restricted.
    function unpause() external;

    /// @notice Returns whether new records are stopped.
    /// @return whether this registry is paused
    function paused() external view returns (bool);
}
