// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IConsentRegistry} from "interfaces/IConsentRegistry.sol";
import {IPartyRegistry} from "interfaces/IPartyRegistry.sol";
import {ConsentId, PartyId, ROLE_PRACTICE} from "interfaces/Types.sol";
import {ConsortiumPausable} from "../governance/ConsortiumPausable.sol";

/// @title Registry of consents
contract ConsentRegistry is IConsentRegistry, ConsortiumPausable, EIP712 {
    /// @inheritdoc IConsentRegistry
    uint40 public constant MAX_LIFETIME = 731 days;

    bytes32 private constant _CONSENT_TYPEHASH =
        keccak256("Consent(bytes32 commitment,uint32 recorder,uint40 expiresAt,bool attested)");
    bytes32 private constant _REVOCATION_TYPEHASH = keccak256("Revocation(bytes32 consent)");

    /// @inheritdoc IConsentRegistry
    IPartyRegistry public immutable parties;

    mapping(ConsentId consent => Consent) private _consents;

    /// @param authority access manager that decides who may call the restricted functions
    /// @param parties_ party registry that this registry asks which party acts
    constructor(address authority, IPartyRegistry parties_)
        AccessManaged(authority)
        EIP712("Sceau ConsentRegistry", "1")
    {
        parties = parties_;
    }

    /// @inheritdoc IConsentRegistry
    function record(bytes32 commitment, address key, uint40 expiresAt, bool attested, bytes calldata signature)
        external
        whenNotPaused
        returns (ConsentId consent)
    {
        require(commitment != 0, ConsentCommitmentEmpty());
        require(
            expiresAt > block.timestamp && expiresAt <= block.timestamp + MAX_LIFETIME && expiresAt % 1 days == 0,
            ConsentExpiryInvalid(expiresAt, block.timestamp + 1, block.timestamp + MAX_LIFETIME)
        );
        PartyId recorder = parties.requireActing(msg.sender, ROLE_PRACTICE);
        consent = consentId(commitment, key);
        Consent memory stored = _consents[consent];
        require(stored.recordedAt == 0, ConsentAlreadyRecorded(consent));
        require(stored.revokedAt == 0, ConsentAlreadyRevoked(consent));
        _requireSignature(key, consentDigest(commitment, recorder, expiresAt, attested), signature);
        _consents[consent] = Consent({
            recorder: recorder,
            recordedAt: uint40(block.timestamp),
            expiresAt: expiresAt,
            revokedAt: 0,
            withdrawnAt: 0,
            attested: attested
        });
        emit ConsentRecorded(consent, recorder, key, commitment, expiresAt, attested);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(bytes32 commitment) external returns (ConsentId consent) {
        consent = consentId(commitment, msg.sender);
        _revoke(consent);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySignature(bytes32 commitment, address key, bytes calldata signature)
        external
        returns (ConsentId consent)
    {
        consent = consentId(commitment, key);
        _requireSignature(key, revocationDigest(consent), signature);
        _revoke(consent);
    }

    /// @inheritdoc IConsentRegistry
    function withdraw(ConsentId consent) external {
        PartyId party = parties.requireActing(msg.sender, ROLE_PRACTICE);
        Consent storage stored = _consents[consent];
        require(stored.recorder == party, ConsentOfAnotherRecorder(consent, stored.recorder, party));
        require(stored.revokedAt == 0, ConsentAlreadyRevoked(consent));
        require(stored.withdrawnAt == 0, ConsentAlreadyWithdrawn(consent));
        stored.withdrawnAt = uint40(block.timestamp);
        emit ConsentWithdrawn(consent, party);
    }

    /// @inheritdoc IConsentRegistry
    function consentOf(ConsentId consent) external view returns (Consent memory) {
        return _consents[consent];
    }

    /// @inheritdoc IConsentRegistry
    function isValidAt(ConsentId consent, uint256 time) external view returns (bool) {
        return _isValidAt(_consents[consent], time);
    }

    /// @inheritdoc IConsentRegistry
    function validityOf(ConsentId consent, uint256 time) external view returns (PartyId recorder, bool valid) {
        Consent memory stored = _consents[consent];
        return (stored.recorder, _isValidAt(stored, time));
    }

    /// @inheritdoc IConsentRegistry
    function consentId(bytes32 commitment, address key) public pure returns (ConsentId) {
        return ConsentId.wrap(keccak256(abi.encode(commitment, key)));
    }

    /// @inheritdoc IConsentRegistry
    function consentDigest(bytes32 commitment, PartyId recorder, uint40 expiresAt, bool attested)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(abi.encode(_CONSENT_TYPEHASH, commitment, recorder, expiresAt, attested))
        );
    }

    /// @inheritdoc IConsentRegistry
    function revocationDigest(ConsentId consent) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_REVOCATION_TYPEHASH, consent)));
    }

    /// @dev Reads and writes nothing but the consent, so that nothing can stop a revocation.
    function _revoke(ConsentId consent) private {
        Consent storage stored = _consents[consent];
        require(stored.revokedAt == 0, ConsentAlreadyRevoked(consent));
        stored.revokedAt = uint40(block.timestamp);
        emit ConsentRevoked(consent);
    }

    function _isValidAt(Consent memory stored, uint256 time) private pure returns (bool) {
        return stored.recordedAt != 0 && stored.recordedAt <= time && time < stored.expiresAt
            && (stored.revokedAt == 0 || time < stored.revokedAt)
            && (stored.withdrawnAt == 0 || time < stored.withdrawnAt);
    }

    /// @dev Tries ECDSA first. To read the code of an address that has none would cost every patient 2,600 gas.
    function _requireSignature(address key, bytes32 digest, bytes calldata signature) private view {
        (address signer, ECDSA.RecoverError error_,) = ECDSA.tryRecover(digest, signature);
        require(
            (error_ == ECDSA.RecoverError.NoError && signer == key)
                || SignatureChecker.isValidERC1271SignatureNow(key, digest, signature),
            ConsentSignatureInvalid(key)
        );
    }
}
