/** What the metrics of all stages have in common. The stack imports these names too, so a rename breaks the build. */
export const metricNamespace = 'Rollcall';

/** The dimension that Powertools gives to every metric. Its value is the function's name, of which an account has only one. */
export const metricDimension = 'service';
