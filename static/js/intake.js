/* What a paste or a drop holds: files, the files of folders, or text. */

/** Every file of a drop, those in folders too. The entries must be asked for before the event ends. */
export async function dropped(transfer) {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return Array.from(transfer.files);
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (entry.isFile) {
    found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A reader gives at most a hundred entries each time, and none at the end.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const inner of some) await walk(inner, found);
  }
}

/** Files, or the text as a file, each with its acquisition and what else is known of it. Empty: nothing for us. */
export function pasted(clipboard) {
  const files = Array.from(clipboard.files, (file) => ({ file, acquisition: drawn(file) ? "clipboard" : "file", known: {} }));
  if (files.length) return files;
  const text = clipboard.getData("text/plain");
  if (!text.trim()) return [];
  const address = /^https?:\/\/\S+$/.test(text.trim()) ? { source_url: text.trim() } : {};
  return [{ file: new File([text], "text.txt", { type: "text/plain" }), acquisition: "text", known: address, text }];
}

/** A picture that a program put on the clipboard: the browser encodes it anew and calls it image.png. A file copied
 *  in a file manager keeps its own name and bytes. */
function drawn(file) {
  return file.type.startsWith("image/") && /^image\.\w+$/.test(file.name);
}
