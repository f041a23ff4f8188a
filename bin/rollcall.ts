import { App } from 'aws-cdk-lib';
import { RollcallStack } from '../lib/rollcall-stack';
import { settingsFrom } from '../lib/settings';
import { buildPage } from '../web/build';

const app = new App();

new RollcallStack(app, 'Rollcall', {
  settings: settingsFrom(app.node.tryGetContext('rollcall')),
  buildPage,
});
