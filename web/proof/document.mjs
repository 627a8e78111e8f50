// SPDX-License-Identifier: Apache-2.0
// The proof as a document: headers, nodes and where receipts stand, from which anybody can read without a node.
// Nothing in it is believed. A header counts by the rule of trust, everything else by the hashes that lead to it.

import { bytesOf } from "./bytes.mjs";
import { HASH, exactly, list, oneOf, parse, text, whole } from "./json.mjs";
import { Nodes } from "./trie.mjs";

/**
 * What proves what the chain held at the block of number `block`: bytes of headers, nodes, and the blocks and places of
 * transactions whose receipts are among the nodes.
 * @typedef {object} ChainProof
 * @property {number} chainId
 * @property {string} genesisHash
 * @property {number} block
 * @property {Uint8Array[]} headers
 * @property {Nodes} nodes
 * @property {{block: number, place: number}[]} receipts
 */

const BYTES = text(/^0x(?:[0-9a-f]{2})*$/, 2 + 2 * 32_768);
/** The shape of a proof, which other files hold. */
export const PROOF = exactly({
  format: oneOf("sceau-proof/1"),
  chain_id: whole(Number.MIN_SAFE_INTEGER),
  genesis_hash: HASH,
  block: whole(0),
  headers: list(BYTES, { least: 1, most: 5_000 }),
  nodes: list(BYTES, { most: 50_000 }),
  receipts: list(exactly({ block: whole(0), place: whole(0) }), { most: 5_000 }),
});

/**
 * Reads a proof; what it is worth is said by reading from it.
 * @param {string} json
 * @returns {ChainProof}
 * @throws {Unproved} it is no proof
 */
export const readProof = (json) => proofOf(parse(json, PROOF, "file-malformed"));

/** The proof of an object that has its shape. @returns {ChainProof} */
export function proofOf({ chain_id, genesis_hash, block, headers, nodes, receipts }) {
  return {
    chainId: chain_id,
    genesisHash: genesis_hash,
    block,
    headers: headers.map(bytesOf),
    nodes: new Nodes(nodes),
    receipts,
  };
}
