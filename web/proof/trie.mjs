// SPDX-License-Identifier: Apache-2.0
// Nodes of Merkle Patricia tries, found by their hashes: what leads from a root to a value, or to its absence.
// A node counts by its hash alone: it does not matter who gave it, in what order, or beside which others.

import { bytesToHex, isBytes } from "@noble/hashes/utils.js";

import { bytesOf, hexOf, keccak } from "./bytes.mjs";
import { Unproved } from "./errors.mjs";
import { decode } from "./rlp.mjs";

/** Bytes of one node: more than any trie has whose values are words, accounts, receipts or transactions of Sceau. */
const MOST_BYTES = 32_768;
const NO_BRANCH = "proof.no-branch";
const NONE = new Uint8Array();
/** The root of a trie that holds nothing. */
const ROOT_OF_NOTHING = hexOf(keccak(Uint8Array.of(0x80)));

/** A branch has a child for each next digit of a path, and a value. A leaf and an extension have a part of the path. */
const [BRANCH, PAIR] = [17, 2];
/** That part begins with what it is: 0 or 1 in an extension, 2 or 3 in a leaf; after 0 and 2 stands another zero. */
const PART = /^(?:([02])0|([13]))([0-9a-f]*)$/;

/** Nodes as JSON-RPC and files write them. */
export class Nodes {
  /** @type {Map<string, Uint8Array>} */
  #byHash = new Map();

  /**
   * @param {unknown} texts an array of `0x` hex
   * @throws {Unproved} it is something else, or holds something else
   */
  constructor(texts = []) {
    this.add(texts);
  }

  /** How many there are. */
  get size() {
    return this.#byHash.size;
  }

  /** Adds nodes. @param {unknown} texts as the constructor takes them @throws {Unproved} */
  add(texts) {
    if (!Array.isArray(texts)) throw new Unproved(NO_BRANCH);
    for (const node of texts.map(bytesIn)) this.#byHash.set(hexOf(keccak(node)), node);
  }

  /**
   * The value at a path in the trie of a root; empty where the nodes prove that there is none.
   * @param {Uint8Array} root
   * @param {Uint8Array} path
   * @returns {Uint8Array}
   * @throws {Unproved} the nodes do not lead so far
   */
  value(root, path) {
    if (hexOf(root) === ROOT_OF_NOTHING) return NONE;
    let left = bytesToHex(path);
    let next = root;
    while (!isNothing(next)) {
      const node = isBytes(next) ? this.#node(next) : next;
      if (node.length === BRANCH) {
        if (left === "") return valueIn(node[BRANCH - 1]);
        next = node[Number.parseInt(left[0], 16)];
        left = left.slice(1);
      } else if (node.length === PAIR) {
        const { isLeaf, own } = partIn(node[0]);
        if (isLeaf) return own === left ? valueIn(node[1]) : NONE;
        if (!left.startsWith(own)) return NONE;
        next = node[1];
        left = left.slice(own.length);
      } else {
        throw new Unproved(NO_BRANCH);
      }
    }
    return NONE;
  }

  /** The node of a hash. */
  #node(hash) {
    const bytes = this.#byHash.get(hexOf(hash));
    const node = bytes && decode(bytes, NO_BRANCH);
    if (!Array.isArray(node)) throw new Unproved(NO_BRANCH);
    return node;
  }
}

function bytesIn(text) {
  const bytes = typeof text === "string" && text.length <= 2 + 2 * MOST_BYTES ? bytesOf(text) : undefined;
  if (bytes === undefined) throw new Unproved(NO_BRANCH);
  return bytes;
}

const isNothing = (item) => isBytes(item) && item.length === 0;

function valueIn(item) {
  if (!isBytes(item)) throw new Unproved(NO_BRANCH);
  return item;
}

/** The part of a path that a leaf or an extension stands for, in digits. */
function partIn(item) {
  const [, even, odd, own] = PART.exec(isBytes(item) ? bytesToHex(item) : "") ?? [];
  const isLeaf = Number(even ?? odd) >= 2;
  if (own === undefined || (own === "" && !isLeaf)) throw new Unproved(NO_BRANCH);
  return { isLeaf, own };
}
