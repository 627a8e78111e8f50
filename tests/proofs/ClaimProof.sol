// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IClaimRegistry} from "interfaces/IClaimRegistry.sol";
import {IConsortiumPausable} from "interfaces/IConsortiumPausable.sol";
import {
    ClaimId, ConsentId, GROUPS, PartyId, ROLE_PAYER, ROLE_PRACTICE, ROLE_SUPPLIER
} from "interfaces/Types.sol";
import {AnyAuthority, AnyConsents, AnyParties, Proof} from "./Proof.sol";

/// @title Proofs about the registry of claims
/// @dev Each `check_P24_` says of one step when it is written and what it leaves, both exactly: the row of the table in
/// docs/protocol.md. The others follow claims through any call whatever.
contract ClaimProof is Proof {
    IClaimRegistry private _registry;
    AnyParties private _parties;
    AnyConsents private _consents;

    function setUp() public {
        _parties = new AnyParties();
        _consents = new AnyConsents();
        AnyAuthority authority = new AnyAuthority();
        _registry = IClaimRegistry(_create("ClaimRegistry", abi.encode(authority, _parties, _consents)));
        svm.enableSymbolicStorage(address(_parties));
        svm.enableSymbolicStorage(address(_consents));
        svm.enableSymbolicStorage(address(authority));
        svm.enableSymbolicStorage(address(_registry));
    }

    /// @notice P21, P22, P23, P24, P25, P31, P33: open.
    function check_P24_open(
        bytes32 nonce,
        PartyId payer,
        ConsentId consent,
        bytes32 commitment,
        address sender,
        uint256 time
    ) public {
        PartyId practice = _parties.acting(sender, ROLE_PRACTICE);
        ClaimId claim = _registry.claimId(practice, nonce);
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        (PartyId recorder, bool valid) = _consents.validityOf(consent, time);
        bool allowed = !IConsortiumPausable(address(_registry)).paused() && !practice.isNone() && !payer.isNone()
            && payer != practice && expected.state == IClaimRegistry.State.None && commitment != 0
            && (ConsentId.unwrap(consent) == 0 || (recorder == practice && valid));
        expected.practice = practice;
        expected.payer = payer;
        expected.state = IClaimRegistry.State.Opened;
        expected.head = _head(
            expected.head,
            claim,
            IClaimRegistry.Step.Open,
            practice,
            sender,
            time,
            0,
            commitment,
            keccak256(abi.encode(payer, consent))
        );
        _exactly(
            allowed,
            claim,
            expected,
            sender,
            time,
            abi.encodeCall(IClaimRegistry.open, (nonce, payer, consent, commitment))
        );
    }

    /// @notice P24, P25, P26, P33: authorise.
    function check_P24_authorise(
        ClaimId claim,
        bytes32 head,
        bytes32 commitment,
        address sender,
        uint256 time
    ) public {
        uint256 legal = _bit(IClaimRegistry.State.Opened);
        bytes memory data = abi.encodeCall(IClaimRegistry.authorise, (claim, head, commitment));
        _payerStep(
            IClaimRegistry.Step.Authorise,
            legal,
            IClaimRegistry.State.Authorised,
            claim,
            head,
            commitment,
            sender,
            time,
            data
        );
    }

    /// @notice P24, P25, P26, P33: refuse.
    function check_P24_refuse(ClaimId claim, bytes32 head, bytes32 commitment, address sender, uint256 time)
        public
    {
        uint256 legal = _bit(IClaimRegistry.State.Opened) | _bit(IClaimRegistry.State.Invoiced);
        bytes memory data = abi.encodeCall(IClaimRegistry.refuse, (claim, head, commitment));
        _payerStep(
            IClaimRegistry.Step.Refuse,
            legal,
            IClaimRegistry.State.Refused,
            claim,
            head,
            commitment,
            sender,
            time,
            data
        );
    }

    /// @notice P24, P25, P26, P33: settle.
    function check_P24_settle(ClaimId claim, bytes32 head, bytes32 commitment, address sender, uint256 time)
        public
    {
        uint256 legal = _bit(IClaimRegistry.State.Invoiced);
        bytes memory data = abi.encodeCall(IClaimRegistry.settle, (claim, head, commitment));
        _payerStep(
            IClaimRegistry.Step.Settle,
            legal,
            IClaimRegistry.State.Settled,
            claim,
            head,
            commitment,
            sender,
            time,
            data
        );
    }

    /// @notice P24, P25, P33: cancel.
    function check_P24_cancel(ClaimId claim, bytes32 commitment, address sender, uint256 time) public {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        uint256 legal = _bit(IClaimRegistry.State.Opened) | _bit(IClaimRegistry.State.Authorised)
            | _bit(IClaimRegistry.State.Ordered);
        bool allowed = _in(expected.state, legal) && _acts(sender, ROLE_PRACTICE, expected.practice)
            && commitment != 0;
        expected.state = IClaimRegistry.State.Cancelled;
        expected.head = _head(
            expected.head,
            claim,
            IClaimRegistry.Step.Cancel,
            expected.practice,
            sender,
            time,
            expected.orderNumber,
            commitment,
            0
        );
        _exactly(
            allowed, claim, expected, sender, time, abi.encodeCall(IClaimRegistry.cancel, (claim, commitment))
        );
    }

    /// @notice P22, P24, P25, P33: order.
    function check_P24_order(
        ClaimId claim,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        address sender,
        uint256 time
    ) public {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        bool allowed = _in(expected.state, _bit(IClaimRegistry.State.Authorised))
            && _acts(sender, ROLE_PRACTICE, expected.practice) && commitment != 0 && _third(expected, supplier);
        expected.state = IClaimRegistry.State.Ordered;
        _place(expected, claim, IClaimRegistry.Step.Order, 1, supplier, commitment, locks, sender, time);
        _exactly(
            allowed,
            claim,
            expected,
            sender,
            time,
            abi.encodeCall(IClaimRegistry.order, (claim, supplier, commitment, locks))
        );
    }

    /// @notice P22, P24, P25, P28, P33: remake.
    function check_P24_remake(
        ClaimId claim,
        uint8 orderNumber,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        address sender,
        uint256 time
    ) public {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        uint256 legal = _bit(IClaimRegistry.State.Ordered) | _bit(IClaimRegistry.State.Invoiced)
            | _bit(IClaimRegistry.State.Settled);
        bool allowed = _in(expected.state, legal) && _acts(sender, ROLE_PRACTICE, expected.practice)
            && commitment != 0 && _third(expected, supplier) && orderNumber == expected.orderNumber && orderNumber < 255;
        expected.deliveredAt = 0;
        expected.returnedAt = 0;
        expected.disputedAt = 0;
        expected.deliveryMismatch = 0;
        unchecked {
            _place(
                expected,
                claim,
                IClaimRegistry.Step.Remake,
                orderNumber + 1,
                supplier,
                commitment,
                locks,
                sender,
                time
            );
        }
        _exactly(
            allowed,
            claim,
            expected,
            sender,
            time,
            abi.encodeCall(IClaimRegistry.remake, (claim, orderNumber, supplier, commitment, locks))
        );
    }

    /// @notice P24, P25, P28, P29, P33: deliver.
    function check_P24_deliver(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata tags,
        bytes32[GROUPS] calldata orderLocks,
        address sender,
        uint256 time
    ) public {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        bool allowed = _marks(expected, orderNumber, commitment, sender) && expected.deliveredAt == 0
            && expected.locksHash == keccak256(abi.encode(orderLocks));
        expected.deliveredAt = uint40(time);
        expected.deliveryMismatch = _tagMismatch(claim, orderNumber, tags, orderLocks);
        expected.head = _head(
            expected.head,
            claim,
            IClaimRegistry.Step.Deliver,
            expected.supplier,
            sender,
            time,
            orderNumber,
            commitment,
            keccak256(abi.encode(tags))
        );
        _exactly(
            allowed,
            claim,
            expected,
            sender,
            time,
            abi.encodeCall(IClaimRegistry.deliver, (claim, orderNumber, commitment, tags, orderLocks))
        );
    }

    /// @notice P24, P25, P30, P33: invoice.
    function check_P24_invoice(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        bytes32[GROUPS] calldata orderLocks,
        address sender,
        uint256 time
    ) public {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        bool allowed = _in(expected.state, _bit(IClaimRegistry.State.Ordered))
            && _acts(sender, ROLE_PRACTICE, expected.practice) && commitment != 0
            && orderNumber == expected.orderNumber && expected.locksHash == keccak256(abi.encode(orderLocks));
        expected.state = IClaimRegistry.State.Invoiced;
        expected.invoicedOrderNumber = orderNumber;
        expected.invoiceMismatch = _lockMismatch(locks, orderLocks);
        expected.head = _head(
            expected.head,
            claim,
            IClaimRegistry.Step.Invoice,
            expected.practice,
            sender,
            time,
            orderNumber,
            commitment,
            keccak256(abi.encode(locks))
        );
        _exactly(
            allowed,
            claim,
            expected,
            sender,
            time,
            abi.encodeCall(IClaimRegistry.invoice, (claim, orderNumber, commitment, locks, orderLocks))
        );
    }

    /// @notice P24, P25, P28, P33: recordReturn.
    function check_P24_return(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        address sender,
        uint256 time
    ) public {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        bool allowed = _marks(expected, orderNumber, commitment, sender) && expected.deliveredAt != 0
            && expected.returnedAt == 0;
        expected.returnedAt = uint40(time);
        _markHead(expected, claim, IClaimRegistry.Step.Return, orderNumber, commitment, sender, time);
        _exactly(
            allowed,
            claim,
            expected,
            sender,
            time,
            abi.encodeCall(IClaimRegistry.recordReturn, (claim, orderNumber, commitment))
        );
    }

    /// @notice P24, P25, P28, P33: dispute.
    function check_P24_dispute(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        address sender,
        uint256 time
    ) public {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        bool allowed = _marks(expected, orderNumber, commitment, sender) && expected.disputedAt == 0;
        expected.disputedAt = uint40(time);
        _markHead(expected, claim, IClaimRegistry.Step.Dispute, orderNumber, commitment, sender, time);
        _exactly(
            allowed,
            claim,
            expected,
            sender,
            time,
            abi.encodeCall(IClaimRegistry.dispute, (claim, orderNumber, commitment))
        );
    }

    /// @notice P24, P27, P28. Whatever is called, of any claim: only a step that names it changes it, its state does not
    /// go back, it is authorised once and invoiced once, and its marks stay.
    function check_P24_any_call(ClaimId claim, address sender, uint256 time) public {
        IClaimRegistry.Claim memory before = _registry.claimOf(claim);
        vm.assume(_sound(before));
        bytes memory data = svm.createCalldata("ClaimRegistry");
        _call(address(_registry), sender, time, data);
        IClaimRegistry.Claim memory current = _registry.claimOf(claim);
        assert(_or(_same(current, before), _names(data, sender, claim)));
        assert(_forward(uint8(before.state), uint8(current.state)));
        assert(_and(_sound(current), _invoicedOnce(before, current)));
        assert(_marksStay(before, current, time));
    }

    /// @notice P26. A payer's step is written only with the head that the claim has.
    function check_P26_a_moved_head_refuses(
        ClaimId claim,
        bytes32 head,
        bytes32 commitment,
        address sender,
        uint256 time,
        uint8 which
    ) public {
        vm.assume(head != _registry.claimOf(claim).head);
        bytes4 selector = which == 0
            ? IClaimRegistry.authorise.selector
            : which == 1 ? IClaimRegistry.refuse.selector : IClaimRegistry.settle.selector;
        assert(!_call(address(_registry), sender, time, abi.encodeWithSelector(selector, claim, head, commitment)));
    }

    /// @notice P29, P30. What `conformityOf` states, from the two masks and the marks.
    function check_P29_conformity(ClaimId claim) public view {
        IClaimRegistry.Claim memory stored = _registry.claimOf(claim);
        vm.assume(stored.state != IClaimRegistry.State.None);
        (IClaimRegistry.Conformity conformity, uint8 mismatch) = _registry.conformityOf(claim);
        uint8 expected = stored.deliveryMismatch;
        if (stored.invoicedOrderNumber == stored.orderNumber) expected |= stored.invoiceMismatch;
        assert(mismatch == expected);
        assert((conformity == IClaimRegistry.Conformity.Mismatch) == (expected != 0));
        assert(
            (conformity == IClaimRegistry.Conformity.Conform) == (expected == 0 && stored.deliveredAt != 0)
        );
    }

    /// @notice False: a delivery of other lenses conforms. The solver must refute it.
    function refute_every_delivery_conforms(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata tags,
        bytes32[GROUPS] calldata orderLocks,
        address sender,
        uint256 time
    ) public {
        bytes memory data =
            abi.encodeCall(IClaimRegistry.deliver, (claim, orderNumber, commitment, tags, orderLocks));
        if (!_call(address(_registry), sender, time, data)) return;
        assert(_registry.claimOf(claim).deliveryMismatch == 0);
    }

    /// @notice False: the solver must find, for each of these steps, a call that is written.
    function refute_nothing_is_ever_opened(
        bytes32 nonce,
        PartyId payer,
        ConsentId consent,
        bytes32 commitment,
        address sender,
        uint256 time
    ) public {
        _never(sender, time, abi.encodeCall(IClaimRegistry.open, (nonce, payer, consent, commitment)));
    }

    function refute_nothing_is_ever_authorised(ClaimId claim, bytes32 commitment, address sender, uint256 time)
        public
    {
        bytes32 head = _registry.claimOf(claim).head;
        _never(sender, time, abi.encodeCall(IClaimRegistry.authorise, (claim, head, commitment)));
    }

    function refute_nothing_is_ever_refused(ClaimId claim, bytes32 commitment, address sender, uint256 time)
        public
    {
        bytes32 head = _registry.claimOf(claim).head;
        _never(sender, time, abi.encodeCall(IClaimRegistry.refuse, (claim, head, commitment)));
    }

    function refute_nothing_is_ever_settled(ClaimId claim, bytes32 commitment, address sender, uint256 time)
        public
    {
        bytes32 head = _registry.claimOf(claim).head;
        _never(sender, time, abi.encodeCall(IClaimRegistry.settle, (claim, head, commitment)));
    }

    function refute_nothing_is_ever_cancelled(ClaimId claim, bytes32 commitment, address sender, uint256 time)
        public
    {
        _never(sender, time, abi.encodeCall(IClaimRegistry.cancel, (claim, commitment)));
    }

    function refute_nothing_is_ever_ordered(
        ClaimId claim,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        address sender,
        uint256 time
    ) public {
        _never(sender, time, abi.encodeCall(IClaimRegistry.order, (claim, supplier, commitment, locks)));
    }

    function refute_nothing_is_ever_remade(
        ClaimId claim,
        uint8 orderNumber,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        address sender,
        uint256 time
    ) public {
        _never(
            sender,
            time,
            abi.encodeCall(IClaimRegistry.remake, (claim, orderNumber, supplier, commitment, locks))
        );
    }

    function refute_nothing_is_ever_invoiced(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        bytes32[GROUPS] calldata orderLocks,
        address sender,
        uint256 time
    ) public {
        _never(
            sender,
            time,
            abi.encodeCall(IClaimRegistry.invoice, (claim, orderNumber, commitment, locks, orderLocks))
        );
    }

    function refute_nothing_is_ever_returned(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        address sender,
        uint256 time
    ) public {
        _never(
            sender, time, abi.encodeCall(IClaimRegistry.recordReturn, (claim, orderNumber, commitment))
        );
    }

    function refute_nothing_is_ever_disputed(
        ClaimId claim,
        uint8 orderNumber,
        bytes32 commitment,
        address sender,
        uint256 time
    ) public {
        _never(sender, time, abi.encodeCall(IClaimRegistry.dispute, (claim, orderNumber, commitment)));
    }

    function _never(address sender, uint256 time, bytes memory data) private {
        assert(!_call(address(_registry), sender, time, data));
    }

    function _payerStep(
        IClaimRegistry.Step step,
        uint256 legal,
        IClaimRegistry.State next,
        ClaimId claim,
        bytes32 head,
        bytes32 commitment,
        address sender,
        uint256 time,
        bytes memory data
    ) private {
        IClaimRegistry.Claim memory expected = _registry.claimOf(claim);
        bool allowed = _in(expected.state, legal) && _acts(sender, ROLE_PAYER, expected.payer)
            && head == expected.head && commitment != 0;
        expected.state = next;
        expected.head = _head(
            expected.head, claim, step, expected.payer, sender, time, expected.orderNumber, commitment, 0
        );
        _exactly(allowed, claim, expected, sender, time, data);
    }

    /// @dev The call is written exactly when it is allowed, and leaves exactly what is expected.
    function _exactly(
        bool allowed,
        ClaimId claim,
        IClaimRegistry.Claim memory expected,
        address sender,
        uint256 time,
        bytes memory data
    ) private {
        assert(_call(address(_registry), sender, time, data) == allowed);
        if (allowed) assert(_same(_registry.claimOf(claim), expected));
    }

    function _place(
        IClaimRegistry.Claim memory expected,
        ClaimId claim,
        IClaimRegistry.Step step,
        uint8 orderNumber,
        PartyId supplier,
        bytes32 commitment,
        bytes32[GROUPS] calldata locks,
        address sender,
        uint256 time
    ) private pure {
        expected.supplier = supplier;
        expected.orderNumber = orderNumber;
        expected.locksHash = keccak256(abi.encode(locks));
        expected.head = _head(
            expected.head,
            claim,
            step,
            expected.practice,
            sender,
            time,
            orderNumber,
            commitment,
            keccak256(abi.encode(supplier, expected.locksHash))
        );
    }

    function _markHead(
        IClaimRegistry.Claim memory expected,
        ClaimId claim,
        IClaimRegistry.Step step,
        uint8 orderNumber,
        bytes32 commitment,
        address sender,
        uint256 time
    ) private pure {
        expected.head =
            _head(expected.head, claim, step, expected.supplier, sender, time, orderNumber, commitment, 0);
    }

    function _head(
        bytes32 head,
        ClaimId claim,
        IClaimRegistry.Step step,
        PartyId party,
        address key,
        uint256 time,
        uint8 orderNumber,
        bytes32 commitment,
        bytes32 detail
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(head, claim, step, party, key, time, orderNumber, commitment, detail));
    }

    function _marks(IClaimRegistry.Claim memory stored, uint8 orderNumber, bytes32 commitment, address sender)
        private
        view
        returns (bool)
    {
        uint256 legal = _bit(IClaimRegistry.State.Ordered) | _bit(IClaimRegistry.State.Invoiced)
            | _bit(IClaimRegistry.State.Settled) | _bit(IClaimRegistry.State.Refused)
            | _bit(IClaimRegistry.State.Cancelled);
        return _in(stored.state, legal) && stored.orderNumber != 0 && orderNumber == stored.orderNumber
            && _acts(sender, ROLE_SUPPLIER, stored.supplier) && commitment != 0;
    }

    function _tagMismatch(
        ClaimId claim,
        uint8 orderNumber,
        bytes32[GROUPS] calldata tags,
        bytes32[GROUPS] calldata orderLocks
    ) private pure returns (uint8 mask) {
        if (keccak256(abi.encode(claim, orderNumber, uint256(0), tags[0])) != orderLocks[0]) mask += 1;
        if (keccak256(abi.encode(claim, orderNumber, uint256(1), tags[1])) != orderLocks[1]) mask += 2;
        if (keccak256(abi.encode(claim, orderNumber, uint256(2), tags[2])) != orderLocks[2]) mask += 4;
        if (keccak256(abi.encode(claim, orderNumber, uint256(3), tags[3])) != orderLocks[3]) mask += 8;
    }

    function _lockMismatch(bytes32[GROUPS] calldata locks, bytes32[GROUPS] calldata orderLocks)
        private
        pure
        returns (uint8 mask)
    {
        if (locks[0] != orderLocks[0]) mask += 1;
        if (locks[1] != orderLocks[1]) mask += 2;
        if (locks[2] != orderLocks[2]) mask += 4;
        if (locks[3] != orderLocks[3]) mask += 8;
    }

    /// @dev Holds of a claim that was never opened and, as `check_P24_any_call` shows, after every call if before.
    function _sound(IClaimRegistry.Claim memory stored) private pure returns (bool) {
        uint8 state = uint8(stored.state);
        bool empty = stored.orderNumber == 0;
        bool unmarked = uint256(stored.deliveredAt) | stored.returnedAt | stored.disputedAt | stored.deliveryMismatch == 0;
        bool invoiced = stored.invoicedOrderNumber != 0;
        bool early = state <= uint8(IClaimRegistry.State.Authorised);
        bool late = _or(state == uint8(IClaimRegistry.State.Invoiced), state == uint8(IClaimRegistry.State.Settled));
        return _and(
            _and(_if(early, empty), _if(empty, _and(unmarked, !invoiced))),
            _and(
                _if(state == uint8(IClaimRegistry.State.Ordered), _and(!empty, !invoiced)),
                _if(late, _and(!empty, invoiced))
            )
        );
    }

    /// @dev Whether one call may lead from a state to the other: it stays, goes on by one up to the settlement, or ends.
    function _forward(uint8 before, uint8 current) private pure returns (bool) {
        uint8 settled = uint8(IClaimRegistry.State.Settled);
        bool on = _and(current == before + 1, current <= settled);
        bool end = _and(_and(before > 0, before < settled), current > settled);
        return _or(current == before, _or(on, end));
    }

    function _invoicedOnce(IClaimRegistry.Claim memory before, IClaimRegistry.Claim memory current)
        private
        pure
        returns (bool)
    {
        bool same = _and(
            current.invoicedOrderNumber == before.invoicedOrderNumber,
            current.invoiceMismatch == before.invoiceMismatch
        );
        return _if(before.invoicedOrderNumber != 0, same);
    }

    /// @dev A mark of an order is set once, to the block's time. Only a remake clears marks, and its number is new.
    function _marksStay(IClaimRegistry.Claim memory before, IClaimRegistry.Claim memory current, uint256 time)
        private
        pure
        returns (bool)
    {
        bool stay = _and(
            _and(
                _once(before.deliveredAt, current.deliveredAt, time),
                _once(before.returnedAt, current.returnedAt, time)
            ),
            _and(
                _once(before.disputedAt, current.disputedAt, time),
                _if(before.deliveredAt != 0, current.deliveryMismatch == before.deliveryMismatch)
            )
        );
        uint256 marks = uint256(current.deliveredAt) | current.returnedAt | current.disputedAt | current.deliveryMismatch;
        bool replaced = _and(uint256(current.orderNumber) == uint256(before.orderNumber) + 1, marks == 0);
        return _or(_and(current.orderNumber == before.orderNumber, stay), replaced);
    }

    function _once(uint40 before, uint40 current, uint256 time) private pure returns (bool) {
        return _or(current == before, _and(before == 0, current == time));
    }

    /// @dev Whether a call is a step of this claim.
    function _names(bytes memory data, address sender, ClaimId claim) private view returns (bool) {
        bytes32 named = _word(data, 0);
        if (bytes4(data) == IClaimRegistry.open.selector) {
            named = ClaimId.unwrap(_registry.claimId(_parties.acting(sender, ROLE_PRACTICE), named));
        } else if (!_isStep(bytes4(data))) {
            return false;
        }
        return named == ClaimId.unwrap(claim);
    }

    function _third(IClaimRegistry.Claim memory stored, PartyId supplier) private pure returns (bool) {
        return !supplier.isNone() && supplier != stored.practice && supplier != stored.payer;
    }

    function _acts(address sender, uint8 role, PartyId expected) private view returns (bool) {
        PartyId party = _parties.acting(sender, role);
        return !party.isNone() && party == expected;
    }

    function _bit(IClaimRegistry.State state) private pure returns (uint256) {
        return 1 << uint8(state);
    }

    function _in(IClaimRegistry.State state, uint256 legal) private pure returns (bool) {
        return legal & _bit(state) != 0;
    }

    function _isStep(bytes4 selector) private pure returns (bool) {
        return selector == IClaimRegistry.open.selector || selector == IClaimRegistry.authorise.selector
            || selector == IClaimRegistry.refuse.selector || selector == IClaimRegistry.cancel.selector
            || selector == IClaimRegistry.order.selector || selector == IClaimRegistry.remake.selector
            || selector == IClaimRegistry.deliver.selector || selector == IClaimRegistry.invoice.selector
            || selector == IClaimRegistry.settle.selector || selector == IClaimRegistry.recordReturn.selector
            || selector == IClaimRegistry.dispute.selector;
    }

    function _same(IClaimRegistry.Claim memory a, IClaimRegistry.Claim memory b) private pure returns (bool) {
        return keccak256(abi.encode(a)) == keccak256(abi.encode(b));
    }
}
