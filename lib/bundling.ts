/** One file per handler with everything in it, so that a deployed function is what was tested, SDK included. */
export const bundling = {
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
} as const;

/** Most bytes of a function's bundle: a larger one takes longer to load, and whoever made it so should know. */
export const mostBundleBytes = 600 * 1_024;
