# SPDX-License-Identifier: Apache-2.0
"""Errors of nodes, deployments, keys and transactions; those of contracts are in ``contract_errors``."""

from __future__ import annotations

from sceau.errors import InputError, KeyFileError, NodeError, Sentence, TransactionError

_UNREADABLE = Sentence("unreadable", "it cannot be read", "il est illisible")
_ABSENT = Sentence("absent", "there is no such file", "ce fichier n'existe pas")


def unreadable(error: OSError) -> Sentence:
    """Why a file was not read."""
    return _ABSENT if isinstance(error, FileNotFoundError) else _UNREADABLE


class NodeUnreachable(NodeError):
    """The node did not answer."""

    code = "node-unreachable"
    en = "The node at {url} does not answer ({why}). Start it, or give another with --node."
    fr = "Le nœud {url} ne répond pas ({why}). Démarrez-le, ou donnez-en un autre avec --node."


class NotANode(NodeError):
    """What answers at the address is no node."""

    code = "not-a-node"
    en = "What answers at {url} is not an Ethereum node. Check the address given with --node."
    fr = "Ce qui répond à {url} n'est pas un nœud Ethereum. Vérifiez l'adresse donnée avec --node."


class NodeRefused(NodeError):
    """The node answered a request with an error that is not a contract's."""

    code = "node-refused"
    en = "The node at {url} refused: {why}"
    fr = "Le nœud {url} a refusé : {why}"


class NodeStale(NodeError):
    """The newest block is too old for the chain's block period."""

    code = "stale-node"
    en = (
        "The node's newest block {number} is {age} s old (at most {limit} s on this chain): use another node."
    )
    fr = "Le dernier bloc du nœud, {number}, a {age} s (au plus {limit} s sur cette chaîne) : autre nœud."


class BlockChanged(NodeError):
    """The block at which everything was read is no longer part of the chain."""

    code = "block-changed"
    en = "Block {number} was replaced while it was read. Repeat."
    fr = "Le bloc {number} a été remplacé pendant la lecture. Recommencez."


class WrongChain(NodeError):
    """The node is on another chain than the deployment."""

    code = "wrong-chain"
    en = "The node at {url} has {what} {found}; the manifest says {expected}. Use a node of that chain."
    fr = "Le nœud {url} a {what} {found} ; le manifeste dit {expected}. Prenez un nœud de cette chaîne."


class ChainOfNoCard(NodeError):
    """A node is on another chain than a card."""

    code = "card-of-another-chain"
    en = "The node at {url} has {what} {found}; the card is for {expected}. Use a node of the card's chain."
    fr = "Le nœud {url} a {what} {found} ; la carte vaut pour {expected}. Prenez un nœud de sa chaîne."


class ContractNotDeployed(NodeError):
    """There is no code at an address of the manifest."""

    code = "contract-not-deployed"
    en = "There is no contract at {address}, where the manifest puts {name}. Check the manifest and the node."
    fr = "Pas de contrat à {address}, où le manifeste place {name}. Vérifiez le manifeste et le nœud."


class ContractCodeDiffers(NodeError):
    """The code at an address of the manifest is not the code that was deployed."""

    code = "contract-code-differs"
    en = "The code at {address} is not that of {name} in the manifest. Do not use this deployment."
    fr = "Le code à {address} n'est pas celui de {name} dans le manifeste. N'utilisez pas ce déploiement."


class ManifestInvalid(InputError):
    """A deployment manifest is missing, truncated or edited."""

    code = "manifest-invalid"
    en = "Deployment manifest {path}: {why}. Ask the consortium for the published one."
    fr = "Manifeste {path} : {why}. Demandez au consortium celui qui est publié."


class KeystoreInvalid(KeyFileError):
    """A keystore file cannot be read."""

    code = "keystore-invalid"
    en = "Keystore {path}: {why}."
    fr = "Fichier de clé {path} : {why}."


class WrongPassword(KeyFileError):
    """A keystore does not open with this password."""

    code = "wrong-password"
    en = "The password does not open {path}. Try again."
    fr = "Le mot de passe n'ouvre pas {path}. Réessayez."


class TransactionRefused(TransactionError):
    """The node did not take a transaction."""

    code = "transaction-refused"
    en = "The node did not take transaction {hash}: {why}"
    fr = "Le nœud n'a pas pris la transaction {hash} : {why}"


class OthersWaiting(TransactionRefused):
    """The node did not take a transaction while earlier ones of its key are in no block yet."""

    code = "others-waiting"
    en = (
        "The node did not take transaction {hash}: {why}. Earlier transactions of this key are waiting for a block: "
        "{waiting}. Repeat when they are in one."
    )
    fr = (
        "Le nœud n'a pas pris la transaction {hash} : {why}. Des transactions précédentes de cette clé attendent "
        "un bloc : {waiting}. Recommencez quand elles y seront."
    )


class TransactionReverted(TransactionError):
    """A transaction was mined and failed without a reason that can be read."""

    code = "transaction-reverted"
    en = "Transaction {hash} failed in block {block}; nothing was written."
    fr = "La transaction {hash} a échoué dans le bloc {block} ; rien n'a été écrit."


class TransactionNotMined(TransactionError):
    """A transaction is still not in a block after the time given: it may still be written."""

    exit_code = 6
    http_status = 504

    code = "transaction-not-mined"
    en = "Transaction {hash} is in no block after {seconds} s. It may still be mined: look again before repeating."
    fr = (
        "La transaction {hash} n'est dans aucun bloc après {seconds} s. Elle peut encore y entrer : "
        "regardez encore avant de répéter."
    )


class TransactionReplaced(TransactionError):
    """Another transaction of the same key took the place of this one."""

    code = "transaction-replaced"
    en = (
        "Transaction {hash} will never be in a block: another of the same key, sent elsewhere, took its place. "
        "Repeat it, and let one program at a time use a key."
    )
    fr = (
        "La transaction {hash} n'entrera jamais dans un bloc : une autre de la même clé, envoyée d'ailleurs, a pris "
        "sa place. Recommencez, et qu'un seul programme à la fois utilise une clé."
    )


class SenderHasNoFunds(TransactionError):
    """The chain charges fees and the sender cannot pay them."""

    code = "sender-has-no-funds"
    en = "{address} cannot pay the fees of this chain ({needed} wei needed, {balance} held). Fund it."
    fr = "{address} ne peut pas payer les frais ({needed} wei requis, {balance} détenus). Alimentez-la."
