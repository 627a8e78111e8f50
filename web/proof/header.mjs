// SPDX-License-Identifier: Apache-2.0
// A QBFT header: its bytes, its hash, and the validators that sealed it.
//
// Besu writes into `extraData` the list of a block's validators, one vote, the round, and the seals of those that
// committed it. A seal signs the header with its round and without seals; the block's hash leaves out both. So the hash
// names one block, whoever sealed it.

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { concatBytes, isBytes } from "@noble/hashes/utils.js";

import { bytesOf, hexOf, keccak, numberOf, withoutZeros } from "./bytes.mjs";
import { Unproved } from "./errors.mjs";
import { decode, encode } from "./rlp.mjs";

/**
 * A proposer's vote to add a validator (`0x` address) or to drop it.
 * @typedef {{subject: string, adds: boolean}} Vote
 */

/**
 * A header as its bytes say. Addresses and hashes are `0x` hex in lower case, `timestamp` is in seconds, `baseFee` in
 * wei. `sealers` are the addresses whose seals it bears, whoever they are; `raw` are its bytes.
 * @typedef {object} Header
 * @property {bigint} number
 * @property {string} hash
 * @property {string} parent
 * @property {string} proposer
 * @property {Uint8Array} stateRoot
 * @property {Uint8Array} transactionsRoot
 * @property {Uint8Array} receiptsRoot
 * @property {bigint} timestamp
 * @property {bigint} baseFee
 * @property {ReadonlySet<string>} validators
 * @property {Vote | null} vote
 * @property {bigint} round
 * @property {ReadonlySet<string>} sealers
 * @property {Uint8Array} raw
 */

/** Bytes of an address, of a hash, and of a seal (r, s, v). */
const [ADDRESS, HASH, SEAL] = [20, 32, 65];
/** Instead of a length: a number of at most 8 bytes, and bytes of any length. */
const [NUMBER, ANY] = ["number", "any"];
const LONGEST_NUMBER = 8;

/** The fields of a header in their order, as JSON-RPC names them, and their lengths in bytes. */
const LONDON = [
  ["parentHash", HASH],
  ["sha3Uncles", HASH],
  ["miner", ADDRESS],
  ["stateRoot", HASH],
  ["transactionsRoot", HASH],
  ["receiptsRoot", HASH],
  ["logsBloom", 256],
  ["difficulty", NUMBER],
  ["number", NUMBER],
  ["gasLimit", NUMBER],
  ["gasUsed", NUMBER],
  ["timestamp", NUMBER],
  ["extraData", ANY],
  ["mixHash", HASH],
  ["nonce", 8],
  ["baseFeePerGas", NUMBER],
];
const SHANGHAI = [...LONDON, ["withdrawalsRoot", HASH]];
const CANCUN = [...SHANGHAI, ["blobGasUsed", NUMBER], ["excessBlobGas", NUMBER], ["parentBeaconBlockRoot", HASH]];
const PRAGUE = [...CANCUN, ["requestsHash", HASH]];
const EXTRA = LONDON.findIndex(([name]) => name === "extraData");

/** The fields of a header by the fork of its chain, which the manifest names: a node must not choose them. */
export const FORKS = new Map([
  ["london", LONDON],
  ["shanghai", SHANGHAI],
  ["cancun", CANCUN],
  ["prague", PRAGUE],
]);

const NO_HEADER = "proof.no-header";
const NO_EXTRA = "proof.no-extra";
const NO_SEAL = "proof.no-seal";

/** Bytes of a header, at most: it holds some 400 validators. */
const LONGEST = 32_768;
/** A vote's second part: to add a validator, or to drop one. */
const [ADD, DROP] = ["0xff", "0x"];

/**
 * The header that these bytes are on a chain of a fork.
 * @param {Uint8Array} raw
 * @param {string} fork `london`, `shanghai`, `cancun` or `prague`
 * @returns {Header}
 * @throws {Unproved} they are no header of that fork with QBFT's extra data, or are more than 32 KiB
 */
export function readHeader(raw, fork) {
  const known = fieldsOf(fork);
  if (!isBytes(raw) || raw.length > LONGEST) throw new Unproved(NO_HEADER);
  const own = Uint8Array.from(raw);
  const fields = list(decode(own, NO_HEADER), known.length, NO_HEADER);
  const data = Object.fromEntries(known.map(([name, size], place) => [name, read(fields[place], size)]));
  const [vanity, listed, vote, round, seals] = list(decode(data.extraData, NO_EXTRA), 5, NO_EXTRA);
  // Before anything is hashed: what follows meets no list where bytes belong.
  sized(vanity, HASH, NO_EXTRA);
  const validators = validatorsIn(listed);
  const voted = voteIn(vote);
  const rounds = number(round, NO_EXTRA);
  if (!Array.isArray(seals) || seals.length > validators.size) throw new Unproved(NO_EXTRA);
  const signed = hash(fields, [vanity, listed, vote, round, []]);
  return Object.freeze({
    number: numberOf(data.number),
    hash: hexOf(hash(fields, [vanity, listed, vote, new Uint8Array(), []])),
    parent: hexOf(data.parentHash),
    proposer: hexOf(data.miner),
    stateRoot: data.stateRoot,
    transactionsRoot: data.transactionsRoot,
    receiptsRoot: data.receiptsRoot,
    timestamp: numberOf(data.timestamp),
    baseFee: numberOf(data.baseFeePerGas),
    validators,
    vote: voted,
    round: rounds,
    sealers: new Set(seals.map((each) => signer(each, signed))),
    raw: own,
  });
}

/**
 * The bytes of a header that JSON-RPC gives field by field; other fields of the answer do not count.
 * @param {unknown} block
 * @param {string} fork
 * @returns {Uint8Array}
 * @throws {Unproved} a field of the fork's headers is missing or no hexadecimal text
 */
export function bytesOfBlock(block, fork) {
  if (typeof block !== "object" || block === null) throw new Unproved(NO_HEADER);
  return encode(fieldsOf(fork).map(([name, size]) => field(block[name], size)));
}

function fieldsOf(fork) {
  const known = FORKS.get(fork);
  if (known === undefined) throw new RangeError("fork is london, shanghai, cancun or prague");
  return known;
}

function field(value, size) {
  const odd = size === NUMBER && typeof value === "string" && value.length % 2 === 1;
  const data = bytesOf(odd ? value.replace("0x", "0x0") : value);
  if (data === undefined) throw new Unproved(NO_HEADER);
  return size === NUMBER ? withoutZeros(data) : data;
}

function hash(fields, extra) {
  return keccak(encode(fields.with(EXTRA, encode(extra))));
}

function list(decoded, length, why) {
  if (!Array.isArray(decoded) || decoded.length !== length) throw new Unproved(why);
  return decoded;
}

function read(decoded, size) {
  if (size === NUMBER) number(decoded, NO_HEADER);
  return sized(decoded, typeof size === "number" ? size : decoded.length, NO_HEADER);
}

function sized(data, size, why) {
  if (!isBytes(data) || data.length !== size) throw new Unproved(why);
  return data;
}

/** A number in RLP: at most 64 bits, without leading zeros. */
function number(data, why) {
  if (!isBytes(data) || data[0] === 0 || data.length > LONGEST_NUMBER) throw new Unproved(why);
  return numberOf(data);
}

function validatorsIn(listed) {
  // A chain whose validators stand in a contract leaves the list empty: its headers prove nothing.
  if (!Array.isArray(listed) || listed.length === 0) throw new Unproved("proof.no-validators");
  const found = new Set(listed.map((each) => hexOf(sized(each, ADDRESS, NO_EXTRA))));
  if (found.size !== listed.length) throw new Unproved(NO_EXTRA);
  return found;
}

function voteIn(vote) {
  if (Array.isArray(vote) && vote.length === 0) return null;
  const [subject, adds] = list(vote, 2, NO_EXTRA);
  const said = isBytes(adds) ? hexOf(adds) : "";
  if (said !== ADD && said !== DROP) throw new Unproved(NO_EXTRA);
  return Object.freeze({ subject: hexOf(sized(subject, ADDRESS, NO_EXTRA)), adds: said === ADD });
}

/** The address whose key made a seal. */
function signer(seal, signed) {
  sized(seal, SEAL, NO_SEAL);
  let key;
  try {
    // The library wants what says which of the points it is first.
    const signature = concatBytes(seal.subarray(SEAL - 1), seal.subarray(0, SEAL - 1));
    key = secp256k1.Signature.fromBytes(signature, "recovered").recoverPublicKey(signed);
  } catch {
    throw new Unproved(NO_SEAL);
  }
  return hexOf(keccak(key.toBytes(false).subarray(1)).subarray(-ADDRESS));
}
