// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClaimId, ConsentId, PartyId, GROUPS} from "./Types.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";

/// @title Registry of health-insurance claims
/// @notice Holds, for each claim, its parties, its state and its head, a running hash of everything that was written on
/// it; never what is claimed. For an order, it compares the practice's locks with the supplier's tags and says which
/// groups differ. Both are keyed with a secret of that order.
///
/// A tag is HMAC-SHA-256(group key, canonical group). A lock is keccak256(abi.encode(claim, orderNumber, group, tag)).
/// The practice only writes locks and the supplier only writes tags, so that nothing can be copied from the chain.
interface IClaimRegistry {
    /// @notice States of a claim. `None` is the state of a claim that was never opened.
    enum State {
        None,
        Opened,
        Authorised,
        Ordered,
        Invoiced,
        Settled,
        Refused,
        Cancelled
    }

    /// @notice What can be written on a claim. `Deliver`, `Return` and `Dispute` are marks on the current order; the
    /// others are steps. The order is that of the table in docs/protocol.md.
    enum Step {
        Open,
        Authorise,
        Refuse,
        Cancel,
        Order,
        Remake,
        Deliver,
        Invoice,
        Settle,
        Return,
        Dispute
    }

    /// @notice What the registry states about the current order: no delivery attested and nothing that differs;
    /// delivery and invoice equal to the order; or groups that differ.
    enum Conformity {
        NotAttested,
        Conform,
        Mismatch
    }

    /// @notice What the registry holds about a claim. Three storage slots; only orders write the third.
    /// @dev Layout, bits counted from the lowest. Slot 0 is full:
    ///   slot 0: practice 0–31, payer 32–63, supplier 64–95, state 96–103, orderNumber 104–111,
    ///           invoicedOrderNumber 112–119, deliveredAt 120–159, returnedAt 160–199, disputedAt 200–239,
    ///           deliveryMismatch 240–247, invoiceMismatch 248–255
    ///   slot 1: head 0–255
    ///   slot 2: locksHash 0–255
    /// @param practice party that opened it
    /// @param payer party that authorises, refuses and settles it
    /// @param supplier party that the current order names; zero before an order
    /// @param state its state
    /// @param orderNumber number of the current order, from 1; zero before an order
    /// @param invoicedOrderNumber number of the order that was invoiced; zero before the invoice
    /// @param deliveredAt block time of the current order's delivery, in seconds; zero if none is attested
    /// @param returnedAt block time of the current order's return, in seconds; zero if none
    /// @param disputedAt block time of the current order's dispute, in seconds; zero if none
    /// @param deliveryMismatch mask of the groups in which the delivery differs from the current order
    /// @param invoiceMismatch mask of the groups in which the invoice differs from the invoiced order
    /// @param head running hash of everything that was written on the claim
    /// @param locksHash keccak256(abi.encode(locks)) of the current order; zero before an order
    struct Claim {
        PartyId practice;
        PartyId payer;
        PartyId supplier;
        State state;
        uint8 orderNumber;
        uint8 invoicedOrderNumber;
        uint40 deliveredAt;
        uint40 returnedAt;
        uint40 disputedAt;
        uint8 deliveryMismatch;
        uint8 invoiceMismatch;
        bytes32 head;
        bytes32 locksHash;
    }

    /// @notice Emitted when a practice opens a claim.
    /// @param claim the claim
    /// @param practice party that opened it
    /// @param payer party that may authorise it
    /// @param consent consent under which it was opened; zero for none
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimOpened(
        ClaimId indexed claim,
        PartyId indexed practice,
        PartyId indexed payer,
        ConsentId consent,
        address key,
        bytes32 commitment
    );
    /// @notice Emitted when the payer authorises a claim.
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimAuthorised(ClaimId indexed claim, address key, bytes32 commitment);
    /// @notice Emitted when the payer refuses a claim, before or after its invoice.
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimRefused(ClaimId indexed claim, address key, bytes32 commitment);
    /// @notice Emitted when the practice cancels a claim.
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimCancelled(ClaimId indexed claim, address key, bytes32 commitment);
    /// @notice Emitted when the practice places the first order of a claim, or replaces the current order by a new one.
    /// @param claim the claim
    /// @param supplier party that is to deliver
    /// @param orderNumber number of the order; above 1, it replaces the order before it
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    /// @param locks locks of the order's groups
    event OrderPlaced(
        ClaimId indexed claim,
        PartyId indexed supplier,
        uint8 orderNumber,
        address key,
        bytes32 commitment,
        bytes32[GROUPS] locks
    );
    /// @notice Emitted when the supplier attests the delivery of the current order.
    /// @param claim the claim
    /// @param orderNumber number of the order
    /// @param conformity whether the tags fit the order's locks
    /// @param mismatch mask of the groups in which they do not
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    /// @param tags tags of what was delivered
    event OrderDelivered(
        ClaimId indexed claim,
        uint8 orderNumber,
        Conformity conformity,
        uint8 mismatch,
        address key,
        bytes32 commitment,
        bytes32[GROUPS] tags
    );
    /// @notice Emitted when the supplier marks the current order as returned.
    /// @param claim the claim
    /// @param orderNumber number of the order
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event OrderReturned(ClaimId indexed claim, uint8 orderNumber, address key, bytes32 commitment);
    /// @notice Emitted when the supplier marks the current order as disputed.
    /// @param claim the claim
    /// @param orderNumber number of the order
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event OrderDisputed(ClaimId indexed claim, uint8 orderNumber, address key, bytes32 commitment);
    /// @notice Emitted when the practice invoices the current order.
    /// @param claim the claim
    /// @param orderNumber number of the order
    /// @param mismatch mask of the groups in which the invoice's locks differ from the order's
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    /// @param locks locks of the invoice's groups
    event ClaimInvoiced(
        ClaimId indexed claim,
        uint8 orderNumber,
        uint8 mismatch,
        address key,
        bytes32 commitment,
        bytes32[GROUPS] locks
    );
    /// @notice Emitted when the payer settles a claim.
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimSettled(ClaimId indexed claim, address key, bytes32 commitment);

    /// @notice No claim has this identifier.
    /// @param claim the identifier
    error ClaimUnknown(ClaimId claim);
    /// @notice The practice has already opened a claim with this nonce.
    /// @param claim that claim
    error ClaimAlreadyOpened(ClaimId claim);
    /// @notice The commitment must not be zero.
    error ClaimCommitmentEmpty();
    /// @notice The step or mark is not legal in this state, or needs an order that the claim does not have. The table
    /// in docs/protocol.md lists the legal states.
    /// @param claim the claim
    /// @param state its state
    /// @param step the step or mark
    error ClaimStepIllegal(ClaimId claim, State state, Step step);
    /// @notice The step or mark belongs to another party of the claim.
    /// @param claim the claim
    /// @param expected party that may write it
    /// @param party party that called
    error ClaimOfAnotherParty(ClaimId claim, PartyId expected, PartyId party);
    /// @notice Practice, supplier and payer of a claim must be three different parties, none of them zero.
    /// @param practice the practice
    /// @param supplier the supplier; zero at the opening, which names none
    /// @param payer the payer
    error ClaimPartiesNotDistinct(PartyId practice, PartyId supplier, PartyId payer);
    /// @notice The consent was recorded by another practice, or was not recorded.
    /// @param consent the consent
    /// @param recorder practice that recorded it; zero if it was not recorded
    /// @param practice practice that called
    error ClaimConsentOfAnotherPractice(ConsentId consent, PartyId recorder, PartyId practice);
    /// @notice The consent has expired, or was revoked or withdrawn.
    /// @param consent the consent
    error ClaimConsentNotValid(ConsentId consent);
    /// @notice Something was written on the claim after the payer verified it.
    /// @param claim the claim
    /// @param head the head that the payer verified
    /// @param current the claim's head
    error ClaimHeadMoved(ClaimId claim, bytes32 head, bytes32 current);
    /// @notice The order was replaced, or does not exist.
    /// @param claim the claim
    /// @param orderNumber number of the order that was named
    /// @param current number of the current order; zero before an order
    error OrderNotCurrent(ClaimId claim, uint8 orderNumber, uint8 current);
    /// @notice The claim has 255 orders and cannot have more.
    /// @param claim the claim
    error OrderLimitReached(ClaimId claim);
    /// @notice `orderLocks` are not the locks of the order.
    /// @param claim the claim
    /// @param orderNumber number of the order
    error OrderLocksWrong(ClaimId claim, uint8 orderNumber);
    /// @notice The order already has this mark.
    /// @param claim the claim
    /// @param orderNumber number of the order
    /// @param step the mark
    error OrderAlreadyMarked(ClaimId claim, uint8 orderNumber, Step step);
    /// @notice The order is not attested as delivered, so it cannot be returned.
    /// @param claim the claim
    /// @param orderNumber number of the order
    error OrderNotDelivered(ClaimId claim, uint8 orderNumber);

    /// @notice Opens a claim. Only a practice may call it; not while paused.
    ///
    /// WARNING: For the practice: the registry does not check that `payer` is a payer. If the number is wrong, the
    /// intended payer cannot authorise the claim, and the practice can only cancel it. If `nonce` is not random
    /// (computed from a file number, for example), anyone who guesses it finds the claim on the chain.
    /// @param nonce 32 random bytes drawn by the practice
    /// @param payer party that may authorise it
    /// @param consent consent that the same practice recorded and that is valid now; zero for none
    /// @param commitment commitment to the record
    /// @return claim its identifier
    function open(bytes32 nonce, PartyId payer, ConsentId consent, bytes32 commitment)
        external
        returns (ClaimId claim);

    /// @notice Authorises an opened claim. Only its payer may call it.
    ///
    /// WARNING: For the payer: the registry checks that nothing was written after `head`, and nothing else. A payer
    /// that passes a head without verifying the claim authorises whatever the practice wrote. An authorisation is never
    /// undone, but the payer can still refuse the invoice.
    /// @param claim the claim
    /// @param head the claim's head that the payer verified
    /// @param commitment commitment to the record
    function authorise(ClaimId claim, bytes32 head, bytes32 commitment) external;

    /// @notice Refuses an opened or an invoiced claim for ever. Only its payer may call it.
    ///
    /// WARNING: For the payer: a refusal is never undone. If it was wrong, the practice must open a new claim to be
    /// paid.
    /// @param claim the claim
    /// @param head the claim's head that the payer verified
    /// @param commitment commitment to the record, which holds the reason
    function refuse(ClaimId claim, bytes32 head, bytes32 commitment) external;

    /// @notice Cancels a claim that is not invoiced, for ever. Only its practice may call it.
    ///
    /// WARNING: For the practice: a cancellation is never undone. It does not stop the supplier, which can still
    /// deliver an order that was placed.
    /// @param claim the claim
    /// @param commitment commitment to the record, which holds the reason
    function cancel(ClaimId claim, bytes32 commitment) external;

    /// @notice Places the first order of an authorised claim. Only its practice may call it.
    ///
    /// WARNING: For the practice: the registry does not check that `supplier` is a supplier, nor what the locks were
    /// computed from. With a wrong number, the intended supplier cannot deliver; with wrong locks, a right delivery
    /// differs. Only `remake` repairs that.
    /// @param claim the claim
    /// @param supplier party that is to deliver
    /// @param commitment commitment to the record
    /// @param locks locks of the order's groups
    function order(ClaimId claim, PartyId supplier, bytes32 commitment, bytes32[GROUPS] calldata locks) external;

    /// @notice Replaces the current order by a new one: a correction of it, or a remake. Only the claim's practice may
    /// call it, also after the invoice or the settlement. The state does not change.
    ///
    /// WARNING: For the supplier of the replaced order: it can no longer deliver, return or dispute that order. For
    /// practice and payer: the marks and the result of the replaced order are in its events only. If the claim is
    /// already invoiced, the new order is never invoiced.
    /// @param claim the claim
    /// @param orderNumber number of the current order, which the new one replaces
    /// @param supplier party that is to deliver
    /// @param commitment commitment to the record, which holds the reason
    /// @param locks locks of the new order's groups, computed for its number, `orderNumber` + 1
    function remake(
        ClaimId claim,
        uint8 orderNumber,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks
    ) external;

    /// @notice Attests the complete delivery of the current order, once, and compares it with the order. Only the
    /// supplier that the order names may call it, at any time after the order.
    ///
    /// WARNING: For the supplier: a delivery is attested once and cannot be corrected; a group with a wrong tag differs
    /// until the order is replaced. For practice and payer: tags that the supplier computed from the order, instead of
    /// from what it made, always conform and show nothing.
    /// @dev `orderLocks` are calldata because the registry stores only the hash of an order's locks: one slot instead
    /// of four. The caller takes them from the event `OrderPlaced`; the registry refuses all others.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    /// @param tags tags computed from what was made and sent, never from the order
    /// @param orderLocks the order's locks, as `OrderPlaced` shows them
    function deliver(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata tags,
        bytes32[GROUPS] calldata orderLocks
    ) external;

    /// @notice Invoices the current order and compares the invoice with it. A claim takes one invoice. Only its
    /// practice may call it.
    ///
    /// WARNING: For the practice: an invoice is never undone or corrected. An invoiced claim can no longer be
    /// cancelled; if a lock is wrong, only the payer can end the claim, by settling or refusing it.
    /// @dev `orderLocks` are calldata for the same reason as in `deliver`.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    /// @param locks locks of the invoice's groups
    /// @param orderLocks the order's locks, as `OrderPlaced` shows them
    function invoice(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        bytes32[GROUPS] calldata orderLocks
    ) external;

    /// @notice Settles an invoiced claim. Only its payer may call it.
    ///
    /// WARNING: For the payer: neither a mismatch nor a missing delivery stops a settlement, and a settlement is never
    /// undone. Read `conformityOf` and the claim's events first.
    /// @param claim the claim
    /// @param head the claim's head that the payer verified
    /// @param commitment commitment to the record
    function settle(ClaimId claim, bytes32 head, bytes32 commitment) external;

    /// @notice Marks the current order as returned, once, after its delivery. Only the supplier that the order names
    /// may call it.
    ///
    /// WARNING: For the supplier: the mark stays until the practice replaces the order.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    function recordReturn(ClaimId claim, uint8 orderNumber, bytes32 commitment) external;

    /// @notice Marks the current order as disputed, once: no such order was received, or it does not fit its locks.
    /// Only the supplier that the order names may call it.
    ///
    /// WARNING: For the supplier: the mark stays until the practice replaces the order. It stops neither the invoice
    /// nor the settlement.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    function dispute(ClaimId claim, uint8 orderNumber, bytes32 commitment) external;

    /// @notice Returns what the registry holds about a claim; state `None` and all zero if it holds nothing.
    ///
    /// WARNING: An identifier of no claim does not revert: the caller must check `state`. Marks and `deliveryMismatch`
    /// are those of the current order alone.
    /// @param claim the claim
    /// @return the stored claim
    function claimOf(ClaimId claim) external view returns (Claim memory);

    /// @notice Returns what the registry states about the current order: its delivery and, if this order was invoiced,
    /// its invoice. Reverts with `ClaimUnknown` if there is no such claim.
    ///
    /// WARNING: The result of a replaced order is in its events only. A practice can replace an order that differed.
    /// @param claim the claim
    /// @return conformity `Mismatch` if the delivery or the invoice differs; otherwise `NotAttested` until the
    /// delivery, and `Conform` after it
    /// @return mismatch mask of the groups that differ in either
    function conformityOf(ClaimId claim) external view returns (Conformity conformity, uint8 mismatch);

    /// @notice Returns the identifier of the claim that a practice opens with this nonce.
    /// @param practice the practice
    /// @param nonce 32 random bytes
    /// @return the identifier
    function claimId(PartyId practice, bytes32 nonce) external pure returns (ClaimId);

    /// @notice The party registry that this registry asks which party acts. It can never be replaced.
    /// @return the party registry
    function parties() external view returns (IPartyRegistry);

    /// @notice The only consent registry whose consents count here. It can never be replaced.
    /// @return the consent registry
    function consents() external view returns (IConsentRegistry);
}
