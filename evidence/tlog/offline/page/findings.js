/* What a check finds: faults with their place, what was checked, and what was not, and why. */

const EXITS = { VERIFIED: 0, CONSISTENT: 3, 'KEY NOT ESTABLISHED': 4, FAILED: 1 };

class Findings {
  constructor() {
    this.faults = [];
    this.checked = [];
    this.unchecked = [];
    this.said = new Set();
  }

  /* A fault is named once for each place, however many of the checks run into it. */
  fault(code, place = '', detail = '') {
    const at = shown(place);
    if (this.said.has(`${code} ${at}`)) return;
    this.said.add(`${code} ${at}`);
    this.faults.push({ code, place: at, detail: shown(String(detail)) });
  }

  well(code, facts) {
    this.checked.push({ code, ...facts });
  }

  leftOut(code, place = '', facts = {}) {
    this.unchecked.push({ code, place: shown(place), ...facts });
  }

  /* What was not checked never turns a verdict into a better one: it does not appear here at all. */
  verdict(byGivenKey, sameLog) {
    if (this.faults.length) return 'FAILED';
    if (byGivenKey) return 'VERIFIED';
    return sameLog ? 'CONSISTENT' : 'KEY NOT ESTABLISHED';
  }

  /* What `check` answers; where it throws a Wrong, a fault with this code and place, and null. */
  attempt(code, place, check) {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      this.fault(code, place, error.message);
      return null;
    }
  }
}
