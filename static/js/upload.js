/* Sends files into the case in one request, each hashed here first. Larger ones go in pieces, see pieces.js. */

/* WebCrypto takes a whole file at once: up to here. */
const SMALL = 64 * 1024 * 1024;

/** What went wrong, in words for people; and, where fields of the form are to be mended, in which (name → reasons). */
export class Failed extends Error {
  constructor(words, errors) {
    super(words);
    this.errors = errors;
  }
}

/** Lodge the `rows` ({file, key}) with the form `fields`, together.
 *  `say(state, percent)` hears what happens. Resolves to the server's answer for each: an exhibit, or why it was refused. */
export async function lodge(rows, fields, settings, say) {
  say("hashing");
  const parts = [...fields], unreadable = new Map();
  for (const [number, { file, key }] of rows.entries()) {
    try {
      parts.push(["sha256", await hash(file, settings).found], ["key", key], ["file", file]);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      unreadable.set(number, { detail: error.message });
    }
  }
  if (unreadable.size === rows.length) return [...unreadable.values()];
  const answer = await send(settings.lodge, parts, settings, say), answers = answer.results ?? [answer];
  return rows.map((_, number) => unreadable.get(number) ?? answers.shift());
}

/** The file's SHA-256. WebCrypto is faster but needs the whole file at once, and a page that it trusts. */
export function hash(file, settings) {
  if (file.size <= SMALL && globalThis.crypto?.subtle) return { found: native(file, settings), stop() {} };
  const worker = new Worker(settings.worker, { type: "module" });
  const found = new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => data.sha256 ? resolve(data.sha256) : reject(new Failed(settings.wordUnreadable)));
    worker.addEventListener("error", () => reject(new Failed(settings.wordUnreadable)));
    worker.postMessage(file);
  });
  return { found: found.finally(() => worker.terminate()), stop: () => worker.terminate() };
}

async function native(file, settings) {
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    throw new Failed(settings.wordUnreadable);
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** fetch() cannot tell how much of a body has left, so this is XMLHttpRequest. */
export function send(url, fields, settings, say) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value, ...(value instanceof File ? [value.name] : []));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", settings.token);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && say("uploading", Math.floor(100 * event.loaded / event.total)));
    request.upload.addEventListener("load", () => say("verifying"));
    request.addEventListener("error", () => reject(new Failed(settings.wordOffline)));
    request.addEventListener("load", () => {
      if (request.status < 300 && (request.response?.exhibit || request.response?.upload || request.response?.results)) resolve(request.response);
      else reject(new Failed(request.response?.detail ?? settings.wordStrange, request.response?.errors));
    });
    request.send(form);
  });
}
