// SPDX-License-Identifier: Apache-2.0
// What a patient keeps of a revocation: a file that proves it without a node (docs/consent.md).

import { consentIn } from "./consent.mjs";
import { PROOF, proofOf } from "./document.mjs";
import { Unproved } from "./errors.mjs";
import { ADDRESS, HASH, exactly, oneOf, parse, whole } from "./json.mjs";
import { Reading } from "./reading.mjs";

/**
 * The proof of a revocation: the consent's registry, the block, its hash and time (seconds since 1970), and what the
 * chain held there.
 * @typedef {object} RevocationProof
 * @property {number} chainId
 * @property {string} genesisHash
 * @property {string} contract
 * @property {string} consent
 * @property {number} block
 * @property {string} hash
 * @property {number} time
 * @property {import("./document.mjs").ChainProof} proof
 */

const MOST = 2 ** 40 - 1;
const REVOCATION = exactly({
  format: oneOf("sceau-revocation-proof/1"),
  chain_id: whole(1),
  genesis_hash: HASH,
  contract: ADDRESS,
  consent: HASH,
  block: whole(0, MOST),
  hash: HASH,
  time: whole(1, MOST),
  proof: PROOF,
});

/**
 * Reads the proof of a revocation; {@link checkRevocation} says what it is worth.
 * @param {string} json
 * @returns {RevocationProof}
 * @throws {Unproved} it is none
 */
export function readRevocationProof(json) {
  const { chain_id, genesis_hash, proof, format, ...others } = parse(json, REVOCATION, "file-malformed");
  return { chainId: chain_id, genesisHash: genesis_hash, ...others, proof: proofOf(proof) };
}

/**
 * The consent as the proof of its revocation shows it, revoked.
 * @param {RevocationProof} kept
 * @param {import("./manifest.mjs").Manifest} manifest
 * @param {number} now the reader's clock, seconds since 1970
 * @returns {Promise<import("./consent.mjs").ConsentState>}
 * @throws {Unproved} it is of another registry than the manifest's, its proof does not hold, or shows something else
 * @throws {import("./errors.mjs").ValidatorsOutdated} the validators were listed too long ago
 */
export async function checkRevocation(kept, manifest, now) {
  const { address } = manifest.contracts.get("ConsentRegistry");
  const here = [manifest.chainId, manifest.genesisHash, address.toLowerCase()];
  if ([kept.chainId, kept.genesisHash, kept.contract].some((each, place) => each !== here[place])) {
    throw new Unproved("consent-foreign");
  }
  const reading = await Reading.of(kept.proof, manifest, now);
  const state = consentIn(reading, kept.consent);
  const { number, hash, timestamp } = reading.header;
  if (state.status === "unknown") throw new Unproved("consent-unknown", { block: number });
  if (!state.revokedAt) throw new Unproved("consent-not-revoked", { block: number });
  if (number !== BigInt(kept.block) || hash !== kept.hash || timestamp !== BigInt(kept.time)) {
    throw new Unproved("revocation-not-shown", { block: number });
  }
  return state;
}
