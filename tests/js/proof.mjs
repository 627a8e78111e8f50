// SPDX-License-Identifier: Apache-2.0
// What web/proof makes of cases: one JSON object a line on standard input, one answer a line on standard output.
//
//   {header: hex, fork}                                            -> the header
//   {block, fork}                                                  -> the header's bytes
//   {trust: {listed, epoch, windowDays}, asked: [{header, now, given}]} -> null for each that is proved;
//       `given` are the headers that a node gives, with the number that each was asked by
//   {words: {stateRoot, address, codeHash, places, answer}}        -> the words
//   {value: {root, path, nodes}}                                   -> the value
//   {document, manifest, layout, now, consent}                     -> the consent's state, and the proof's receipts
//   {view: {contract, name, keys, words}}                          -> its places, and its members in these words
//   {manifest}                                                     -> what is read of it, but for the contracts
//   {revocation, manifest, now}                                    -> the consent's state
//   {any, as}                                                      -> any JSON taken as `header`, `block`, `nodes`, `answer`
//
// Instead of an answer: {code, details} of `Unproved` and `ValidatorsOutdated`, {thrown} for any other error.
// Numbers are decimal text, bytes are hex.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { keccak_256 } from "@noble/hashes/sha3.js";

import * as proof from "../../web/proof/index.mjs";

const LAYOUT = readFileSync(new URL("../../sceau/proof/layout.json", import.meta.url), "utf-8");

const bytes = (hex) => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));

const hashOf = (text) => "0x" + Buffer.from(keccak_256(Buffer.from(text))).toString("hex");

const plain = (value) => {
  if (value instanceof Uint8Array) return "0x" + Buffer.from(value).toString("hex");
  if (value instanceof Set) return [...value].sort();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
};

const outcome = async (answer) => {
  try {
    return await answer();
  } catch (error) {
    const known = error instanceof proof.Unproved || error instanceof proof.ValidatorsOutdated;
    return known ? { code: error.code, details: error.details } : { thrown: String(error.stack) };
  }
};

const modelled = ({ number, validators, sealers, ...others }) => ({
  ...others,
  number: BigInt(number),
  validators: new Set(validators),
  sealers: new Set(sealers),
});

const answers = {
  header: ({ header, fork }) => proof.readHeader(bytes(header), fork),

  block: ({ block, fork }) => proof.bytesOfBlock(block, fork),

  trust: async ({ trust: { listed, ...rules }, asked }) => {
    const sets = listed.map(({ validators, ...others }) => ({ ...others, validators: new Set(validators) }));
    const trust = new proof.Trust(sets, rules);
    const found = [];
    for (const { header, now, given } of asked) {
      const left = [...given];
      const headers = async (number) => {
        const [wanted, next] = left.shift() ?? ["nothing more"];
        if (String(number) !== wanted) throw new Error(`${number} was asked for instead of ${wanted}`);
        return modelled(next);
      };
      found.push(await outcome(async () => (await trust.require(modelled(header), headers, now)) ?? null));
      if (left.length > 0) throw new Error("fewer headers were asked for");
    }
    return found;
  },

  words: ({ words: { stateRoot, address, codeHash, places, answer } }) =>
    proof.provedWords(bytes(stateRoot), address, codeHash, places.map(BigInt), new proof.Nodes(proof.nodesOf(answer))),

  value: ({ value: { root, path, nodes } }) => new proof.Nodes(nodes).value(bytes(root), bytes(path)),

  document: async ({ document, manifest, layout, now, consent }) => {
    const reading = await proof.Reading.of(proof.readProof(document), proof.readManifest(manifest, layout ?? LAYOUT), now);
    const receipts = reading.receipts.map((each) => ({ ...each, block: each.block.number }));
    return { ...proof.consentIn(reading, consent), block: reading.header.number, receipts };
  },

  view: ({ view: { contract, name, keys, words } }) => {
    const layout = new proof.Layout(LAYOUT, hashOf(LAYOUT));
    return {
      places: layout.places(contract, name, ...keys.map(bytes)),
      members: layout.members(contract, name, words.map(BigInt)),
    };
  },

  manifest: ({ manifest }) => {
    const { contracts, layout, ...others } = proof.readManifest(manifest, LAYOUT);
    return others;
  },

  revocation: async ({ revocation, manifest, now }) =>
    proof.checkRevocation(proof.readRevocationProof(revocation), proof.readManifest(manifest, LAYOUT), now),

  any: ({ any, as }) => {
    if (as === "header") return proof.readHeader(any, "shanghai");
    if (as === "block") return proof.bytesOfBlock(any, "shanghai");
    return as === "nodes" ? { size: new proof.Nodes(any).size } : proof.nodesOf(any);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line);
  const [kind] = Object.keys(given);
  console.log(JSON.stringify(plain(await outcome(() => answers[kind](given)))));
}
