/* What somebody drops or chooses, sorted by what it is: a folder, a Zip file, a receipt, a checkpoint. */

const MOST_KEPT = 2000000;

/* { folder: { name, files, oddities, partly } } for each dropped folder, and { file } for each file.
   Everything is asked for before the first wait: afterwards the browser has forgotten what was dropped. */
function droppedThings(transfer) {
  const items = Array.from(transfer.items ?? []).filter((item) => item.kind === 'file').map((item) => ({
    file: item.getAsFile(), entry: item.webkitGetAsEntry?.(), handle: item.getAsFileSystemHandle?.().catch(() => null) }));
  return Promise.all(items.map(async ({ file, entry, handle }) => (
    entry?.isDirectory ? { folder: await droppedFolder(entry, await handle) } : { file })));
}

/* A folder by its entry; where a page that was opened from disk may not (Chromium), by its handle. That one hides files
   whose names Chromium thinks unsafe, so it counts only if all that the bag lists can be seen. Throws where neither goes. */
async function droppedFolder(entry, handle) {
  const folder = { name: entry.name, files: new Map(), oddities: [], partly: false };
  try {
    await walk('', folder, entry, childrenOfEntry);
  } catch (error) {
    if (!handle) throw error;
    Object.assign(folder, { files: new Map(), oddities: [], partly: true });
    await walk('', folder, handle, childrenOfHandle);
    const text = await folder.files.get(MANIFESTS[0])?.text() ?? '';
    const listed = text.split('\n').slice(0, -1).map((line) => line.slice(66).replaceAll('%25', '%'));
    if (!listed.every((path) => folder.files.has(path))) throw new Error('the browser does not show every file');
  }
  return folder;
}

/* Every file below a folder, and the empty folders, which no bag may have. `children` lists [name, file or null, child]. */
async function walk(path, folder, parent, children) {
  const found = await children(parent);
  if (path && !found.length) folder.oddities.push(['layout.folder', path]);
  for (const [name, file, child] of found) {
    const below = path ? `${path}/${name}` : name;
    if (file) folder.files.set(below, file);
    else await walk(below, folder, child, children);
  }
}

async function childrenOfHandle(handle) {
  const found = [];
  for await (const child of handle.values()) found.push([child.name, child.kind === 'file' ? await child.getFile() : null, child]);
  return found;
}

/* A browser hands out the children of an entry a hundred at a time. */
async function childrenOfEntry(entry) {
  const [reader, found] = [entry.createReader(), []];
  for (;;) {
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) return found;
    for (const child of some) {
      found.push([child.name, child.isFile ? await new Promise((resolve, reject) => { child.file(resolve, reject); }) : null, child]);
    }
  }
}

/* The folder that somebody chose: a browser gives its files with their paths, the folder's own name first. */
function chosenFolder(list) {
  const all = Array.from(list);
  const files = new Map(all.map((file) => [file.webkitRelativePath.split('/').slice(1).join('/'), file]));
  return { name: all[0].webkitRelativePath.split('/')[0], files, oddities: [], partly: false };
}

/* 'zip', 'receipt' or 'checkpoint', by how the file begins. */
async function kindOf(file) {
  const head = new Uint8Array(await file.slice(0, 64).arrayBuffer());
  if (head[0] === 0x50 && head[1] === 0x4b) return 'zip';
  if (file.name.toLowerCase().endsWith('.zip')) return 'zip';
  return /^\s*\{/.test(new TextDecoder().decode(head)) ? 'receipt' : 'checkpoint';
}

async function keptBytes(file) {
  return new Uint8Array(await file.slice(0, MOST_KEPT).arrayBuffer());
}
