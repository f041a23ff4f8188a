import { bundleOf, stages } from '../../bench/bundles';
import { mostBundleBytes } from '../../lib/bundling';

describe('Functions start quickly', () => {
  test.each(stages)('the bundle of %s is no larger than it may be', (stage) => {
    expect(bundleOf(stage).length).toBeLessThanOrEqual(mostBundleBytes);
  });
});
