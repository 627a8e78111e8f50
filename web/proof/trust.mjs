// SPDX-License-Identifier: Apache-2.0
// Which headers are those of the chain: the rule of trust, from the validators that the manifest lists.
//
// Let quorum(S) be two thirds of a set S, rounded up. A header is proved when all of this holds:
//
// 1. Sealed. A quorum of its own list sealed it.
// 2. Listed. It is not below the first set that the manifest lists; each listed set is proved at its own block.
// 3. Reached. A set V that is proved at its height or below leads to its list: either a quorum of V sealed it too, or
//    there is a proved header between of which the same holds, or
// 4. Voted. it follows a header of V directly, which a quorum of V sealed, and differs from V by one validator; and in
//    a row of at most 1,000 headers linked by their parents' hashes, which ends with that header and reaches back
//    neither to the start of an epoch nor to a block whose list differs in that validator, the newest votes about it of
//    more than half of V say so. A vote does not count where a later header of the row lists its voter no more.
// 5. In time. Beyond the last listed set, the reader's clock is within the window after that set's block.
//
// Why this holds is said in sceau/proof/trust.py, which this module follows line by line.

import { Unproved, ValidatorsOutdated } from "./errors.mjs";

/** @typedef {import("./header.mjs").Header} Header */
/** @typedef {ReadonlySet<string>} Validators addresses, `0x` hex in lower case */

/**
 * The validators from a block on; `time` is that block's, in seconds since 1970.
 * @typedef {{block: number, time: number, validators: Validators}} Listed
 */

/**
 * Gives the header of a number; what it throws, asking for a proof throws.
 * @typedef {(number: bigint) => Header | Promise<Header>} Headers
 */

const DAY = 86_400;
/** In so many headers before a change its votes are looked for: a node must not make a reader ask for a whole epoch. */
export const MOST_HEADERS = 1000n;

/** How many of so many validators commit a block: two thirds, rounded up. @param {number} validators */
export const quorum = (validators) => Math.ceil((2 * validators) / 3);

/** What is proved of a chain's validators: by the manifest, and by headers that were checked since. */
export class Trust {
  #listed;
  #epoch;
  #window;
  /** Where each set was listed, or proved first, in the order of the blocks. */
  #reached;

  /**
   * @param {readonly Listed[]} listed the sets that the manifest lists, in the order of their blocks
   * @param {object} rules
   * @param {number} rules.epoch blocks after which the chain clears its votes
   * @param {number} rules.windowDays how long after the last listed set's block later changes are believed
   */
  constructor(listed, { epoch, windowDays }) {
    this.#listed = [...listed];
    this.#epoch = BigInt(epoch);
    this.#window = windowDays * DAY;
    this.#reached = this.#listed.map(({ block, validators }) => ({ number: BigInt(block), validators }));
  }

  /**
   * Throws unless a header is proved.
   * @param {Header} header what a node gave
   * @param {Headers} headers gives further headers, where the rule needs some between
   * @param {number} now the reader's clock, seconds since 1970
   * @throws {Unproved} the header is not proved
   * @throws {ValidatorsOutdated} the window is over
   */
  async require(header, headers, now) {
    requireSealed(header);
    const [first, last] = [this.#listed[0], this.#listed.at(-1)];
    if (header.number < first.block) throw new Unproved("proof.before-deployment", { number: header.number });
    if (header.number > last.block && this.isOver(now)) {
      throw new ValidatorsOutdated({
        days: Math.floor((now - last.time) / DAY),
        window: this.#window / DAY,
        block: last.block,
      });
    }
    await this.#reach(header, headers);
  }

  /** Whether the window is over at `now`, in seconds since 1970. @param {number} now */
  isOver(now) {
    return now - this.#listed.at(-1).time > this.#window;
  }

  async #reach(target, headers) {
    let below = this.#below(target.number);
    if (below.number === target.number) return requireSame(below, target);
    const ahead = [target];
    // Each turn proves the nearest header ahead, or halves the way to it.
    while (ahead.length > 0) {
      const header = ahead.at(-1);
      if (isSealed(header, below.validators)) {
        below = this.#remembered(ahead.pop());
      } else if (header.number === below.number + 1n) {
        await this.#requireVoted(header, below.validators, headers);
        below = this.#remembered(ahead.pop());
      } else {
        const middle = await given(headers, (below.number + header.number) / 2n);
        requireSealed(middle);
        ahead.push(middle);
      }
    }
  }

  #below(number) {
    return this.#reached.findLast((each) => each.number <= number);
  }

  #remembered({ number, validators }) {
    const found = { number, validators };
    const below = this.#below(number);
    if (below.number === number) {
      requireSame(below, found);
    } else if (!isSame(below.validators, validators)) {
      this.#reached.splice(this.#reached.indexOf(below) + 1, 0, found);
    }
    return found;
  }

  async #requireVoted(target, before, headers) {
    const changed = [...symmetricDifference(before, target.validators)];
    const parent = await parentOf(target, headers);
    if (!isSame(parent.validators, before) || changed.length !== 1) throw otherValidators(target);
    requireSealed(parent);
    const [subject] = changed;
    const wanted = target.validators.has(subject);
    let found = 0;
    for await (const adds of newestVotes(parent, subject, headers, this.#epoch)) {
      if (adds === wanted) found += 1;
      if (found > Math.floor(before.size / 2)) return;
    }
    throw new Unproved("proof.not-voted", { number: target.number });
  }
}

/**
 * The newest vote about a validator of each voter (whether it adds), from the last header before a change back.
 *
 * A block that changes the validators' list for the subject clears the votes about it, one that drops a voter clears
 * that one's, and the first block of an epoch clears all.
 * @param {Header} last
 * @param {string} subject
 * @param {Headers} headers
 * @param {bigint} epoch
 * @returns {AsyncGenerator<boolean>}
 */
async function* newestVotes(last, subject, headers, epoch) {
  let header = last;
  const voters = new Set(last.validators);
  const epochBegan = last.number - (last.number % epoch);
  const furthest = last.number - MOST_HEADERS;
  const end = epochBegan > furthest ? epochBegan : furthest;
  for (let number = last.number; number > end; number -= 1n) {
    if (number < last.number) header = await parentOf(header, headers);
    if (header.validators.has(subject) !== last.validators.has(subject)) return;
    for (const each of voters) if (!header.validators.has(each)) voters.delete(each);
    if (header.vote?.subject === subject && voters.delete(header.proposer)) yield header.vote.adds;
  }
}

async function given(headers, number) {
  const header = await headers(number);
  if (header.number !== number) throw new Unproved("proof.other-number", { number });
  return header;
}

async function parentOf(child, headers) {
  const parent = await given(headers, child.number - 1n);
  if (parent.hash !== child.parent) throw new Unproved("proof.not-linked", { number: parent.number });
  return parent;
}

/** How many validators of a set sealed a header. */
const sealsOf = (header, by) => [...by].filter((each) => header.sealers.has(each)).length;

const isSealed = (header, by) => sealsOf(header, by) >= quorum(by.size);

/** Throws unless a quorum of the validators that a header lists sealed it. @param {Header} header */
export function requireSealed(header) {
  const listed = header.validators;
  if (isSealed(header, listed)) return;
  const details = { number: header.number, seals: sealsOf(header, listed), quorum: quorum(listed.size) };
  throw new Unproved("proof.not-sealed", details);
}

const isSame = (one, other) => one.size === other.size && [...one].every((each) => other.has(each));

function requireSame(reached, header) {
  if (!isSame(reached.validators, header.validators)) throw otherValidators(header);
}

const otherValidators = ({ number }) => new Unproved("proof.other-validators", { number });

/** What is in one of two sets alone. */
const symmetricDifference = (one, other) => [
  ...[...one].filter((each) => !other.has(each)),
  ...[...other].filter((each) => !one.has(each)),
];
