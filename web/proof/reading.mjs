// SPDX-License-Identifier: Apache-2.0
// Reading a proof that was taken before, without a node, and believed in nothing.

import { Unproved } from "./errors.mjs";
import { readHeader } from "./header.mjs";
import { included } from "./inclusion.mjs";
import { provedWords } from "./state.mjs";
import { Trust } from "./trust.mjs";

/** @typedef {import("./document.mjs").ChainProof} ChainProof */
/** @typedef {import("./header.mjs").Header} Header */
/** @typedef {import("./manifest.mjs").Manifest} Manifest */

const NOT_THERE = "proof.not-there";

/** A deployment as a proof shows it. */
export class Reading {
  #proof;
  #manifest;
  #now;
  #trust;
  /** @type {Map<bigint, Header>} */
  #headers;

  /**
   * @param {ChainProof} proof
   * @param {Manifest} manifest
   * @param {number} now the reader's clock, seconds since 1970
   * @throws {Unproved} the proof is of another chain than the manifest, or holds what is no header
   */
  constructor(proof, manifest, now) {
    if (proof.chainId !== manifest.chainId || proof.genesisHash !== manifest.genesisHash) {
      throw new Unproved("proof-of-another-chain");
    }
    this.#proof = proof;
    this.#manifest = manifest;
    this.#now = now;
    this.#trust = new Trust(manifest.listed, manifest);
    const headers = proof.headers.map((raw) => readHeader(raw, manifest.fork));
    this.#headers = new Map(headers.map((header) => [header.number, header]));
  }

  /**
   * The header of a block, proved; of the proof's own block if none is named.
   * @param {bigint} [number]
   * @returns {Promise<Header>}
   * @throws {Unproved} the proof does not show it
   * @throws {import("./errors.mjs").ValidatorsOutdated}
   */
  async header(number = BigInt(this.#proof.block)) {
    const header = this.#given(number);
    await this.#trust.require(header, (wanted) => this.#given(wanted), this.#now);
    return header;
  }

  /**
   * What a view of a contract answers at the proof's block: its members by their names.
   * @param {string} contract
   * @param {string} view
   * @param {Uint8Array} [key] the word by which a mapping is asked
   * @returns {Promise<Record<string, bigint>>}
   * @throws as {@link header}
   */
  async answer(contract, view, key) {
    const { stateRoot } = await this.header();
    const { layout, contracts } = this.#manifest;
    const { address, codeHash } = contracts.get(contract);
    const places = layout.places(contract, view, key);
    const words = provedWords(stateRoot, address, codeHash, places, this.#proof.nodes);
    return layout.answer(contract, view, words);
  }

  /**
   * The transactions that the proof shows with their receipts.
   * @returns {Promise<import("./inclusion.mjs").Included[]>}
   * @throws as {@link header}
   */
  async receipts() {
    const found = [];
    for (const { block, place } of this.#proof.receipts) {
      found.push(included(await this.header(BigInt(block)), place, this.#proof.nodes));
    }
    return found;
  }

  #given(number) {
    const header = this.#headers.get(number);
    if (header === undefined) throw new Unproved(NOT_THERE);
    return header;
  }
}
