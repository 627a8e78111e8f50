// SPDX-License-Identifier: Apache-2.0
// Bytes, the hexadecimal text that JSON writes for them, and the numbers that they are.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;
/** Bytes of a word. */
export const WORD = 32;

/** @type {(data: Uint8Array) => Uint8Array} */
export const keccak = keccak_256;

/** `0x` and lower-case digits, two for each byte. @param {Uint8Array} data */
export const hexOf = (data) => "0x" + bytesToHex(data);

/** The bytes that `0x` and hexadecimal digits write; `undefined` for anything else. @param {unknown} text */
export const bytesOf = (text) => (typeof text === "string" && HEX.test(text) ? hexToBytes(text.slice(2)) : undefined);

/** @param {Uint8Array} data @returns {bigint} */
export const numberOf = (data) => (data.length === 0 ? 0n : BigInt(hexOf(data)));

/** A number from 0 to 2²⁵⁶ - 1 as a word. @param {bigint} number */
export const wordOf = (number) => hexToBytes(number.toString(16).padStart(2 * WORD, "0"));

/** @param {Uint8Array} data */
export const withoutZeros = (data) => {
  const first = data.findIndex((byte) => byte !== 0);
  return data.subarray(first < 0 ? data.length : first);
};
