/* What binds each file to the log: the events that name its bytes, and the exhibit that it is filed under. */

/* How many files of exhibits and dossiers there are; a fault for each that no event vouches for. */
function checkBinding(digests, caseName, told, findings) {
  const names = [...digests.keys()];
  const placed = names.map((name) => ({ name, file: digests.get(name), found: OF_EXHIBIT.exec(name) }));
  const originals = placed.filter(({ found }) => found?.[2] === 'original');
  const derivatives = placed.filter(({ found }) => found?.[2] === 'derivatives');
  const dossiers = dossierNames(digests);
  for (const { name, file, found } of originals) {
    const exhibit = `exhibit/${caseName}/${found[1]}`;
    const items = accessionsOf(file, told);
    const tied = tiesOf(exhibit, told).some((tie) => tie.digest === file.sha256 && items.includes(tie.item));
    if (!items.length) findings.fault('binding.original', name, `no accession of sha256 ${file.sha256}`);
    else if (!tied) findings.fault('binding.exhibit', name, `no event ties it to ${exhibit}`);
  }
  for (const { name, file, found } of derivatives) {
    const exhibit = `exhibit/${caseName}/${found[1]}`;
    const belonging = [exhibit, ...tiesOf(exhibit, told).map((tie) => tie.item)];
    if (!(told.made.get(file.sha256) ?? []).some((subject) => belonging.includes(subject))) {
      findings.fault('binding.derivative', name, `made for ${exhibit} by no event`);
    }
  }
  for (const name of dossiers) {
    const file = digests.get(name);
    if (!accessionsOf(file, told).length) findings.fault('binding.dossier', name, `no accession of sha256 ${file.sha256}`);
    else if (!dossierSizes(file, told).length) findings.fault('binding.dossier', name, 'no event says that it was sealed');
  }
  return originals.length + derivatives.length + dossiers.length;
}

/* The items that an exhibit is tied to, each with the digest that the event names. */
function tiesOf(exhibit, told) {
  return told.ties.get(exhibit) ?? [];
}

function dossierNames(digests) {
  return [...digests.keys()].filter((name) => OF_DOSSIER.test(name));
}

/* The items, as words, that came in with these bytes. */
function accessionsOf(file, told) {
  return told.accessions.get(together(file.sha256, file.size)) ?? [];
}

/* The sizes of the log that a sealed document stands on, as its sealing says. */
function dossierSizes(file, told) {
  return [...new Set(accessionsOf(file, told))].sort(byCodePoints)
    .flatMap((item) => told.sealed.get(together(file.sha256, item)) ?? []);
}
