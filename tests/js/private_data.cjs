// SPDX-License-Identifier: Apache-2.0
// What the npm packages make of our disclosures, and what they make themselves. Reads one JSON list of requests on
// standard input and prints the list of answers; one process for all, since starting Node is slow.
//
//   {verify: {root, disclosure}}                -> {sdk, tree}: true, false or "error"
//   {build: {leaves, chosen}}                   -> {root, disclosure} made by @openzeppelin/merkle-tree over given salts
//   {seal: {values, chosen}}                    -> {root, values, disclosure} made by the SDK, which draws the salts
//   {process: {leaves, multiproofs}}            -> {root, roots} over given leaf hashes

"use strict";

const { SimpleMerkleTree, StandardMerkleTree } = require("@openzeppelin/merkle-tree");
// Required, not imported: the ESM build of the SDK does not load on Node.
const { PrivateData } = require("@ethereum-attestation-service/eas-sdk");
const { AbiCoder } = require("ethers");

const ENCODING = ["string", "string", "bytes", "bytes32"];

const encoded = (leaf) => [
  leaf.type,
  leaf.name,
  AbiCoder.defaultAbiCoder().encode([leaf.type], [leaf.value]),
  leaf.salt,
];

// BigInt has no place in JSON: whole numbers travel as decimal text, as in our files.
const plain = (leaf) => ({
  type: leaf.type,
  name: leaf.name,
  value: typeof leaf.value === "bigint" ? leaf.value.toString() : leaf.value,
  salt: leaf.salt,
});

const attempt = (check) => {
  try {
    return check();
  } catch {
    return "error";
  }
};

const answers = {
  verify: ({ root, disclosure }) => ({
    sdk: attempt(() => PrivateData.verifyMultiProof(root, disclosure)),
    tree: attempt(() =>
      StandardMerkleTree.verifyMultiProof(root, ENCODING, { ...disclosure, leaves: disclosure.leaves.map(encoded) }),
    ),
  }),

  build: ({ leaves, chosen }) => {
    const tree = StandardMerkleTree.of(leaves.map(encoded), ENCODING);
    const part = tree.getMultiProof(chosen);
    const shown = part.leaves.map((leaf) =>
      leaves.find((each) => JSON.stringify(encoded(each)) === JSON.stringify(leaf)),
    );
    return { root: tree.root, disclosure: { leaves: shown, proof: part.proof, proofFlags: part.proofFlags } };
  },

  seal: ({ values, chosen }) => {
    const data = new PrivateData(values);
    const { root, values: salted } = data.getFullTree();
    const part = data.generateMultiProof(chosen);
    return {
      root,
      values: salted,
      disclosure: { leaves: part.leaves.map(plain), proof: part.proof, proofFlags: part.proofFlags },
    };
  },

  process: ({ leaves, multiproofs }) => ({
    root: SimpleMerkleTree.of(leaves).root,
    roots: multiproofs.map((part) => attempt(() => SimpleMerkleTree.verifyMultiProof(SimpleMerkleTree.of(leaves).root, part))),
  }),
};

const requests = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const result = requests.map((request) => {
  const [name] = Object.keys(request);
  return answers[name](request[name]);
});
process.stdout.write(JSON.stringify(result));
