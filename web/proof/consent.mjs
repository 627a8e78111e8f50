// SPDX-License-Identifier: Apache-2.0
// What the chain knows of a consent, read at a proof's block.

import { WORD, bytesOf } from "./bytes.mjs";

/**
 * A consent as the registry holds it at a block; times in seconds since 1970, zero where there is none.
 *
 * `status` is `unknown`, `valid`, `expired`, `revoked`, `withdrawn` or `revoked-early`: revoked without being recorded,
 * so that it can never be recorded. `revokedAt` is the revocation by the consent's key, `withdrawnAt` the withdrawal by
 * the party that recorded it.
 * @typedef {object} ConsentState
 * @property {string} status
 * @property {bigint} recorder
 * @property {bigint} recordedAt
 * @property {bigint} expiresAt
 * @property {bigint} revokedAt
 * @property {bigint} withdrawnAt
 * @property {boolean} attested
 */

/**
 * The state of a consent.
 * @param {import("./reading.mjs").Reading} reading
 * @param {string} consent its identifier, `0x` hex of 32 bytes
 * @returns {ConsentState}
 * @throws {import("./errors.mjs").Unproved} the proof does not show it
 */
export function consentIn(reading, consent) {
  const id = bytesOf(consent);
  if (id?.length !== WORD) throw new RangeError("a consent's identifier is 0x and 64 hexadecimal digits");
  const { attested, ...others } = reading.stored("ConsentRegistry", "consentOf", id);
  return { status: statusAt(reading.header.timestamp, others), ...others, attested: attested === 1n };
}

/** The status at a time; the patient's own revocation takes precedence. */
function statusAt(time, { recordedAt, expiresAt, revokedAt, withdrawnAt }) {
  if (revokedAt) return recordedAt ? "revoked" : "revoked-early";
  if (!recordedAt) return "unknown";
  if (withdrawnAt) return "withdrawn";
  return time < expiresAt ? "valid" : "expired";
}
