import type { Scenario } from '../scenario';

export const clientSizes: Scenario = {
  title: 'What browsers load',
  about: "The library and the operators' page, minified, gzip at level 9.",
  fromSources: true,
  async run() {
    // Not at the top: a bundle of the benches would take itself for that program and run it.
    const { sizes } = await import('../../tools/client/sizes');
    return sizes().map(({ what, bytes, most }) => ({
      what,
      value: bytes / 1_024,
      unit: 'KB',
      atMost: most / 1_024,
    }));
  },
};
