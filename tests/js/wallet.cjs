// SPDX-License-Identifier: Apache-2.0
// A wallet of another language (ethers). Reads one JSON request on standard input and prints the answer:
// {sign: {domain, types, message}, key} gives {address, signature}; {open: keystore, password} gives {address}.

"use strict";

const { Wallet } = require("ethers");

const answer = async ({ sign, key, open, password }) => {
  if (open) {
    return { address: (await Wallet.fromEncryptedJson(JSON.stringify(open), password)).address };
  }
  const wallet = new Wallet(key);
  const { EIP712Domain, ...types } = sign.types;
  return { address: wallet.address, signature: await wallet.signTypedData(sign.domain, types, sign.message) };
};

let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", async () => console.log(JSON.stringify(await answer(JSON.parse(text)))));
