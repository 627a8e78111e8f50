// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClaimId, ConsentId, PartyId, GROUPS} from "./Types.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";

/// @title Registry of health-insurance claims
/// @notice Holds, for each claim, its parties, its state and a running hash (`head`) of all that was written on it;
/// never what was claimed. For an order it compares the practice's locks with the supplier's tags, both keyed with a
/// secret of that order, and says which groups differ.
///
/// A tag is HMAC-SHA-256(group key, canonical group); a lock is keccak256(abi.encode(claim, order, group, tag)).
/// The practice only writes locks, the supplier only writes tags, so that nothing can be copied from the chain.
interface IClaimRegistry {
    /// @notice States of a claim. `None` is a claim that was never opened.
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

    /// @notice What can be written on a claim: steps, and marks on its current order.
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

    /// @notice What the chain says of the current order.
    enum Conformity {
        NotAttested,
        Conform,
        Mismatch
    }

    /// @notice What the registry holds about a claim. Three storage slots, the third written by orders only.
    /// @param practice party that opened it
    /// @param payer party that authorises, refuses and settles it
    /// @param supplier party named by the current order; zero before an order
    /// @param state its state
    /// @param order number of the current order, from 1; zero before an order
    /// @param invoicedOrder number of the order that was invoiced; zero before the invoice
    /// @param deliveredAt block time of the current order's delivery, in seconds; zero if not attested
    /// @param returnedAt block time of the current order's return, in seconds; zero if none
    /// @param disputedAt block time of the current order's dispute, in seconds; zero if none
    /// @param deliveryMismatch mask of the groups in which the delivery differs from the current order
    /// @param invoiceMismatch mask of the groups in which the invoice differs from the invoiced order
    /// @param head running hash of all that was written on the claim
    /// @param locksHash keccak256(abi.encode(locks)) of the current order; zero before an order
    struct Claim {
        PartyId practice;
        PartyId payer;
        PartyId supplier;
        State state;
        uint8 order;
        uint8 invoicedOrder;
        uint40 deliveredAt;
        uint40 returnedAt;
        uint40 disputedAt;
        uint8 deliveryMismatch;
        uint8 invoiceMismatch;
        bytes32 head;
        bytes32 locksHash;
    }

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
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimAuthorised(ClaimId indexed claim, address key, bytes32 commitment);
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimRefused(ClaimId indexed claim, address key, bytes32 commitment);
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimCancelled(ClaimId indexed claim, address key, bytes32 commitment);
    /// @param claim the claim
    /// @param supplier party that was named to deliver
    /// @param order number of the order; above 1 it replaces the one before
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    /// @param locks locks of the order's groups
    event OrderPlaced(
        ClaimId indexed claim,
        PartyId indexed supplier,
        uint8 order,
        address key,
        bytes32 commitment,
        bytes32[GROUPS] locks
    );
    /// @param claim the claim
    /// @param order number of the order
    /// @param conformity whether the tags fit the order's locks
    /// @param mismatch mask of the groups in which they do not
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    /// @param tags tags of what was delivered
    event OrderDelivered(
        ClaimId indexed claim,
        uint8 order,
        Conformity conformity,
        uint8 mismatch,
        address key,
        bytes32 commitment,
        bytes32[GROUPS] tags
    );
    /// @param claim the claim
    /// @param order number of the order
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event OrderReturned(ClaimId indexed claim, uint8 order, address key, bytes32 commitment);
    /// @param claim the claim
    /// @param order number of the order
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event OrderDisputed(ClaimId indexed claim, uint8 order, address key, bytes32 commitment);
    /// @param claim the claim
    /// @param order number of the order that is invoiced
    /// @param mismatch mask of the groups in which the invoice's locks differ from the order's
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    /// @param locks locks of the invoice's groups
    event ClaimInvoiced(
        ClaimId indexed claim,
        uint8 order,
        uint8 mismatch,
        address key,
        bytes32 commitment,
        bytes32[GROUPS] locks
    );
    /// @param claim the claim
    /// @param key signing key that wrote
    /// @param commitment commitment to the record
    event ClaimSettled(ClaimId indexed claim, address key, bytes32 commitment);

    /// @notice No claim has this identifier.
    error ClaimUnknown(ClaimId claim);
    /// @notice The practice opened a claim with this nonce before.
    error ClaimAlreadyOpened(ClaimId claim);
    /// @notice A commitment may not be zero.
    error ClaimCommitmentEmpty();
    /// @notice The step or mark is not legal in this state (see the table in docs/protocol.md).
    error ClaimStepIllegal(ClaimId claim, State state, Step step);
    /// @notice The step belongs to another party of the claim.
    error ClaimOfAnotherParty(ClaimId claim, PartyId expected, PartyId caller);
    /// @notice Practice, supplier and payer of a claim are three different parties, none of them zero.
    error ClaimPartiesNotDistinct(PartyId practice, PartyId supplier, PartyId payer);
    /// @notice The consent was recorded by another practice, or never.
    error ClaimConsentOfAnotherPractice(ConsentId consent, PartyId recorder, PartyId practice);
    /// @notice The consent has expired, or was revoked or withdrawn.
    error ClaimConsentNotValid(ConsentId consent);
    /// @notice Something was written on the claim since the payer verified it.
    error ClaimHeadMoved(ClaimId claim, bytes32 verified, bytes32 current);
    /// @notice The order was replaced, or does not exist.
    error OrderNotCurrent(ClaimId claim, uint8 given, uint8 current);
    /// @notice A claim has at most 255 orders.
    error OrderLimitReached(ClaimId claim);
    /// @notice The locks given are not those of the order.
    error OrderLocksWrong(ClaimId claim, uint8 order);
    /// @notice The mark was set on this order before.
    error OrderAlreadyMarked(ClaimId claim, uint8 order, Step mark);
    /// @notice An order is returned only after its delivery.
    error OrderNotDelivered(ClaimId claim, uint8 order);

    /// @notice Opens a claim. By a practice; not while paused.
    /// @param nonce 32 random bytes drawn by the practice
    /// @param payer party that may authorise it
    /// @param consent consent recorded by the same practice and valid now, or zero for none
    /// @param commitment commitment to the record
    /// @return claim its identifier
    function open(bytes32 nonce, PartyId payer, ConsentId consent, bytes32 commitment)
        external
        returns (ClaimId claim);

    /// @notice Authorises an opened claim. By its payer.
    /// @param claim the claim
    /// @param head the claim's head that the payer verified
    /// @param commitment commitment to the record
    function authorise(ClaimId claim, bytes32 head, bytes32 commitment) external;

    /// @notice Refuses an opened or an invoiced claim, for ever. By its payer.
    /// @param claim the claim
    /// @param head the claim's head that the payer verified
    /// @param commitment commitment to the record, which holds the reason
    function refuse(ClaimId claim, bytes32 head, bytes32 commitment) external;

    /// @notice Cancels a claim that is not invoiced, for ever. By its practice.
    /// @param claim the claim
    /// @param commitment commitment to the record, which holds the reason
    function cancel(ClaimId claim, bytes32 commitment) external;

    /// @notice Places the first order of an authorised claim. By its practice.
    /// @param claim the claim
    /// @param supplier party that will deliver
    /// @param commitment commitment to the record
    /// @param locks locks of the order's groups
    function order(ClaimId claim, PartyId supplier, bytes32 commitment, bytes32[GROUPS] calldata locks) external;

    /// @notice Replaces the current order by a new one: a correction of it, or a remake. By the claim's practice, also
    /// after the invoice or the settlement; the state does not change.
    /// @param claim the claim
    /// @param replaced number of the current order
    /// @param supplier party that will deliver
    /// @param commitment commitment to the record, which holds the reason
    /// @param locks locks of the new order's groups
    function remake(
        ClaimId claim,
        uint8 replaced,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks
    ) external;

    /// @notice Attests the complete delivery of the current order, once, and compares it with the order. By the
    /// supplier that the order names, at any time after the order.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    /// @param tags tags computed from what was made and sent, never from the order
    /// @param orderLocks the order's locks, as its event shows them
    function deliver(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata tags,
        bytes32[GROUPS] calldata orderLocks
    ) external;

    /// @notice Invoices the current order, once in a claim's life, and compares it with the order. By the practice.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    /// @param locks locks of the invoice's groups
    /// @param orderLocks the order's locks, as its event shows them
    function invoice(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        bytes32[GROUPS] calldata orderLocks
    ) external;

    /// @notice Settles an invoiced claim. By its payer.
    /// @param claim the claim
    /// @param head the claim's head that the payer verified
    /// @param commitment commitment to the record
    function settle(ClaimId claim, bytes32 head, bytes32 commitment) external;

    /// @notice Marks the current order as returned, once, after its delivery. By the supplier that the order names.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    function recordReturn(ClaimId claim, uint8 orderNumber, bytes32 commitment) external;

    /// @notice Marks the current order as disputed, once: no such order was received, or it does not fit its locks.
    /// By the supplier that the order names.
    /// @param claim the claim
    /// @param orderNumber number of the current order
    /// @param commitment commitment to the record
    function dispute(ClaimId claim, uint8 orderNumber, bytes32 commitment) external;

    /// @notice What is known about a claim; state `None` and all zero if nothing is.
    /// @param claim the claim
    function claimOf(ClaimId claim) external view returns (Claim memory);

    /// @notice What the chain says of the current order, its delivery and (when this order was invoiced) its invoice.
    /// WARNING: A replaced order's result is in its events only; a practice can replace an order that differed.
    /// @param claim the claim
    /// @return conformity `Mismatch` if delivery or invoice differ, else `NotAttested` until the delivery, else `Conform`
    /// @return mismatch mask of the groups that differ in either
    function conformityOf(ClaimId claim) external view returns (Conformity conformity, uint8 mismatch);

    /// @notice Identifier of the claim that a practice opens with this nonce.
    /// @param practice the practice
    /// @param nonce 32 random bytes
    function claimId(PartyId practice, bytes32 nonce) external pure returns (ClaimId);

    /// @notice The party registry that this registry asks who acts. Fixed for ever.
    function parties() external view returns (IPartyRegistry);

    /// @notice The only consent registry whose consents count here. Fixed for ever.
    function consents() external view returns (IConsentRegistry);
}
