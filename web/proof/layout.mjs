// SPDX-License-Identifier: Apache-2.0
// Where a contract stores what one of its views answers: the compiler's storage layout, in sceau/proof/layout.json.

import { concatBytes } from "@noble/hashes/utils.js";

import { hexOf, keccak, numberOf, wordOf } from "./bytes.mjs";
import { Unproved } from "./errors.mjs";

/**
 * A value in storage: words after the first, bytes from the right within its word, and its length in bytes.
 * @typedef {{name: string, slot: number, offset: number, size: number}} Member
 */

/** The places of storage, as the compiler named them. */
export class Layout {
  #views;

  /**
   * @param {string} text that of `layout.json`, to the byte
   * @param {string} hash its keccak-256, which the manifest names (`0x` hex)
   * @throws {Unproved} it is another layout
   */
  constructor(text, hash) {
    if (hexOf(keccak(new TextEncoder().encode(text))) !== hash) throw new Unproved("layout-unknown");
    this.#views = JSON.parse(text);
  }

  /**
   * The numbers of the storage words that a view's answer rests on.
   * @param {string} contract
   * @param {string} view
   * @param {...Uint8Array} keys the words by which a mapping, and one within it, are asked
   * @returns {bigint[]}
   */
  places(contract, view, ...keys) {
    const { slot, mapped, inner, members } = this.#views[contract][view];
    let first = BigInt(slot);
    if (mapped) first = entry(keys[0], first);
    if (inner !== undefined) first = entry(keys[1], first + BigInt(inner));
    const last = Math.max(...members.map((member) => member.slot));
    return Array.from({ length: last + 1 }, (_, place) => first + BigInt(place));
  }

  /**
   * What storage holds of what a view is about, when it holds these words: members by their names.
   * @param {string} contract
   * @param {string} view
   * @param {readonly bigint[]} words
   * @returns {Record<string, bigint>}
   */
  members(contract, view, words) {
    const { members } = this.#views[contract][view];
    return Object.fromEntries(
      members.map(({ name, slot, offset, size }) => [
        name,
        BigInt.asUintN(8 * size, words[slot] >> BigInt(8 * offset)),
      ]),
    );
  }
}

/** The place of a mapping's entry by a key of one word. */
const entry = (key, slot) => numberOf(keccak(concatBytes(key, wordOf(slot))));
