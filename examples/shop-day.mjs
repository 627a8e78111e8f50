// SPDX-License-Identifier: Apache-2.0
// The day of a practice over the gateway: a quote, its authorisation, an order, its delivery, an invoice.
//
// Usage: node shop-day.mjs QUOTE ORDER INVOICE, with the address of the shop in SCEAU, the file of the client's token in
// TOKEN_FILE, and the numbers of the two parties in PAYER and SUPPLIER.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const { SCEAU, TOKEN_FILE, PAYER, SUPPLIER } = process.env;
const token = readFileSync(TOKEN_FILE, "utf8").trim();
const [quote, order, invoice] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));

/** What is at an address of the shop. */
async function get(path) {
  return answered(await fetch(SCEAU + path, { headers: { Authorization: `Bearer ${token}` } }));
}

/**
 * Asks the shop to do something. The name comes from what is asked: after a crash, or where no answer was heard, this
 * program asks again under the same name, and it is done once.
 */
async function post(path, asked) {
  const body = JSON.stringify(asked);
  const headers = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": createHash("sha256").update(path + body).digest("hex"),
  };
  for (let left = 5; ; left -= 1) {
    try {
      return await answered(await fetch(SCEAU + path, { method: "POST", headers, body }));
    } catch (error) {
      // No answer, or one that another attempt may change: ask again.
      if (left === 0 || (error.status && error.status < 500)) throw error;
      await pause(1_000);
    }
  }
}

async function answered(response) {
  const body = await response.json();
  if (response.ok) return body;
  throw Object.assign(new Error(`${body.code}: ${body.detail}`), { status: response.status });
}

/** The message of a kind about a claim, once it came. */
async function message(kind, claim) {
  for (;;) {
    const { messages } = await get("/messages");
    const found = messages.find((each) => each.kind === kind && each.claim === claim);
    if (found) return found;
    await pause(500);
  }
}

const { claim } = await post("/quotes", { quote, payer: Number(PAYER) });
console.log("opened", claim);
await post(`/claims/${claim}/disclosures`, { clause: "minimal" });

const decision = await message("step-opening", claim);
if (decision.step !== "authorised") throw new Error(`the payer answered: ${decision.step}`);
await post(`/messages/${decision.id}/done`, {});
console.log("authorised");

await post(`/claims/${claim}/orders`, { order, supplier: Number(SUPPLIER) });
const answer = await message("order-answer", claim);
if (!answer.accepted) throw new Error(`the supplier refuses: ${answer.reason}`);
await post(`/messages/${answer.id}/done`, {});
console.log("ordered");

const delivery = await message("step-opening", claim);
if (delivery.step !== "delivered") throw new Error(`the supplier wrote: ${delivery.step}`);
await post(`/messages/${delivery.id}/done`, {});
console.log("delivered");

const invoiced = await post(`/claims/${claim}/invoices`, { invoice });
console.log("invoiced", invoiced.differing.length === 0 ? "as ordered" : `different in ${invoiced.differing}`);
// Under another name than the first: the same is asked of another step.
await post(`/claims/${claim}/disclosures`, { clause: "minimal", policy: "fr-responsible-contract" });
console.log("shown");
