// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ConsentId, PartyId} from "./Types.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";

/// @title Registry of patients' consents
/// @notice Holds, for each consent, who recorded it, until when it lasts and whether it was ended; never what it says.
/// A consent is signed by a key made for it alone. Revoking reads nothing but the consent and the signer: no pause,
/// suspension or administrator can stop it.
interface IConsentRegistry {
    /// @notice What the registry holds about a consent. One storage slot.
    /// @param recorder practice that recorded it; zero if it was not recorded
    /// @param recordedAt block time of recording, in seconds; zero if it was not recorded
    /// @param expiresAt end of the consent, in seconds, a midnight UTC
    /// @param revokedAt block time of revocation by the consent's key, in seconds; zero if none. Set without
    /// `recordedAt`, it is a tombstone: the consent can never be recorded
    /// @param withdrawnAt block time of withdrawal by the recording practice, in seconds; zero if none
    /// @param attested whether the practice vouches for the patient's agreement (paper signature, key made in the shop)
    struct Consent {
        PartyId recorder;
        uint40 recordedAt;
        uint40 expiresAt;
        uint40 revokedAt;
        uint40 withdrawnAt;
        bool attested;
    }

    /// @param consent the consent
    /// @param recorder practice that recorded it
    /// @param key address that signed it and can revoke it
    /// @param commitment commitment to what it says
    /// @param expiresAt its end, in seconds
    /// @param attested whether the practice vouches for the patient's agreement
    event ConsentRecorded(
        ConsentId indexed consent,
        PartyId indexed recorder,
        address indexed key,
        bytes32 commitment,
        uint40 expiresAt,
        bool attested
    );
    /// @param consent the consent that its key revoked, recorded before or not
    event ConsentRevoked(ConsentId indexed consent);
    /// @param consent the consent
    /// @param recorder the practice that recorded it and withdrew it
    event ConsentWithdrawn(ConsentId indexed consent, PartyId indexed recorder);

    /// @notice A commitment may not be zero.
    error ConsentCommitmentEmpty();
    /// @notice The consent ends in the past, more than 731 days ahead, or not at a midnight UTC.
    error ConsentExpiryInvalid(uint40 expiresAt, uint256 earliest, uint256 latest);
    /// @notice The signature is not by the consent's key, or not for this consent, recorder, chain and contract.
    error ConsentSignatureInvalid(address key);
    /// @notice The consent was recorded before.
    error ConsentAlreadyRecorded(ConsentId consent);
    /// @notice The consent was revoked before; it can neither be recorded nor revoked again.
    error ConsentAlreadyRevoked(ConsentId consent);
    /// @notice The consent was withdrawn before.
    error ConsentAlreadyWithdrawn(ConsentId consent);
    /// @notice Only the practice that recorded the consent may withdraw it.
    error ConsentOfAnotherRecorder(ConsentId consent, PartyId recorder, PartyId caller);

    /// @notice Records a consent. By the practice that its signature names; not while paused.
    /// @param commitment commitment to what the consent says
    /// @param key address that signed; a contract wallet is asked by ERC-1271
    /// @param expiresAt end of the consent, in seconds, a midnight UTC at most 731 days ahead
    /// @param attested whether the practice vouches for the patient's agreement
    /// @param signature EIP-712 signature by `key` of
    /// `Consent(bytes32 commitment,uint32 recorder,uint40 expiresAt,bool attested)`
    /// @return consent its identifier
    function record(bytes32 commitment, address key, uint40 expiresAt, bool attested, bytes calldata signature)
        external
        returns (ConsentId consent);

    /// @notice Revokes a consent by its key's own transaction, for ever, even before it is recorded.
    /// @param commitment commitment to what the consent says
    /// @return consent its identifier
    function revoke(bytes32 commitment) external returns (ConsentId consent);

    /// @notice Revokes a consent by its key's signature, for ever, even before it is recorded. By anyone.
    /// @param commitment commitment to what the consent says
    /// @param key address that signed; a contract wallet is asked by ERC-1271
    /// @param signature EIP-712 signature by `key` of `Revocation(bytes32 consent)`
    /// @return consent its identifier
    function revokeBySignature(bytes32 commitment, address key, bytes calldata signature)
        external
        returns (ConsentId consent);

    /// @notice Withdraws a consent at the patient's word (a lost card). By the practice that recorded it, even while
    /// paused, not while suspended.
    /// @param consent the consent
    function withdraw(ConsentId consent) external;

    /// @notice What is known about a consent; all zero if nothing is.
    /// @param consent the consent
    function consentOf(ConsentId consent) external view returns (Consent memory);

    /// @notice Whether a consent is valid at a time: recordedAt <= time < min(expiresAt, revokedAt, withdrawnAt).
    /// @param consent the consent
    /// @param time the time, in seconds
    function isValidAt(ConsentId consent, uint256 time) external view returns (bool);

    /// @notice Identifier of the consent with this commitment and key.
    /// @param commitment commitment to what the consent says
    /// @param key address that signs it
    function consentId(bytes32 commitment, address key) external pure returns (ConsentId);

    /// @notice EIP-712 digest that a consent's key signs to consent.
    /// @param commitment commitment to what the consent says
    /// @param recorder practice that may record it
    /// @param expiresAt end of the consent, in seconds
    /// @param attested whether the practice vouches for the patient's agreement
    function consentDigest(bytes32 commitment, PartyId recorder, uint40 expiresAt, bool attested)
        external
        view
        returns (bytes32);

    /// @notice EIP-712 digest that a consent's key signs to revoke.
    /// @param consent the consent
    function revocationDigest(ConsentId consent) external view returns (bytes32);

    /// @notice Longest life of a consent, in seconds.
    function MAX_LIFETIME() external view returns (uint40);

    /// @notice The party registry that this registry asks who acts. Fixed for ever.
    function parties() external view returns (IPartyRegistry);
}
