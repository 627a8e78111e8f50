// SPDX-License-Identifier: Apache-2.0
// RLP, in which the chain writes headers and nodes (https://ethereum.org/developers/docs/data-structures-and-encoding/rlp).
// It is read strictly: an item has one encoding, and nothing stands behind it.

import { concatBytes, isBytes } from "@noble/hashes/utils.js";

import { Unproved } from "./errors.mjs";

/** @typedef {Uint8Array | Item[]} Item bytes, or a list of items */

/** So many lists in one another, at most. The chain's have five. */
const DEEPEST = 16;
/** An item of more bytes than this has its length in bytes of their own before it. */
const SHORT = 55;
/** The first byte of empty bytes, and of an empty list. */
const BYTES = 0x80;
const LIST = 0xc0;

/**
 * The item that bytes encode.
 * @param {Uint8Array} data
 * @param {string} why the code of the error
 * @returns {Item}
 * @throws {Unproved} the bytes encode none, or have more behind it
 */
export function decode(data, why) {
  const refuse = () => {
    throw new Unproved(why);
  };

  /** Where what follows a first byte begins and ends. */
  const spanAt = (start, size) => {
    const from = start + 1 + Math.max(size - SHORT, 0);
    if (size <= SHORT) return [from, from + size];
    // Not exact from 2⁵³ on, where it is too much anyway.
    const length = data.subarray(start + 1, from).reduce((number, byte) => number * 256 + byte, 0);
    return data[start + 1] === 0 || length <= SHORT ? refuse() : [from, from + length];
  };

  /** The items from a place up to another. */
  const itemsIn = (start, end, depth) => {
    const items = [];
    for (let at = start; at < end; ) {
      const first = data[at];
      const [from, to] = first < BYTES ? [at, at + 1] : spanAt(at, first - (first < LIST ? BYTES : LIST));
      if (to > end) refuse();
      if (first < LIST) {
        if (from > at && to === from + 1 && data[from] < BYTES) refuse();
        items.push(data.subarray(from, to));
      } else {
        items.push(depth < DEEPEST ? itemsIn(from, to, depth + 1) : refuse());
      }
      at = to;
    }
    return items;
  };

  const items = itemsIn(0, data.length, 0);
  return items.length === 1 ? items[0] : refuse();
}

/** The bytes that encode an item. @param {Item} item @returns {Uint8Array} */
export function encode(item) {
  if (isBytes(item) && item.length === 1 && item[0] < BYTES) return item;
  const data = isBytes(item) ? item : concatBytes(...item.map(encode));
  const first = isBytes(item) ? BYTES : LIST;
  if (data.length <= SHORT) return concatBytes(Uint8Array.of(first + data.length), data);
  const length = [];
  for (let left = data.length; left > 0; left = Math.floor(left / 256)) length.unshift(left % 256);
  return concatBytes(Uint8Array.of(first + SHORT + length.length, ...length), data);
}
