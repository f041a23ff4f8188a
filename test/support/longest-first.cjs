// Tests of the running system wait for leases to end: begun first, they wait while the others compute. Without this order a
// machine that has never run the tests begins them last, since jest then goes by the length of the files.
const { default: Sequencer } = require('@jest/test-sequencer');

const waits = ({ path }) => /[\\/]test[\\/]system[\\/]/.test(path);
const longest = ['truth', 'restart', 'attendance', 'resilience'].map((name) => `${name}.test.ts`);
/** Of those that compute, the ones that would keep one processor busy at the end while the other is idle. */
const computesLong = ({ path }) =>
  /(simulation|live-faults|registry-fairness|session-monitor-pairs|session-monitor-kills)\.test\.ts$/.test(
    path,
  );

/** The greater, the earlier. */
function urgency(test) {
  const place = longest.findIndex((name) => test.path.endsWith(name));
  return (waits(test) ? 10 : computesLong(test) ? 5 : 0) + (place === -1 ? 0 : longest.length - place);
}

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => urgency(other) - urgency(one));
  }
};
