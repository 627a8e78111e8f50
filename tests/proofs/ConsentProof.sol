// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IConsentRegistry} from "interfaces/IConsentRegistry.sol";
import {IConsortiumPausable} from "interfaces/IConsortiumPausable.sol";
import {ConsentId, PartyId, ROLE_PRACTICE} from "interfaces/Types.sol";
import {AnyAuthority, AnyParties, Proof} from "./Proof.sol";

/// @title Proofs about the registry of consents
contract ConsentProof is Proof {
    /// @dev Half of the order of secp256k1: the highest `s` of a signature that is taken.
    uint256 private constant _HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    IConsentRegistry private _registry;
    AnyParties private _parties;

    function setUp() public {
        _parties = new AnyParties();
        AnyAuthority authority = new AnyAuthority();
        _registry = IConsentRegistry(_create("ConsentRegistry", abi.encode(authority, _parties)));
        svm.enableSymbolicStorage(address(_parties));
        svm.enableSymbolicStorage(address(authority));
        svm.enableSymbolicStorage(address(_registry));
    }

    /// @notice P19. A consent is valid at t exactly when recordedAt <= t < min(expiresAt, revokedAt, withdrawnAt).
    function check_P19_validity(ConsentId consent, uint256 time) public view {
        IConsentRegistry.Consent memory stored = _registry.consentOf(consent);
        (PartyId recorder, bool valid) = _registry.validityOf(consent, time);
        assert(_registry.isValidAt(consent, time) == _valid(stored, time));
        assert(valid == _valid(stored, time) && recorder == stored.recorder);
    }

    /// @notice P19. No call makes a recorded consent valid at a time, now or later, at which it was not valid before.
    function check_P19_what_is_over_stays_over(
        ConsentId consent,
        address sender,
        uint256 time,
        uint256 later
    ) public {
        vm.assume(_registry.consentOf(consent).recordedAt != 0);
        vm.assume(later >= time && !_registry.isValidAt(consent, later));
        _call(address(_registry), sender, time, svm.createCalldata("ConsentRegistry"));
        assert(!_registry.isValidAt(consent, later));
    }

    /// @notice P17. No call changes anything of a revoked consent: it is revoked for ever.
    function check_P17_a_revoked_consent_never_changes(ConsentId consent, address sender, uint256 time) public {
        IConsentRegistry.Consent memory before = _registry.consentOf(consent);
        vm.assume(before.revokedAt != 0);
        _call(address(_registry), sender, time, svm.createCalldata("ConsentRegistry"));
        assert(_same(_registry.consentOf(consent), before));
    }

    /// @notice P17. After a revocation that came before the recording, every recording is refused.
    function check_P17_a_tombstone_refuses_the_recording(
        bytes32 commitment,
        address key,
        uint40 expiresAt,
        bool attested,
        bytes calldata signature,
        address sender,
        uint256 time
    ) public {
        vm.assume(_registry.consentOf(_registry.consentId(commitment, key)).revokedAt != 0);
        bytes memory data =
            abi.encodeCall(IConsentRegistry.record, (commitment, key, expiresAt, attested, signature));
        assert(!_call(address(_registry), sender, time, data));
    }

    /// @notice P16. The key of a consent that is not revoked revokes it, in every state of everything; nothing else of
    /// the consent changes.
    function check_P16_nothing_stops_the_key(bytes32 commitment, address key, uint256 time) public {
        ConsentId consent = _registry.consentId(commitment, key);
        IConsentRegistry.Consent memory expected = _registry.consentOf(consent);
        vm.assume(expected.revokedAt == 0);
        assert(_call(address(_registry), key, time, abi.encodeCall(IConsentRegistry.revoke, (commitment))));
        expected.revokedAt = uint40(time);
        assert(_same(_registry.consentOf(consent), expected));
    }

    /// @notice P18. Only a call in which the consent's key takes part sets the date of revocation, to the block's time.
    function check_P18_only_its_key_revokes(ConsentId consent, address sender, uint256 time) public {
        uint40 before = _registry.consentOf(consent).revokedAt;
        bytes memory data = svm.createCalldata("ConsentRegistry");
        _call(address(_registry), sender, time, data);
        uint40 current = _registry.consentOf(consent).revokedAt;
        if (current == before) return;
        assert(before == 0 && current == time);
        if (bytes4(data) == IConsentRegistry.revoke.selector) {
            assert(_same(consent, _registry.consentId(_word(data, 0), sender)));
        } else {
            assert(bytes4(data) == IConsentRegistry.revokeBySignature.selector);
            address key = address(uint160(uint256(_word(data, 1))));
            assert(_same(consent, _registry.consentId(_word(data, 0), key)));
        }
    }

    /// @notice P18. A revocation that somebody relays is taken only with a signature by the consent's key.
    function check_P18_a_relayed_revocation_is_signed(
        bytes32 commitment,
        address key,
        bytes calldata signature,
        address sender,
        uint256 time
    ) public {
        vm.assume(key.code.length == 0);
        bytes memory data = abi.encodeCall(IConsentRegistry.revokeBySignature, (commitment, key, signature));
        bytes32 digest = _registry.revocationDigest(_registry.consentId(commitment, key));
        if (_call(address(_registry), sender, time, data)) assert(_signed(key, digest, signature));
    }

    /// @notice P18. Only the practice that recorded a consent sets its date of withdrawal, once, to the block's time;
    /// nothing else of the consent changes with it.
    function check_P18_only_its_recorder_withdraws(ConsentId consent, address sender, uint256 time) public {
        IConsentRegistry.Consent memory before = _registry.consentOf(consent);
        bytes memory data = svm.createCalldata("ConsentRegistry");
        _call(address(_registry), sender, time, data);
        IConsentRegistry.Consent memory current = _registry.consentOf(consent);
        // A tombstone has no recorder; no history leaves a date of withdrawal there for a recording to clear.
        vm.assume(before.recordedAt != 0 || before.withdrawnAt == 0);
        if (current.withdrawnAt == before.withdrawnAt) return;
        assert(bytes4(data) == IConsentRegistry.withdraw.selector);
        assert(_parties.acting(sender, ROLE_PRACTICE) == before.recorder && !before.recorder.isNone());
        assert(before.withdrawnAt == 0 && before.revokedAt == 0);
        before.withdrawnAt = uint40(time);
        assert(_same(current, before));
    }

    /// @notice P11, P12, P15, P31. What a recording needs, and what it writes.
    function check_P11_a_recording_is_signed_and_written_as_signed(
        bytes32 commitment,
        address key,
        uint40 expiresAt,
        bool attested,
        bytes calldata signature,
        address sender,
        uint256 time
    ) public {
        vm.assume(key.code.length == 0);
        ConsentId consent = _registry.consentId(commitment, key);
        IConsentRegistry.Consent memory before = _registry.consentOf(consent);
        bool paused = IConsortiumPausable(address(_registry)).paused();
        PartyId recorder = _parties.acting(sender, ROLE_PRACTICE);
        bytes32 digest = _registry.consentDigest(commitment, recorder, expiresAt, attested);
        bytes memory data =
            abi.encodeCall(IConsentRegistry.record, (commitment, key, expiresAt, attested, signature));
        bool allowed = !paused && commitment != 0 && !recorder.isNone() && before.recordedAt == 0
            && before.revokedAt == 0 && expiresAt > time && expiresAt <= time + 731 days && expiresAt % 1 days == 0
            && _signed(key, digest, signature);
        assert(_call(address(_registry), sender, time, data) == allowed);
        if (!allowed) return;
        IConsentRegistry.Consent memory expected =
            IConsentRegistry.Consent(recorder, uint40(time), expiresAt, 0, 0, attested);
        assert(_same(_registry.consentOf(consent), expected));
    }

    /// @notice P11. Only a recording sets the date of recording.
    function check_P11_only_a_recording_records(ConsentId consent, address sender, uint256 time) public {
        uint40 before = _registry.consentOf(consent).recordedAt;
        bytes memory data = svm.createCalldata("ConsentRegistry");
        _call(address(_registry), sender, time, data);
        if (_registry.consentOf(consent).recordedAt == before) return;
        assert(bytes4(data) == IConsentRegistry.record.selector && before == 0);
        address key = address(uint160(uint256(_word(data, 1))));
        assert(_same(consent, _registry.consentId(_word(data, 0), key)));
    }

    /// @notice False: a revocation is forgotten. The solver must refute it.
    function refute_a_consent_is_valid_until_it_expires(ConsentId consent, uint256 time) public view {
        IConsentRegistry.Consent memory stored = _registry.consentOf(consent);
        vm.assume(stored.recordedAt != 0 && stored.recordedAt <= time && time < stored.expiresAt);
        assert(_registry.isValidAt(consent, time));
    }

    /// @notice False: the solver must find a recording that is written.
    function refute_nothing_is_ever_recorded(
        bytes32 commitment,
        address key,
        uint40 expiresAt,
        bytes calldata signature,
        address sender,
        uint256 time
    ) public {
        bytes memory data = abi.encodeCall(IConsentRegistry.record, (commitment, key, expiresAt, true, signature));
        assert(!_call(address(_registry), sender, time, data));
    }

    /// @notice False: the solver must find a withdrawal that is written.
    function refute_nothing_is_ever_withdrawn(ConsentId consent, address sender, uint256 time) public {
        assert(!_call(address(_registry), sender, time, abi.encodeCall(IConsentRegistry.withdraw, (consent))));
    }

    /// @notice False: the solver must find a relayed revocation that is written.
    function refute_nothing_is_ever_relayed(
        bytes32 commitment,
        address key,
        bytes calldata signature,
        address sender,
        uint256 time
    ) public {
        bytes memory data = abi.encodeCall(IConsentRegistry.revokeBySignature, (commitment, key, signature));
        assert(!_call(address(_registry), sender, time, data));
    }

    /// @notice False: the solver must find a call that ends a valid consent.
    function refute_no_call_ends_a_consent(ConsentId consent, address sender, uint256 time, uint256 later) public {
        vm.assume(later >= time && _registry.isValidAt(consent, later));
        _call(address(_registry), sender, time, svm.createCalldata("ConsentRegistry"));
        assert(_registry.isValidAt(consent, later));
    }

    function _valid(IConsentRegistry.Consent memory stored, uint256 time) private pure returns (bool) {
        uint256 end = stored.expiresAt;
        if (stored.revokedAt != 0 && stored.revokedAt < end) end = stored.revokedAt;
        if (stored.withdrawnAt != 0 && stored.withdrawnAt < end) end = stored.withdrawnAt;
        return stored.recordedAt != 0 && stored.recordedAt <= time && time < end;
    }

    /// @dev Whether these 65 bytes are the one form of a signature by `key`.
    function _signed(address key, bytes32 digest, bytes calldata signature) private pure returns (bool) {
        if (signature.length != 65) return false;
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        if (uint256(s) > _HALF_ORDER) return false;
        address signer = ecrecover(digest, uint8(signature[64]), r, s);
        return signer != address(0) && signer == key;
    }

    function _same(IConsentRegistry.Consent memory a, IConsentRegistry.Consent memory b)
        private
        pure
        returns (bool)
    {
        return keccak256(abi.encode(a)) == keccak256(abi.encode(b));
    }

    function _same(ConsentId a, ConsentId b) private pure returns (bool) {
        return ConsentId.unwrap(a) == ConsentId.unwrap(b);
    }
}
