// SPDX-License-Identifier: Apache-2.0
// What the state under a header's root holds of a contract, by the branches that `eth_getProof` gives.
//
// The state is a Merkle Patricia trie of accounts by the hash of their address; each account has the hash of its code
// and the root of a trie of its own, of storage words by the hash of their place. A branch shows a value, or that there
// is none (https://eips.ethereum.org/EIPS/eip-1186).

import { isBytes } from "@noble/hashes/utils.js";

import { WORD, bytesOf, hexOf, keccak, numberOf, wordOf } from "./bytes.mjs";
import { Unproved } from "./errors.mjs";
import { decode } from "./rlp.mjs";

/** @typedef {import("./trie.mjs").Nodes} Nodes */

/** Nodes of one branch: more than any trie of 32 byte keys has. */
const MOST_NODES = 64;
const NO_BRANCH = "proof.no-branch";
const NO_ACCOUNT = "proof.no-account";

/**
 * The words of a contract's storage at these places, as nodes prove them.
 * @param {Uint8Array} stateRoot the proved header's
 * @param {string} address the contract's, `0x` hex
 * @param {string} codeHash keccak-256 of the code that it must have, `0x` hex; empty where it is not known
 * @param {readonly bigint[]} places numbers of the storage words
 * @param {Nodes} nodes those of the branches, and any others
 * @returns {bigint[]}
 * @throws {Unproved} no branch leads from the root to a value, or the contract is not there with that code
 */
export function provedWords(stateRoot, address, codeHash, places, nodes) {
  const { storageRoot, code } = account(nodes.value(stateRoot, keccak(bytesOf(address))));
  if (codeHash && hexOf(code) !== codeHash) throw new Unproved("proof.other-code", { address });
  return places.map((place) => wordIn(nodes.value(storageRoot, keccak(wordOf(place)))));
}

/**
 * The nodes in an answer to `eth_getProof`; nothing else in it counts.
 * @param {unknown} answer
 * @returns {unknown[]}
 * @throws {Unproved}
 */
export function nodesOf(answer) {
  const { accountProof, storageProof } = object(answer);
  const own = branch(accountProof);
  if (!Array.isArray(storageProof)) throw new Unproved(NO_BRANCH);
  return [own, ...storageProof.map((each) => branch(object(each).proof))].flat();
}

function branch(nodes) {
  if (!Array.isArray(nodes) || nodes.length > MOST_NODES) throw new Unproved(NO_BRANCH);
  return nodes;
}

function object(value) {
  if (typeof value !== "object" || value === null) throw new Unproved(NO_BRANCH);
  return value;
}

/** The root of an account's storage, and the hash of its code. */
function account(value) {
  const fields = value.length === 0 ? null : decode(value, NO_BRANCH);
  if (!Array.isArray(fields) || fields.length !== 4) throw new Unproved(NO_ACCOUNT);
  const [, , storageRoot, code] = fields;
  if (![storageRoot, code].every((each) => isBytes(each) && each.length === WORD)) throw new Unproved(NO_ACCOUNT);
  return { storageRoot, code };
}

/** A storage word: RLP of its bytes without leading zeros; nothing is zero. */
function wordIn(value) {
  if (value.length === 0) return 0n;
  const data = decode(value, NO_BRANCH);
  if (!isBytes(data) || data.length === 0 || data.length > WORD || data[0] === 0) throw new Unproved(NO_BRANCH);
  return numberOf(data);
}
