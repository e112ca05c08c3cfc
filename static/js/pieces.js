/* Sends a large file in pieces (tus 1.0). It can be paused, goes on where a broken connection left it, and on another page
   with the same file: what is stored is asked of the server, and nothing is kept in the browser. */

import { Failed, hash, send } from "./upload.js";

/* Larger files go this way. */
export const LARGE = 16 * 1024 * 1024;
/* A piece should take about so long: small ones where the connection is slow. */
const AIM_MS = 2000, SMALLEST = 256 * 1024, LARGEST = 16 * 1024 * 1024;
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000];
const HELLO = { "Tus-Resumable": "1.0.0" };
const OVER = [404, 410];
const NOT_MINE = [401, 403];
const FULL = 507;
const passes = (status, code) => code === "wrong_offset" || status === 423 || status === 429 || (status >= 500 && status !== FULL);

/** Somebody pressed Pause. */
export class Paused extends Error {}

class Over extends Error {}

/** Send the row's file and lodge it. The row keeps `upload`, its address, and `hashing`, so that it can be called again.
 *  Resolves to the server's answer: the exhibit. */
export async function sendInPieces(row, settings, say) {
  row.stopped = new AbortController();
  row.hashing ??= hash(row.file, settings);
  // Whichever fails first is told; without this the other's failure would count as unhandled.
  row.hashing.found.catch(() => {});
  try {
    row.upload ??= (await send(settings.begin, beginning(row), settings, () => {})).upload;
    await transfer(row, settings, say);
    say("verifying");
    return await finish(row, await row.hashing.found, settings);
  } catch (error) {
    if (!(error instanceof Over)) throw error;
    // Nobody sent anything for too long, so it was given up: from the beginning.
    row.upload = undefined;
    return sendInPieces(row, settings, say);
  }
}

/** Stop sending. What is stored stays. */
export function pause(row) {
  row.stopped?.abort(new Paused());
}

/** One's own unfinished uploads in this case, from other pages or other days. */
export async function unfinished(settings) {
  const answer = await fetch(settings.uploads, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : [];
}

/** Whether `file` is the one that was begun to be sent: its name, its size, and the last stored bytes. The finish
 *  compares the whole. */
export async function isSame(file, { name, size, upload }, settings) {
  if (file.name !== name || file.size !== size) return false;
  const { last, offset } = await (await ask(upload, { headers: { Accept: "application/json" } }, settings)).json();
  return !last || last.sha256 === await hash(file.slice(last.start, offset), settings).found;
}

/** Leave nothing of it on the server. */
export async function giveUp(row, settings) {
  pause(row);
  row.hashing?.stop();
  if (row.upload) await patiently(() => ask(row.upload, { method: "DELETE" }, settings), settings).catch(() => {});
}

function beginning({ file, fields }) {
  return [...fields, ["name", file.name], ["type", file.type], ["size", String(file.size)]];
}

async function transfer(row, settings, say) {
  const { file, upload, stopped: { signal } } = row;
  let offset = await stands(upload, signal, settings), length = SMALLEST * 4, failures = 0;
  for (;;) {
    row.percent = file.size ? Math.floor(100 * offset / file.size) : 100;
    say("uploading", row.percent);
    if (offset >= file.size) return;
    const piece = await read(file.slice(offset, offset + length), settings);
    const began = performance.now();
    try {
      const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
      const answer = await ask(upload, { method: "PATCH", headers, body: piece, signal }, settings);
      offset = Number(answer.headers.get("Upload-Offset"));
      length = Math.min(LARGEST, Math.max(SMALLEST, Math.floor(piece.byteLength * AIM_MS / (performance.now() - began))));
      failures = 0;
    } catch (error) {
      if (!(error instanceof Passing) || failures === WAITS_MS.length) throw error;
      await wait(WAITS_MS[failures], signal);
      failures += 1;
      length = SMALLEST;
      offset = await stands(upload, signal, settings);
    }
  }
}

/** What may go well a little later. */
class Passing extends Failed {}

/** How many bytes are stored. */
async function stands(upload, signal, settings) {
  const answer = await patiently(() => ask(upload, { method: "HEAD", signal }, settings), settings, signal);
  return Number(answer.headers.get("Upload-Offset"));
}

/** Lodge what is stored. The server reads all of it first; asked again meanwhile it says that it is busy. */
async function finish(row, sha256, settings) {
  const body = JSON.stringify({ sha256 }), headers = { "Content-Type": "application/json", Accept: "application/json" };
  const { signal } = row.stopped;
  const answer = await patiently(() => ask(`${row.upload}finish/`, { method: "POST", headers, body, signal }, settings), settings, signal);
  const { exhibit, already_held } = await answer.json();
  return { exhibit: exhibit.label, sha256: exhibit.sha256, already_held, url: `${settings.evidence}${exhibit.label}/` };
}

async function patiently(act, settings, signal) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Passing) || failures === WAITS_MS.length) throw error;
      await wait(WAITS_MS[failures], signal);
    }
  }
}

/** A request to the upload's address. Raises Passing, Over, Paused, or Failed with the server's reason. */
async function ask(address, { headers = {}, ...options }, settings) {
  let answer;
  try {
    answer = await fetch(address, { ...options, headers: { ...HELLO, "X-CSRFToken": settings.token, ...headers } });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof TypeError ? new Passing(settings.wordBroken) : error;
  }
  if (answer.ok) return answer;
  if (OVER.includes(answer.status) && address.includes("/uploads/")) throw new Over();
  const said = await answer.json().catch(() => null);
  const words = NOT_MINE.includes(answer.status) ? settings.wordStrange : said?.detail ?? settings.wordStrange;
  throw new (passes(answer.status, said?.code) ? Passing : Failed)(words, said?.errors);
}

async function read(blob, settings) {
  try {
    return await blob.arrayBuffer();
  } catch {
    throw new Failed(settings.wordUnreadable);
  }
}

function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
