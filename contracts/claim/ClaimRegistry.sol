// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IClaimRegistry} from "interfaces/IClaimRegistry.sol";
import {IConsentRegistry} from "interfaces/IConsentRegistry.sol";
import {IPartyRegistry} from "interfaces/IPartyRegistry.sol";
import {
    ClaimId, ConsentId, GROUPS, PartyId, ROLE_PAYER, ROLE_PRACTICE, ROLE_SUPPLIER
} from "interfaces/Types.sol";
import {ConsortiumPausable} from "../governance/ConsortiumPausable.sol";

/// @title Registry of claims
contract ClaimRegistry is IClaimRegistry, ConsortiumPausable {
    /// @inheritdoc IClaimRegistry
    IPartyRegistry public immutable parties;

    /// @inheritdoc IClaimRegistry
    IConsentRegistry public immutable consents;

    mapping(ClaimId claim => Claim) private _claims;

    /// @param authority access manager that opens the restricted functions
    /// @param parties_ registry asked who acts
    /// @param consents_ registry whose consents count here
    constructor(address authority, IPartyRegistry parties_, IConsentRegistry consents_) AccessManaged(authority) {
        parties = parties_;
        consents = consents_;
    }

    /// @inheritdoc IClaimRegistry
    function open(bytes32 nonce, PartyId payer, ConsentId consent, bytes32 commitment)
        external
        whenNotPaused
        returns (ClaimId claim)
    {
        PartyId practice = parties.acting(msg.sender, ROLE_PRACTICE);
        require(
            PartyId.unwrap(payer) != 0 && !(payer == practice),
            ClaimPartiesNotDistinct(practice, PartyId.wrap(0), payer)
        );
        claim = claimId(practice, nonce);
        Claim storage stored = _claims[claim];
        require(stored.state == State.None, ClaimAlreadyOpened(claim));
        _requireConsent(consent, practice);
        stored.practice = practice;
        stored.payer = payer;
        stored.state = State.Opened;
        _seal(claim, stored, Step.Open, practice, 0, commitment, keccak256(abi.encode(payer, consent)));
        emit ClaimOpened(claim, practice, payer, consent, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function authorise(ClaimId claim, bytes32 head, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        State state = stored.state;
        require(state == State.Opened, ClaimStepIllegal(claim, state, Step.Authorise));
        _payerStep(claim, stored, Step.Authorise, State.Authorised, head, commitment);
        emit ClaimAuthorised(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function refuse(ClaimId claim, bytes32 head, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        State state = stored.state;
        require(
            state == State.Opened || state == State.Invoiced, ClaimStepIllegal(claim, state, Step.Refuse)
        );
        _payerStep(claim, stored, Step.Refuse, State.Refused, head, commitment);
        emit ClaimRefused(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function settle(ClaimId claim, bytes32 head, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        State state = stored.state;
        require(state == State.Invoiced, ClaimStepIllegal(claim, state, Step.Settle));
        _payerStep(claim, stored, Step.Settle, State.Settled, head, commitment);
        emit ClaimSettled(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function cancel(ClaimId claim, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        State state = stored.state;
        require(
            state == State.Opened || state == State.Authorised || state == State.Ordered,
            ClaimStepIllegal(claim, state, Step.Cancel)
        );
        PartyId practice = _requireParty(claim, stored.practice, ROLE_PRACTICE);
        stored.state = State.Cancelled;
        _seal(claim, stored, Step.Cancel, practice, stored.order, commitment, 0);
        emit ClaimCancelled(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function order(ClaimId claim, PartyId supplier, bytes32 commitment, bytes32[GROUPS] calldata locks) external {
        Claim storage stored = _claims[claim];
        State state = stored.state;
        require(state == State.Authorised, ClaimStepIllegal(claim, state, Step.Order));
        PartyId practice = _requireOrderParties(claim, stored, supplier);
        stored.state = State.Ordered;
        _placeOrder(claim, stored, Step.Order, practice, 1, supplier, commitment, locks);
    }

    /// @inheritdoc IClaimRegistry
    function remake(
        ClaimId claim,
        uint8 replaced,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks
    ) external {
        Claim storage stored = _claims[claim];
        State state = stored.state;
        require(
            state == State.Ordered || state == State.Invoiced || state == State.Settled,
            ClaimStepIllegal(claim, state, Step.Remake)
        );
        _requireCurrent(claim, stored, replaced);
        require(replaced < type(uint8).max, OrderLimitReached(claim));
        PartyId practice = _requireOrderParties(claim, stored, supplier);
        stored.deliveredAt = 0;
        stored.returnedAt = 0;
        stored.disputedAt = 0;
        stored.deliveryMismatch = 0;
        _placeOrder(claim, stored, Step.Remake, practice, replaced + 1, supplier, commitment, locks);
    }

    /// @inheritdoc IClaimRegistry
    function deliver(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata tags,
        bytes32[GROUPS] calldata orderLocks
    ) external {
        Claim storage stored = _claims[claim];
        PartyId supplier = _requireSupplier(claim, stored, Step.Deliver, orderNumber);
        require(stored.deliveredAt == 0, OrderAlreadyMarked(claim, orderNumber, Step.Deliver));
        _requireLocks(claim, stored, orderNumber, orderLocks);
        uint8 mismatch = _compareTags(claim, orderNumber, tags, orderLocks);
        stored.deliveredAt = uint40(block.timestamp);
        stored.deliveryMismatch = mismatch;
        _seal(claim, stored, Step.Deliver, supplier, orderNumber, commitment, keccak256(abi.encode(tags)));
        emit OrderDelivered(
            claim,
            orderNumber,
            mismatch == 0 ? Conformity.Conform : Conformity.Mismatch,
            mismatch,
            msg.sender,
            commitment,
            tags
        );
    }

    /// @inheritdoc IClaimRegistry
    function invoice(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        bytes32[GROUPS] calldata orderLocks
    ) external {
        Claim storage stored = _claims[claim];
        State state = stored.state;
        require(state == State.Ordered, ClaimStepIllegal(claim, state, Step.Invoice));
        PartyId practice = _requireParty(claim, stored.practice, ROLE_PRACTICE);
        _requireCurrent(claim, stored, orderNumber);
        _requireLocks(claim, stored, orderNumber, orderLocks);
        uint8 mismatch = _compareLocks(locks, orderLocks);
        stored.state = State.Invoiced;
        stored.invoicedOrder = orderNumber;
        stored.invoiceMismatch = mismatch;
        _seal(claim, stored, Step.Invoice, practice, orderNumber, commitment, keccak256(abi.encode(locks)));
        emit ClaimInvoiced(claim, orderNumber, mismatch, msg.sender, commitment, locks);
    }

    /// @inheritdoc IClaimRegistry
    function recordReturn(ClaimId claim, uint8 orderNumber, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        PartyId supplier = _requireSupplier(claim, stored, Step.Return, orderNumber);
        require(stored.deliveredAt != 0, OrderNotDelivered(claim, orderNumber));
        require(stored.returnedAt == 0, OrderAlreadyMarked(claim, orderNumber, Step.Return));
        stored.returnedAt = uint40(block.timestamp);
        _seal(claim, stored, Step.Return, supplier, orderNumber, commitment, 0);
        emit OrderReturned(claim, orderNumber, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function dispute(ClaimId claim, uint8 orderNumber, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        PartyId supplier = _requireSupplier(claim, stored, Step.Dispute, orderNumber);
        require(stored.disputedAt == 0, OrderAlreadyMarked(claim, orderNumber, Step.Dispute));
        stored.disputedAt = uint40(block.timestamp);
        _seal(claim, stored, Step.Dispute, supplier, orderNumber, commitment, 0);
        emit OrderDisputed(claim, orderNumber, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function claimOf(ClaimId claim) external view returns (Claim memory) {
        return _claims[claim];
    }

    /// @inheritdoc IClaimRegistry
    function conformityOf(ClaimId claim) external view returns (Conformity conformity, uint8 mismatch) {
        Claim memory stored = _claims[claim];
        require(stored.state != State.None, ClaimUnknown(claim));
        mismatch = stored.deliveryMismatch;
        if (stored.invoicedOrder == stored.order) mismatch |= stored.invoiceMismatch;
        if (mismatch != 0) conformity = Conformity.Mismatch;
        else if (stored.deliveredAt != 0) conformity = Conformity.Conform;
    }

    /// @inheritdoc IClaimRegistry
    function claimId(PartyId practice, bytes32 nonce) public pure returns (ClaimId) {
        return ClaimId.wrap(keccak256(abi.encode(practice, nonce)));
    }

    function _payerStep(
        ClaimId claim,
        Claim storage stored,
        Step step,
        State next,
        bytes32 verified,
        bytes32 commitment
    ) private {
        PartyId payer = _requireParty(claim, stored.payer, ROLE_PAYER);
        bytes32 current = stored.head;
        require(verified == current, ClaimHeadMoved(claim, verified, current));
        stored.state = next;
        _seal(claim, stored, step, payer, stored.order, commitment, 0);
    }

    function _placeOrder(
        ClaimId claim,
        Claim storage stored,
        Step step,
        PartyId practice,
        uint8 number,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks
    ) private {
        bytes32 locksHash = keccak256(abi.encode(locks));
        stored.supplier = supplier;
        stored.order = number;
        stored.locksHash = locksHash;
        _seal(claim, stored, step, practice, number, commitment, keccak256(abi.encode(supplier, locksHash)));
        emit OrderPlaced(claim, supplier, number, msg.sender, commitment, locks);
    }

    /// @dev Folds what is written into the claim's head. `detail` hashes what a step holds beside its commitment.
    function _seal(
        ClaimId claim,
        Claim storage stored,
        Step step,
        PartyId party,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32 detail
    ) private {
        require(commitment != 0, ClaimCommitmentEmpty());
        stored.head = keccak256(
            abi.encode(
                stored.head, claim, step, party, msg.sender, block.timestamp, orderNumber, commitment, detail
            )
        );
    }

    function _requireConsent(ConsentId consent, PartyId practice) private view {
        if (ConsentId.unwrap(consent) == 0) return;
        IConsentRegistry.Consent memory stored = consents.consentOf(consent);
        require(
            stored.recorder == practice, ClaimConsentOfAnotherPractice(consent, stored.recorder, practice)
        );
        require(
            block.timestamp < stored.expiresAt && stored.revokedAt == 0 && stored.withdrawnAt == 0,
            ClaimConsentNotValid(consent)
        );
    }

    function _requireParty(ClaimId claim, PartyId expected, uint8 role) private view returns (PartyId caller) {
        caller = parties.acting(msg.sender, role);
        require(caller == expected, ClaimOfAnotherParty(claim, expected, caller));
    }

    function _requireOrderParties(ClaimId claim, Claim storage stored, PartyId supplier)
        private
        view
        returns (PartyId practice)
    {
        practice = _requireParty(claim, stored.practice, ROLE_PRACTICE);
        PartyId payer = stored.payer;
        require(
            PartyId.unwrap(supplier) != 0 && !(supplier == practice) && !(supplier == payer),
            ClaimPartiesNotDistinct(practice, supplier, payer)
        );
    }

    function _requireSupplier(ClaimId claim, Claim storage stored, Step step, uint8 orderNumber)
        private
        view
        returns (PartyId)
    {
        require(stored.order != 0, ClaimStepIllegal(claim, stored.state, step));
        _requireCurrent(claim, stored, orderNumber);
        return _requireParty(claim, stored.supplier, ROLE_SUPPLIER);
    }

    function _requireCurrent(ClaimId claim, Claim storage stored, uint8 orderNumber) private view {
        uint8 current = stored.order;
        require(orderNumber == current, OrderNotCurrent(claim, orderNumber, current));
    }

    function _requireLocks(
        ClaimId claim,
        Claim storage stored,
        uint8 orderNumber,
        bytes32[GROUPS] calldata orderLocks
    ) private view {
        require(keccak256(abi.encode(orderLocks)) == stored.locksHash, OrderLocksWrong(claim, orderNumber));
    }

    function _compareTags(
        ClaimId claim,
        uint8 orderNumber,
        bytes32[GROUPS] calldata tags,
        bytes32[GROUPS] calldata orderLocks
    ) private pure returns (uint8 mismatch) {
        for (uint256 group = 0; group < GROUPS; ++group) {
            bytes32 lock = keccak256(abi.encode(claim, orderNumber, group, tags[group]));
            if (lock != orderLocks[group]) mismatch |= uint8(1 << group);
        }
    }

    function _compareLocks(bytes32[GROUPS] calldata locks, bytes32[GROUPS] calldata orderLocks)
        private
        pure
        returns (uint8 mismatch)
    {
        for (uint256 group = 0; group < GROUPS; ++group) {
            if (locks[group] != orderLocks[group]) mismatch |= uint8(1 << group);
        }
    }
}
