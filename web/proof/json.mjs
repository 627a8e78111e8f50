// SPDX-License-Identifier: Apache-2.0
// JSON that somebody else wrote: a text of one reading, whose shape is known. Shapes are said by tests of values.

import { Unproved } from "./errors.mjs";

/** Characters of a text and objects or lists in one another, at most; as in `sceau.documents.strict_json`. */
const LONGEST = 1_000_000;
const DEEPEST = 32;
/** A text, with the colon behind it if it is a key; a bracket; a number. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[[\]{}]|-?\d[\d.eE+-]*/g;

/**
 * The object that a text writes.
 * @param {string} text
 * @param {(value: unknown) => boolean} shape
 * @param {string} why the code of the error
 * @returns {any}
 * @throws {Unproved} it is too long or deep, has a key twice or a number that is not whole, or another shape
 */
export function parse(text, shape, why) {
  let found;
  try {
    if (text.length > LONGEST) throw new Unproved(why);
    // Some editors write a mark of the byte order first.
    const json = text.replace(/^\ufeff/, "");
    found = JSON.parse(json);
    requireOneReading(json, why);
  } catch {
    throw new Unproved(why);
  }
  if (!shape(found)) throw new Unproved(why);
  return found;
}

function requireOneReading(json, why) {
  const keys = [];
  for (const [token, text, colon] of json.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      if (keys.push(new Set()) > DEEPEST) throw new Unproved(why);
    } else if (token === "}" || token === "]") {
      keys.pop();
    } else if (colon !== undefined) {
      const [known, key] = [keys.at(-1), JSON.parse(text)];
      if (known.has(key)) throw new Unproved(why);
      known.add(key);
    } else if (text === undefined && /[.eE]/.test(token)) {
      throw new Unproved(why);
    }
  }
}

/** @typedef {(value: any) => boolean} Shape */

/** A whole number that JavaScript holds exactly. @param {number} least @param {number} [most] @returns {Shape} */
export const whole = (least, most = Number.MAX_SAFE_INTEGER) => (value) =>
  Number.isSafeInteger(value) && value >= least && value <= most;

/** A text of at most so many characters. @param {RegExp} pattern @param {number} [most] @returns {Shape} */
export const text = (pattern, most = LONGEST) => (value) =>
  typeof value === "string" && value.length <= most && pattern.test(value);

/** @param {string[]} values @returns {Shape} */
export const oneOf = (...values) => (value) => values.includes(value);

/** @param {Shape} each @param {{least?: number, most: number}} length @returns {Shape} */
export const list = (each, { least = 0, most }) => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(each);

/** An object that has these keys, and perhaps others. @param {Record<string, Shape>} keys @returns {Shape} */
export const having = (keys) => (value) =>
  typeof value === "object" && value !== null && Object.entries(keys).every(([key, shape]) => shape(value[key]));

/** An object that has these keys and no others. @param {Record<string, Shape>} keys @returns {Shape} */
export const exactly = (keys) => (value) =>
  having(keys)(value) && Object.keys(value).length === Object.keys(keys).length;

export const HASH = text(/^0x[0-9a-f]{64}$/);
export const ADDRESS = text(/^0x[0-9a-f]{40}$/);
