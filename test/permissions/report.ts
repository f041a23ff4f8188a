import type { GrantUse, PermissionReport } from '../../local/permissions/permissions';
import { functionWords, resourceWords } from './words';

/** The permissions that nothing used. */
export const unused = (reports: readonly PermissionReport[]): readonly (GrantUse & { function: string })[] =>
  reports.flatMap(({ function: name, grants }) =>
    grants.filter(({ uses }) => uses === 0).map((grant) => ({ ...grant, function: name })),
  );

/** What was used how often, function by function, in lines to read. */
export const reportLines = (reports: readonly PermissionReport[]): readonly string[] =>
  reports.flatMap(({ function: name, grants, refused }) => [
    functionWords(name),
    ...grants.map(
      ({ uses, action, resource }) => `${String(uses).padStart(7)}  ${action} on ${resourceWords(resource)}`,
    ),
    ...refused.map(
      ({ times, action, resource }) => `refused ${times} times: ${action} on ${resourceWords(resource)}`,
    ),
  ]);

/** A sentence for each permission that nothing used, and for each that is missing. */
export const complaintsIn = (reports: readonly PermissionReport[]): readonly string[] => [
  ...unused(reports).map(
    ({ function: name, action, resource }) =>
      `${functionWords(name)} never used ${action} on ${resourceWords(resource)}: take it away, or test what needs it.`,
  ),
  ...reports.flatMap(({ function: name, refused }) =>
    refused.map(
      ({ action, resource }) =>
        `${functionWords(name)} was refused ${action} on ${resourceWords(resource)}: allow it in lib/.`,
    ),
  ),
];
