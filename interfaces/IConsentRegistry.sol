// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ConsentId, PartyId} from "./Types.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";

/// @title Registry of patients' consents
/// @notice Holds, for each consent, which practice recorded it, until when it lasts and whether it was ended; never
/// what it says. A key made for this consent alone signs it. A revocation reads nothing but the consent and the signer:
/// no pause, no suspension and no admin can stop it.
interface IConsentRegistry {
    /// @notice What the registry holds about a consent. One storage slot.
    /// @dev Layout, bits counted from the lowest:
    ///   slot 0: recorder 0–31, recordedAt 32–71, expiresAt 72–111, revokedAt 112–151, withdrawnAt 152–191,
    ///           attested 192–199
    /// @param recorder practice that recorded it; zero if it was not recorded
    /// @param recordedAt block time of recording, in seconds; zero if it was not recorded
    /// @param expiresAt end of the consent, in seconds: a midnight UTC
    /// @param revokedAt block time of revocation by the consent's key, in seconds; zero if none. If it is set and
    /// `recordedAt` is not, it is a tombstone: the consent can never be recorded
    /// @param withdrawnAt block time of withdrawal by the recording practice, in seconds; zero if none
    /// @param attested whether the practice vouches for the patient's agreement (paper signature, or key made in the
    /// shop)
    struct Consent {
        PartyId recorder;
        uint40 recordedAt;
        uint40 expiresAt;
        uint40 revokedAt;
        uint40 withdrawnAt;
        bool attested;
    }

    /// @notice Emitted when a practice records a consent.
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
    /// @notice Emitted when the key of a consent revokes it, whether or not it was recorded before.
    /// @param consent the consent
    event ConsentRevoked(ConsentId indexed consent);
    /// @notice Emitted when the practice that recorded a consent withdraws it.
    /// @param consent the consent
    /// @param recorder the practice
    event ConsentWithdrawn(ConsentId indexed consent, PartyId indexed recorder);

    /// @notice The commitment must not be zero.
    error ConsentCommitmentEmpty();
    /// @notice The consent would end in the past, more than 731 days ahead, or not at a midnight UTC.
    /// @param expiresAt the invalid end, in seconds
    /// @param earliest earliest end allowed now, in seconds
    /// @param latest latest end allowed now, in seconds
    error ConsentExpiryInvalid(uint40 expiresAt, uint256 earliest, uint256 latest);
    /// @notice The signature is not by the consent's key, or not for this consent, recorder, chain and contract.
    /// @param key address that should have signed
    error ConsentSignatureInvalid(address key);
    /// @notice The consent is already recorded.
    /// @param consent the consent
    error ConsentAlreadyRecorded(ConsentId consent);
    /// @notice The consent is already revoked. It can neither be recorded nor be revoked again, nor be withdrawn.
    /// @param consent the consent
    error ConsentAlreadyRevoked(ConsentId consent);
    /// @notice The consent is already withdrawn.
    /// @param consent the consent
    error ConsentAlreadyWithdrawn(ConsentId consent);
    /// @notice Only the practice that recorded the consent may withdraw it.
    /// @param consent the consent
    /// @param recorder practice that recorded it; zero if it was not recorded
    /// @param party party that called
    error ConsentOfAnotherRecorder(ConsentId consent, PartyId recorder, PartyId party);

    /// @notice Records a consent. Only the practice that its signature names may call it; not while paused.
    ///
    /// WARNING: For the practice: what is recorded cannot be changed. If the expiry or `attested` is wrong, the patient
    /// must sign a new consent with a new key. The patient can also revoke before this transaction is mined; the
    /// consent can then never be recorded.
    /// @param commitment commitment to what the consent says
    /// @param key address that signed; a contract wallet is asked by ERC-1271
    /// @param expiresAt end of the consent, in seconds: a midnight UTC at most 731 days ahead
    /// @param attested whether the practice vouches for the patient's agreement
    /// @param signature EIP-712 signature by `key` of
    /// `Consent(bytes32 commitment,uint32 recorder,uint40 expiresAt,bool attested)`
    /// @return consent its identifier
    function record(bytes32 commitment, address key, uint40 expiresAt, bool attested, bytes calldata signature)
        external
        returns (ConsentId consent);

    /// @notice Revokes a consent for ever, even before it is recorded. The consent's key sends the transaction itself.
    ///
    /// WARNING: For the patient: the call succeeds with any commitment and from any address, because a consent can be
    /// revoked before it is recorded. With a wrong commitment, or from another address than the consent's key, it
    /// revokes a consent that does not exist, and the patient's consent stays valid. Check that `consent` is the
    /// identifier that was meant.
    /// @param commitment commitment to what the consent says
    /// @return consent its identifier
    function revoke(bytes32 commitment) external returns (ConsentId consent);

    /// @notice Revokes a consent for ever by its key's signature, even before it is recorded. Anyone may call it.
    ///
    /// WARNING: For the patient: the signature never expires. Anyone who holds it can revoke the consent later.
    /// @param commitment commitment to what the consent says
    /// @param key address that signed; a contract wallet is asked by ERC-1271
    /// @param signature EIP-712 signature by `key` of `Revocation(bytes32 consent)`
    /// @return consent its identifier
    function revokeBySignature(bytes32 commitment, address key, bytes calldata signature)
        external
        returns (ConsentId consent);

    /// @notice Withdraws a consent at the patient's word, for example when the card is lost. Only the practice that
    /// recorded it may call it, even while paused, but not while suspended.
    ///
    /// WARNING: For the practice: a withdrawal is never undone. To go on, the patient must sign a new consent.
    /// @param consent the consent
    function withdraw(ConsentId consent) external;

    /// @notice Returns what the registry holds about a consent; all zero if it holds nothing.
    ///
    /// WARNING: A consent that is stored is not always valid: it may have expired, or be a tombstone that was never
    /// recorded. `isValidAt` judges that.
    /// @param consent the consent
    /// @return the stored consent
    function consentOf(ConsentId consent) external view returns (Consent memory);

    /// @notice Returns whether a consent is valid at a time: recordedAt <= time < min(expiresAt, revokedAt,
    /// withdrawnAt), without the dates that are not set.
    ///
    /// WARNING: For a time in the future the answer holds only as long as the consent is neither revoked nor withdrawn.
    /// A valid consent serves only the practice that recorded it: the caller must check the recorder, too.
    /// @param consent the consent
    /// @param time the time, in seconds
    /// @return whether it is valid
    function isValidAt(ConsentId consent, uint256 time) external view returns (bool);

    /// @notice Returns which practice recorded a consent and whether it is valid at a time, as `isValidAt` judges it.
    ///
    /// WARNING: For a time in the future the answer holds only as long as the consent is neither revoked nor withdrawn.
    /// @param consent the consent
    /// @param time the time, in seconds
    /// @return recorder practice that recorded it; zero if it was not recorded
    /// @return valid whether it is valid
    function validityOf(ConsentId consent, uint256 time) external view returns (PartyId recorder, bool valid);

    /// @notice Returns the identifier of the consent with this commitment and key.
    /// @param commitment commitment to what the consent says
    /// @param key address that signs it
    /// @return the identifier
    function consentId(bytes32 commitment, address key) external pure returns (ConsentId);

    /// @notice Returns the EIP-712 digest that a consent's key signs to consent.
    ///
    /// WARNING: For the patient's software: the arguments are not checked. If the expiry is invalid, or `recorder` is
    /// not the party that sends the signature, the consent can never be recorded.
    /// @param commitment commitment to what the consent says
    /// @param recorder practice that may record it
    /// @param expiresAt end of the consent, in seconds
    /// @param attested whether the practice vouches for the patient's agreement
    /// @return the digest
    function consentDigest(bytes32 commitment, PartyId recorder, uint40 expiresAt, bool attested)
        external
        view
        returns (bytes32);

    /// @notice Returns the EIP-712 digest that a consent's key signs to revoke.
    /// @param consent the consent
    /// @return the digest
    function revocationDigest(ConsentId consent) external view returns (bytes32);

    /// @notice Longest life of a consent, in seconds.
    /// @return the number of seconds
    function MAX_LIFETIME() external view returns (uint40);

    /// @notice The party registry that this registry asks which party acts. It can never be replaced.
    /// @return the party registry
    function parties() external view returns (IPartyRegistry);
}
