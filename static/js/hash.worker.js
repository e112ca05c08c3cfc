/* Hashes one file away from the page, piece by piece. In: a Blob. Out: {sha256} or {unreadable: true}. */

import { Sha256 } from "./sha256.js";

const PIECE = 4 * 1024 * 1024;

addEventListener("message", async ({ data: blob }) => {
  try {
    const digest = new Sha256();
    for (let at = 0; at < blob.size; at += PIECE) digest.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
    postMessage({ sha256: digest.hex() });
  } catch {
    postMessage({ unreadable: true });
  }
});
