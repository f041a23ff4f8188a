import { App, Validations } from 'aws-cdk-lib';
import type * as nag from 'cdk-nag';

/** An app in which cdk-nag looks at every resource, unless CDK_VALIDATION says that only the assembly is wanted. */
export function checkedApp(): App {
  const app = new App();
  if (process.env.CDK_VALIDATION !== 'false') addChecks(app);
  return app;
}

/** An error of cdk-nag that nobody has acknowledged, with its reason, ends the synthesis. */
export function addChecks(app: App): void {
  // Loaded only where it is wanted: it takes longer than the rest of a local start.
  const { AwsSolutionsChecks, ServerlessChecks } = require('cdk-nag') as typeof nag;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}
