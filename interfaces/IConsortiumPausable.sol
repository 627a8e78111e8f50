// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Pause of new consents or new claims
/// @notice Running claims go on and nothing stops a revocation. The events and errors of a pause are those of
/// OpenZeppelin's Pausable.
interface IConsortiumPausable {
    /// @notice Stops new records of this registry's kind. Restricted, to one admin alone.
    function pause() external;

    /// @notice Allows new records again. Restricted.
    function unpause() external;

    /// @notice Whether new records are stopped.
    function paused() external view returns (bool);
}
