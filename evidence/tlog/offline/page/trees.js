/* The Merkle tree of RFC 6962. Both proofs are checked by taking the tree apart from its root, as section 2.1 defines it. */

const HASH_BYTES = 32;
const EMPTY_ROOT = sha256();

/* Leaf data is the version 0x01 and the commitment; a leaf is hashed after 0x00. */
function leafOf(commitment) {
  return sha256(Uint8Array.of(0, 1), commitment);
}

function parent(left, right) {
  return sha256(Uint8Array.of(1), left, right);
}

/* Whether `path` leads from `leaf` at `index` to the root of the tree of `size` leaves. */
function provesInclusion(leaf, index, size, path, root) {
  if (index >= size) return false;
  const steps = [...path];
  const climb = (at, count) => {
    if (count === 1) return leaf;
    const half = largestPowerBelow(count);
    const step = steps.pop();
    if (!step) return null;
    const below = at < half ? climb(at, half) : climb(at - half, count - half);
    if (!below) return null;
    return at < half ? parent(below, step) : parent(step, below);
  };
  const found = climb(index, size);
  return found !== null && steps.length === 0 && same(found, root);
}

/* Whether `path` shows the tree of `old` >= 1 leaves to be the beginning of the tree of `size` >= old leaves. */
function provesGrowth(old, oldRoot, size, newRoot, path) {
  const steps = [...path];
  // The two roots over a subtree of `count` leaves of which the first `kept` were there; `whole` while it begins at 0.
  const rebuild = (kept, count, whole) => {
    if (kept === count) {
      const hash = whole ? oldRoot : steps.pop();
      return hash && [hash, hash];
    }
    const half = largestPowerBelow(count);
    const step = steps.pop();
    const below = step && (kept <= half ? rebuild(kept, half, whole) : rebuild(kept - half, count - half, false));
    if (!below) return null;
    return kept <= half ? [below[0], parent(below[1], step)] : [parent(step, below[0]), parent(step, below[1])];
  };
  const found = rebuild(old, size, true);
  return Boolean(found) && steps.length === 0 && same(found[0], oldRoot) && same(found[1], newRoot);
}

function largestPowerBelow(count) {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
