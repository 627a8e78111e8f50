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
import {LegalStates} from "./LegalStates.sol";

/// @title Registry of claims
contract ClaimRegistry is IClaimRegistry, ConsortiumPausable {
    using LegalStates for uint256;

    /// @inheritdoc IClaimRegistry
    IPartyRegistry public immutable parties;

    /// @inheritdoc IClaimRegistry
    IConsentRegistry public immutable consents;

    mapping(ClaimId claim => Claim) private _claims;

    /// @param authority access manager that decides who may call the restricted functions
    /// @param parties_ party registry that this registry asks which party acts
    /// @param consents_ consent registry whose consents count here
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
        PartyId practice = parties.requireActing(msg.sender, ROLE_PRACTICE);
        require(
            !payer.isNone() && payer != practice, ClaimPartiesNotDistinct(practice, PartyId.wrap(0), payer)
        );
        claim = claimId(practice, nonce);
        Claim storage stored = _claims[claim];
        require(LegalStates.OPEN.has(stored.state), ClaimAlreadyOpened(claim));
        _requireConsent(consent, practice);
        stored.practice = practice;
        stored.payer = payer;
        stored.state = State.Opened;
        _advanceHead(
            claim, stored, Step.Open, practice, 0, commitment, keccak256(abi.encode(payer, consent))
        );
        emit ClaimOpened(claim, practice, payer, consent, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function authorise(ClaimId claim, bytes32 head, bytes32 commitment) external {
        _writePayerStep(claim, Step.Authorise, LegalStates.AUTHORISE, State.Authorised, head, commitment);
        emit ClaimAuthorised(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function refuse(ClaimId claim, bytes32 head, bytes32 commitment) external {
        _writePayerStep(claim, Step.Refuse, LegalStates.REFUSE, State.Refused, head, commitment);
        emit ClaimRefused(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function settle(ClaimId claim, bytes32 head, bytes32 commitment) external {
        _writePayerStep(claim, Step.Settle, LegalStates.SETTLE, State.Settled, head, commitment);
        emit ClaimSettled(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function cancel(ClaimId claim, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        _requireLegal(claim, stored, Step.Cancel, LegalStates.CANCEL);
        PartyId practice = _requireParty(claim, stored.practice, ROLE_PRACTICE);
        stored.state = State.Cancelled;
        _advanceHead(claim, stored, Step.Cancel, practice, stored.orderNumber, commitment, 0);
        emit ClaimCancelled(claim, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function order(ClaimId claim, PartyId supplier, bytes32 commitment, bytes32[GROUPS] calldata locks) external {
        Claim storage stored = _claims[claim];
        _requireLegal(claim, stored, Step.Order, LegalStates.ORDER);
        PartyId practice = _requireOrderParties(claim, stored, supplier);
        stored.state = State.Ordered;
        _placeOrder(claim, stored, Step.Order, practice, 1, supplier, commitment, locks);
    }

    /// @inheritdoc IClaimRegistry
    function remake(
        ClaimId claim,
        uint8 orderNumber,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks
    ) external {
        Claim storage stored = _claims[claim];
        _requireLegal(claim, stored, Step.Remake, LegalStates.REMAKE);
        _requireCurrent(claim, orderNumber, stored.orderNumber);
        require(orderNumber < type(uint8).max, OrderLimitReached(claim));
        PartyId practice = _requireOrderParties(claim, stored, supplier);
        stored.deliveredAt = 0;
        stored.returnedAt = 0;
        stored.disputedAt = 0;
        stored.deliveryMismatch = 0;
        _placeOrder(claim, stored, Step.Remake, practice, orderNumber + 1, supplier, commitment, locks);
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
        PartyId supplier = _requireSupplier(claim, stored, Step.Deliver, LegalStates.DELIVER, orderNumber);
        require(stored.deliveredAt == 0, OrderAlreadyMarked(claim, orderNumber, Step.Deliver));
        _requireLocks(claim, stored, orderNumber, orderLocks);
        uint8 mismatch = _compareTags(claim, orderNumber, tags, orderLocks);
        stored.deliveredAt = uint40(block.timestamp);
        stored.deliveryMismatch = mismatch;
        _advanceHead(
            claim, stored, Step.Deliver, supplier, orderNumber, commitment, keccak256(abi.encode(tags))
        );
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
        _requireLegal(claim, stored, Step.Invoice, LegalStates.INVOICE);
        PartyId practice = _requireParty(claim, stored.practice, ROLE_PRACTICE);
        _requireCurrent(claim, orderNumber, stored.orderNumber);
        _requireLocks(claim, stored, orderNumber, orderLocks);
        uint8 mismatch = _compareLocks(locks, orderLocks);
        stored.state = State.Invoiced;
        stored.invoicedOrderNumber = orderNumber;
        stored.invoiceMismatch = mismatch;
        _advanceHead(
            claim, stored, Step.Invoice, practice, orderNumber, commitment, keccak256(abi.encode(locks))
        );
        emit ClaimInvoiced(claim, orderNumber, mismatch, msg.sender, commitment, locks);
    }

    /// @inheritdoc IClaimRegistry
    function recordReturn(ClaimId claim, uint8 orderNumber, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        PartyId supplier = _requireSupplier(claim, stored, Step.Return, LegalStates.RETURN, orderNumber);
        require(stored.deliveredAt != 0, OrderNotDelivered(claim, orderNumber));
        require(stored.returnedAt == 0, OrderAlreadyMarked(claim, orderNumber, Step.Return));
        stored.returnedAt = uint40(block.timestamp);
        _advanceHead(claim, stored, Step.Return, supplier, orderNumber, commitment, 0);
        emit OrderReturned(claim, orderNumber, msg.sender, commitment);
    }

    /// @inheritdoc IClaimRegistry
    function dispute(ClaimId claim, uint8 orderNumber, bytes32 commitment) external {
        Claim storage stored = _claims[claim];
        PartyId supplier = _requireSupplier(claim, stored, Step.Dispute, LegalStates.DISPUTE, orderNumber);
        require(stored.disputedAt == 0, OrderAlreadyMarked(claim, orderNumber, Step.Dispute));
        stored.disputedAt = uint40(block.timestamp);
        _advanceHead(claim, stored, Step.Dispute, supplier, orderNumber, commitment, 0);
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
        if (stored.invoicedOrderNumber == stored.orderNumber) mismatch |= stored.invoiceMismatch;
        if (mismatch != 0) conformity = Conformity.Mismatch;
        else if (stored.deliveredAt != 0) conformity = Conformity.Conform;
    }

    /// @inheritdoc IClaimRegistry
    function claimId(PartyId practice, bytes32 nonce) public pure returns (ClaimId) {
        return ClaimId.wrap(keccak256(abi.encode(practice, nonce)));
    }

    function _writePayerStep(
        ClaimId claim,
        Step step,
        uint256 legalStates,
        State next,
        bytes32 head,
        bytes32 commitment
    ) private {
        Claim storage stored = _claims[claim];
        _requireLegal(claim, stored, step, legalStates);
        PartyId payer = _requireParty(claim, stored.payer, ROLE_PAYER);
        bytes32 current = stored.head;
        require(head == current, ClaimHeadMoved(claim, head, current));
        stored.state = next;
        _advanceHead(claim, stored, step, payer, stored.orderNumber, commitment, 0);
    }

    function _placeOrder(
        ClaimId claim,
        Claim storage stored,
        Step step,
        PartyId practice,
        uint8 orderNumber,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks
    ) private {
        bytes32 locksHash = keccak256(abi.encode(locks));
        stored.supplier = supplier;
        stored.orderNumber = orderNumber;
        stored.locksHash = locksHash;
        _advanceHead(
            claim, stored, step, practice, orderNumber, commitment, keccak256(abi.encode(supplier, locksHash))
        );
        emit OrderPlaced(claim, supplier, orderNumber, msg.sender, commitment, locks);
    }

    /// @dev Folds what is written into the claim's head. `detail` is the hash of what a step holds beside its
    /// commitment; zero if it holds nothing else.
    function _advanceHead(
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
        (PartyId recorder, bool valid) = consents.validityOf(consent, block.timestamp);
        require(recorder == practice, ClaimConsentOfAnotherPractice(consent, recorder, practice));
        require(valid, ClaimConsentNotValid(consent));
    }

    function _requireLegal(ClaimId claim, Claim storage stored, Step step, uint256 legalStates) private view {
        State state = stored.state;
        require(legalStates.has(state), ClaimStepIllegal(claim, state, step));
    }

    function _requireParty(ClaimId claim, PartyId expected, uint8 role) private view returns (PartyId party) {
        party = parties.requireActing(msg.sender, role);
        require(party == expected, ClaimOfAnotherParty(claim, expected, party));
    }

    function _requireOrderParties(ClaimId claim, Claim storage stored, PartyId supplier)
        private
        view
        returns (PartyId practice)
    {
        practice = _requireParty(claim, stored.practice, ROLE_PRACTICE);
        PartyId payer = stored.payer;
        require(
            !supplier.isNone() && supplier != practice && supplier != payer,
            ClaimPartiesNotDistinct(practice, supplier, payer)
        );
    }

    function _requireSupplier(
        ClaimId claim,
        Claim storage stored,
        Step step,
        uint256 legalStates,
        uint8 orderNumber
    ) private view returns (PartyId) {
        _requireLegal(claim, stored, step, legalStates);
        uint8 current = stored.orderNumber;
        // A claim that was refused or cancelled may have no order.
        require(current != 0, ClaimStepIllegal(claim, stored.state, step));
        _requireCurrent(claim, orderNumber, current);
        return _requireParty(claim, stored.supplier, ROLE_SUPPLIER);
    }

    function _requireCurrent(ClaimId claim, uint8 orderNumber, uint8 current) private pure {
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
