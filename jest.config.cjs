/**
 * Kinds of tests: `unit` (no process besides jest), `system` (the running local runtime), and `apart`: those in real
 * Chromium, and others that take long, which `npm test` leaves out.
 */

// Rollcall runs on Node.js 24; the SDK need not warn whoever tests it on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const shared = {
  // Looking up a global inside the vm that each test file runs in is slow; these are handed to modules as arguments.
  sandboxInjectedGlobals: [
    'Math',
    'Object',
    'Array',
    'Map',
    'Set',
    'Promise',
    'JSON',
    'Number',
    'String',
    'Symbol',
    'Reflect',
    'Error',
    'Proxy',
    'Uint8Array',
    'BigInt',
  ],
  testEnvironment: 'node',
  transform: { '\\.(ts|tsx|js|mjs)$': '<rootDir>/test/support/esbuild-transform.cjs' },
  // These packages are published as ES modules only, which jest's CommonJS registry cannot load as they are.
  transformIgnorePatterns: ['/node_modules/(?!(jose|oauth4webapi|preact|@preact)/)'],
  // The hooks share the library with the app that uses them, by the package's own name.
  moduleNameMapper: { '^@rollcall/client$': '<rootDir>/client/index.ts' },
  extensionsToTreatAsEsm: [],
};

module.exports = {
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  // Tests of the running system mostly wait for leases to end; more than four at once disturb each other on two cores.
  maxWorkers: 4,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/(system|apart)/', '/node_modules/', '/cdk.out/'],
    },
    { ...shared, displayName: 'system', testMatch: ['<rootDir>/test/system/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'apart',
      testMatch: ['<rootDir>/test/(apart|contract)/**/*.test.ts'],
      globals: { onEveryEngine: true },
    },
  ],
};
