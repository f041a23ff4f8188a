/** Three kinds of tests: `unit` (no process besides jest), `system` (the running local runtime), `browser` (real Chromium). */

// Rollcall runs on Node.js 24; the SDK need not warn whoever tests it on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const shared = {
  testEnvironment: 'node',
  transform: { '\\.(ts|tsx|js|mjs)$': '<rootDir>/test/support/esbuild-transform.cjs' },
  // These packages are published as ES modules only, which jest's CommonJS registry cannot load as they are.
  transformIgnorePatterns: ['/node_modules/(?!(jose|preact|@preact)/)'],
  extensionsToTreatAsEsm: [],
};

module.exports = {
  testTimeout: 60_000,
  // Tests of the running system mostly wait for leases to end; more than three at once disturb each other on two cores.
  maxWorkers: 3,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/(system|browser)/', '/node_modules/', '/cdk.out/'],
    },
    { ...shared, displayName: 'system', testMatch: ['<rootDir>/test/system/**/*.test.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
  ],
};
