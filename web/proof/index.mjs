// SPDX-License-Identifier: Apache-2.0
// What a QBFT chain proves by itself: that its validators sealed a header, and what the state under it holds.
// Nothing here asks a node. Specified in docs/proved.md; in Python it is sceau/proof.

export { consentIn } from "./consent.mjs";
export { readProof } from "./document.mjs";
export { Unproved, ValidatorsOutdated } from "./errors.mjs";
export { bytesOfBlock, readHeader } from "./header.mjs";
export { included } from "./inclusion.mjs";
export { Layout } from "./layout.mjs";
export { readManifest } from "./manifest.mjs";
export { Reading } from "./reading.mjs";
export { checkRevocation, readRevocationProof } from "./revocation.mjs";
export { nodesOf, provedWords } from "./state.mjs";
export { Nodes } from "./trie.mjs";
export { Trust, quorum, requireSealed } from "./trust.mjs";
