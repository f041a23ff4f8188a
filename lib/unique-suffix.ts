import { Aws, Fn } from 'aws-cdk-lib';

/**
 * The last twelve digits of the stack's UUID, for names that stacks of other regions or accounts must not share:
 * CloudFront's names are those of the whole account, Cognito's domain prefixes those of a whole region.
 */
export const uniqueSuffix = (): string =>
  Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
