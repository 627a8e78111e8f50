// SPDX-License-Identifier: Apache-2.0
// Group keys, tags and locks in another language, written from docs/conformity.md alone. Reads one JSON list of cases
// on standard input ({orderKey, scope, values: [[path, type, text]…]}) and prints the list of answers:
// for each group {key, encoded, tag, lock}.

"use strict";

const { createHmac } = require("node:crypto");
const { AbiCoder, getBytes, keccak256 } = require("ethers");

const abi = (types, values) => AbiCoder.defaultAbiCoder().encode(types, values);
const hmac = (key, message) => "0x" + createHmac("sha256", getBytes(key)).update(getBytes(message)).digest("hex");

const GROUPS = [
  /^(right|left)\.code$/,
  /^(right|left)\.(lens\.(manufacturer|supplier|code|geometry|material|index|diameter)|supplement\.[1-8]\.(code|type))$/,
  /^(right|left)\.(sphere|cylinder|axis|addition|prism\.(vertical|horizontal))$/,
  /^(right|left)\.quantity$/,
];

const place = (scope) => {
  const [, ...parts] = scope.split(";");
  return Object.fromEntries(parts.map((part) => part.split("=")));
};

const answer = ({ orderKey, scope, values }) => {
  const { chain, contract, claim, order } = place(scope);
  return GROUPS.map((paths, group) => {
    const entries = values
      .filter(([path]) => paths.test(path))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([path, type, value]) => [path, type, abi([type], [value])]);
    const key = hmac(
      orderKey,
      abi(
        ["string", "uint256", "address", "bytes32", "uint8", "uint256"],
        ["sceau-group-key-1", chain, contract, claim, order, group],
      ),
    );
    const encoded = abi(["uint256", "tuple(string,string,bytes)[]"], [1, entries]);
    const tag = hmac(key, encoded);
    const lock = keccak256(abi(["bytes32", "uint8", "uint256", "bytes32"], [claim, order, group, tag]));
    return { key, encoded, tag, lock };
  });
};

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => console.log(JSON.stringify(JSON.parse(input).map(answer))));
