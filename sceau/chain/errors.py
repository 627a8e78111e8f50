# SPDX-License-Identifier: Apache-2.0
"""Errors of nodes, deployments, keys and transactions; those of contracts are in ``contract_errors``."""

from __future__ import annotations

from sceau.errors import InputError, KeyFileError, NodeError, Sentence, TransactionError

_UNREADABLE = Sentence("chain.unreadable")
_ABSENT = Sentence("chain.absent")


def unreadable(error: Exception) -> Sentence:
    """Why a file was not read."""
    return _ABSENT if isinstance(error, FileNotFoundError) else _UNREADABLE


class NodeUnreachable(NodeError):
    """The node did not answer."""

    code = "node-unreachable"


class NotANode(NodeError):
    """What answers at the address is not a node."""

    code = "not-a-node"


class NodeRefused(NodeError):
    """The node answered a request with an error that is not a contract's."""

    code = "node-refused"


class NodeStale(NodeError):
    """The newest block is too old for the chain's block period."""

    code = "stale-node"


class HeadInFuture(NodeError):
    """The newest block is far ahead of the reader's clock: one of the two is wrong."""

    code = "head-in-future"


class ChainStopped(NodeError):
    """No node that was named and answers knows a block young enough: the chain makes none."""

    code = "chain-stopped"


class NodeBehind(NodeError):
    """Another node that was named knows newer blocks than this one."""

    code = "node-behind"


class BlockChanged(NodeError):
    """The block at which everything was read is no longer part of the chain."""

    code = "block-changed"


class WrongChain(NodeError):
    """The node is on another chain than the deployment."""

    code = "wrong-chain"


class ChainOfAnother(NodeError):
    """A node is on another chain than a card, a signed consent or a revocation."""

    code = "made-for-another-chain"


class ContractNotDeployed(NodeError):
    """There is no code at an address of the manifest."""

    code = "contract-not-deployed"


class ContractCodeDiffers(NodeError):
    """The code at an address of the manifest is not the code that was deployed."""

    code = "contract-code-differs"


class AnswerUnproved(NodeError):
    """What a node answered is not proved by the chain's validators, though the manifest lists them."""

    code = "answer-not-proved"


class BlocksConflict(NodeError):
    """Two nodes prove two blocks of one height: validators broke the rules of the chain."""

    code = "blocks-conflict"


class ProofsRequired(InputError):
    """The reader wants what nodes say to be proved, and the manifest lists no validators."""

    code = "proofs-required"


class ProofInvalid(InputError):
    """A proof does not hold, or does not hold enough."""

    code = "proof-invalid"


class ProofIncomplete(NodeError):
    """A proof, read as a node, holds less than is asked of it."""

    code = "proof-incomplete"


class ProofOfAnotherChain(InputError):
    """A proof is of another chain than the manifest."""

    code = "proof-of-another-chain"


class LayoutUnknown(InputError):
    """The manifest names another storage layout than this version of the client knows: nothing can be proved."""

    code = "layout-unknown"


class ManifestInvalid(InputError):
    """A deployment manifest is missing, truncated or edited."""

    code = "manifest-invalid"


class KeystoreInvalid(KeyFileError):
    """A keystore file cannot be read."""

    code = "keystore-invalid"


class WrongPassword(KeyFileError):
    """A keystore does not open with this password."""

    code = "wrong-password"


class TransactionUnsettled(TransactionError):
    """A transaction was sent, and no block is known to hold it: it may still be written."""

    exit_code = 6
    http_status = 504


class TransactionRefused(TransactionUnsettled):
    """The node says that it did not take a transaction; it has the signed bytes nevertheless."""

    code = "transaction-refused"


class OthersWaiting(TransactionRefused):
    """The node did not take a transaction while earlier ones of its key are in no block yet."""

    code = "others-waiting"


class KeyInUse(TransactionRefused):
    """Another program sends by the same key: each number that was chosen had been taken before."""

    code = "key-in-use"


class TransactionReverted(TransactionError):
    """A transaction was mined and failed without a reason that can be read."""

    code = "transaction-reverted"


class TransactionNotMined(TransactionUnsettled):
    """No node that answered showed a transaction in a block in the time given."""

    code = "transaction-not-mined"


class TransactionReplaced(TransactionUnsettled):
    """Another transaction of the same key took the place of this one; what it was to write can be sent again."""

    code = "transaction-replaced"


class ReceiptDisputed(TransactionUnsettled):
    """One node says that a transaction is in a block that another node knows without it."""

    code = "receipt-disputed"


class WrittenUnread(TransactionUnsettled):
    """A transaction is in a block, and no node was read since: what it wrote stands."""

    code = "written-unread"


class WriteQueued(TransactionUnsettled):
    """A write waits in the outbox: it was sent to no node yet."""

    code = "write-queued"


class EntryStopped(TransactionError):
    """A write of the outbox cannot be legal any more; nothing of it was written."""

    code = "entry-stopped"


class FeeTooHigh(TransactionError):
    """The node asks for a fee over the ceiling of the settings."""

    code = "fee-too-high"


class SenderHasNoFunds(TransactionError):
    """The chain charges fees and the sender cannot pay them."""

    code = "sender-has-no-funds"
