// SPDX-License-Identifier: Apache-2.0
// Reading a proof that was taken before, without a node, and believed in nothing.

import { Unproved } from "./errors.mjs";
import { readHeader } from "./header.mjs";
import { included } from "./inclusion.mjs";
import { provedWords } from "./state.mjs";
import { Trust } from "./trust.mjs";

/** @typedef {import("./document.mjs").ChainProof} ChainProof */
/** @typedef {import("./header.mjs").Header} Header */
/** @typedef {import("./inclusion.mjs").Included} Included */
/** @typedef {import("./manifest.mjs").Manifest} Manifest */

/** A deployment as a proof shows it, at one block. */
export class Reading {
  #manifest;
  #nodes;

  /** Use {@link Reading.of}. */
  constructor(manifest, nodes, header, receipts) {
    this.#manifest = manifest;
    this.#nodes = nodes;
    /** The block's header, proved. @type {Header} */
    this.header = header;
    /** The transactions that the proof shows with their receipts. @type {readonly Included[]} */
    this.receipts = receipts;
  }

  /**
   * What a proof shows, with a manifest and nothing else.
   * @param {ChainProof} proof
   * @param {Manifest} manifest
   * @param {number} now the reader's clock, seconds since 1970
   * @returns {Promise<Reading>}
   * @throws {Unproved} it is of another chain than the manifest, or one of its receipts or its block is not proved
   * @throws {import("./errors.mjs").ValidatorsOutdated} the validators were listed too long ago
   */
  static async of(proof, manifest, now) {
    if (proof.chainId !== manifest.chainId || proof.genesisHash !== manifest.genesisHash) {
      throw new Unproved("proof-of-another-chain");
    }
    const headers = new Map(proof.headers.map((raw) => readHeader(raw, manifest.fork)).map((each) => [each.number, each]));
    const trust = new Trust(manifest.listed, manifest);

    const given = (number) => {
      const header = headers.get(number);
      if (header === undefined) throw new Unproved("proof.not-there");
      return header;
    };
    const proved = async (number) => {
      const header = given(BigInt(number));
      await trust.require(header, given, now);
      return header;
    };

    // In the order in which whoever took the proof came to them: what was proved before leads to what follows.
    const receipts = [];
    for (const { block, place } of proof.receipts) receipts.push(included(await proved(block), place, proof.nodes));
    return new Reading(manifest, proof.nodes, await proved(proof.block), receipts);
  }

  /**
   * What storage holds of what a view of a contract is about: members by their names.
   * @param {string} contract
   * @param {string} view
   * @param {...Uint8Array} keys the words by which a mapping is asked
   * @returns {Record<string, bigint>}
   * @throws {Unproved} the proof does not show it
   */
  stored(contract, view, ...keys) {
    const { layout, contracts } = this.#manifest;
    const { address, codeHash } = contracts.get(contract);
    const places = layout.places(contract, view, ...keys);
    return layout.members(contract, view, provedWords(this.header.stateRoot, address, codeHash, places, this.#nodes));
  }
}
