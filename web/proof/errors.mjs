// SPDX-License-Identifier: Apache-2.0

/** Something that a node gave proves nothing: `code` says why, `details` what it is about. */
export class Unproved extends Error {
  name = "Unproved";

  /**
   * @param {string} code as in Python, `proof.no-header`
   * @param {Record<string, unknown>} [details]
   */
  constructor(code, details = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** The manifest's newest validators were listed too long ago to prove what came later. */
export class ValidatorsOutdated extends Error {
  name = "ValidatorsOutdated";
  code = "validators-outdated";

  /** @param {{days: number, window: number, block: number}} details */
  constructor(details) {
    super(`the validators were listed ${details.days} days ago; the window has ${details.window}`);
    this.details = details;
  }
}
