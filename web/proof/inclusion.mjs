// SPDX-License-Identifier: Apache-2.0
// A transaction and its receipt, as they stand in a block: what it was, whether it succeeded, and what was announced.
//
// A header has the roots of two tries, of a block's transactions and of their receipts, each by its place in the block
// (https://eips.ethereum.org/EIPS/eip-2718, https://eips.ethereum.org/EIPS/eip-658).

import { isBytes } from "@noble/hashes/utils.js";

import { hexOf, keccak, withoutZeros, wordOf } from "./bytes.mjs";
import { Unproved } from "./errors.mjs";
import { decode, encode } from "./rlp.mjs";

/** @typedef {import("./header.mjs").Header} Header */
/** @typedef {import("./trie.mjs").Nodes} Nodes */

/**
 * What a contract announced: its address (`0x` hex in lower case), topics and data.
 * @typedef {{address: string, topics: Uint8Array[], data: Uint8Array}} Log
 */

/**
 * A transaction in a block: its place there, its hash (`0x` hex), whether it succeeded, and its logs.
 * @typedef {{block: Header, place: number, transaction: string, succeeded: boolean, logs: Log[]}} Included
 */

const NO_RECEIPT = "proof.no-receipt";
const [ADDRESS, TOPIC] = [20, 32];
/** The least first byte of a list in RLP; what begins with less is a type. */
const LIST = 0xc0;

/**
 * The transaction at a place of a block, with its receipt, as nodes prove them.
 * @param {Header} header the block's, proved
 * @param {number} place
 * @param {Nodes} nodes
 * @returns {Included}
 * @throws {Unproved} no branch leads to both, or they cannot be read
 */
export function included(header, place, nodes) {
  const path = encode(withoutZeros(wordOf(BigInt(place))));
  const transaction = nodes.value(header.transactionsRoot, path);
  const receipt = nodes.value(header.receiptsRoot, path);
  if (transaction.length === 0 || receipt.length === 0) throw new Unproved(NO_RECEIPT);
  return { block: header, place, transaction: hexOf(keccak(transaction)), ...receiptIn(receipt) };
}

/** Whether a transaction succeeded, and its logs, by its receipt's bytes. */
function receiptIn(data) {
  const fields = list(decode(data[0] < LIST ? data.subarray(1) : data, NO_RECEIPT), 4);
  const [status, , , logs] = fields;
  // Before Byzantium a root stood there: no chain of Sceau is so old.
  const said = isBytes(status) ? hexOf(status) : "";
  if (said !== "0x" && said !== "0x01") throw new Unproved(NO_RECEIPT);
  return { succeeded: said === "0x01", logs: list(logs).map(logIn) };
}

function logIn(fields) {
  const [address, topics, data] = list(fields, 3);
  return {
    address: hexOf(bytes(address, ADDRESS)),
    topics: list(topics).map((each) => bytes(each, TOPIC)),
    data: bytes(data),
  };
}

function list(item, length) {
  if (!Array.isArray(item) || item.length !== (length ?? item.length)) throw new Unproved(NO_RECEIPT);
  return item;
}

function bytes(item, length) {
  if (!isBytes(item) || item.length !== (length ?? item.length)) throw new Unproved(NO_RECEIPT);
  return item;
}
