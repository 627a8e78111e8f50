// SPDX-License-Identifier: Apache-2.0
// What the manifest of a deployment says of its chain, its contracts and their validators (docs/deploy.md).

import { Unproved } from "./errors.mjs";
import { FORKS } from "./header.mjs";
import { ADDRESS, HASH, having, list, oneOf, parse, text, whole } from "./json.mjs";
import { Layout } from "./layout.mjs";

/**
 * @typedef {object} Manifest
 * @property {number} chainId
 * @property {string} genesisHash
 * @property {Map<string, {address: string, codeHash: string}>} contracts
 * @property {string} fork
 * @property {import("./trust.mjs").Listed[]} listed
 * @property {number} epoch
 * @property {number} windowDays
 * @property {Layout} layout
 */

const SET = having({ block: whole(0), time: whole(0), addresses: list(ADDRESS, { least: 1, most: 1000 }) });
const VALIDATORS = having({
  fork: oneOf(...FORKS.keys()),
  epoch: whole(1),
  window_days: whole(1),
  layout: HASH,
  sets: list(SET, { least: 1, most: 1000 }),
});
const CONTRACT = having({ address: text(/^0x[0-9a-fA-F]{40}$/), code_hash: HASH });
const CONTRACTS = having({ PartyRegistry: CONTRACT, ConsentRegistry: CONTRACT, ClaimRegistry: CONTRACT });
const MANIFEST = having({
  format: oneOf("sceau-deployment/1"),
  chain_id: whole(0),
  genesis_hash: HASH,
  contracts: CONTRACTS,
});

/**
 * Reads a manifest that lists validators.
 * @param {string} json the manifest's text
 * @param {string} layout the text of sceau/proof/layout.json
 * @returns {Manifest}
 * @throws {Unproved} `manifest-invalid`, `proofs-required`, or `layout-unknown`
 */
export function readManifest(json, layout) {
  const invalid = "manifest-invalid";
  const { chain_id, genesis_hash, contracts, validators } = parse(json, MANIFEST, invalid);
  if (validators == null) throw new Unproved("proofs-required");
  if (!VALIDATORS(validators)) throw new Unproved(invalid);
  const { fork, epoch, window_days, sets } = validators;
  const listed = sets.map(({ block, time, addresses }) => ({ block, time, validators: new Set(addresses) }));
  if (listed.some(({ block }, place) => place > 0 && block <= listed[place - 1].block)) throw new Unproved(invalid);
  return {
    chainId: chain_id,
    genesisHash: genesis_hash,
    contracts: new Map(
      Object.entries(contracts).map(([name, { address, code_hash }]) => [name, { address, codeHash: code_hash }]),
    ),
    fork,
    listed,
    epoch,
    windowDays: window_days,
    layout: new Layout(layout, validators.layout),
  };
}
