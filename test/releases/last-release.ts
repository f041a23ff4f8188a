import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionOf, type Stage } from '../../local/crashes';
import { type DeployedFunction, type Deployment, readDeployment } from '../../local/deployment';
import { addressesAt } from '../../local/local-settings';
import { LocalTemplate } from '../../local/template';
import { unpack } from './archive';

/** The last release as it would be deployed, unpacked for as long as it is needed. */
export class LastRelease {
  private constructor(
    readonly deployment: Deployment,
    private readonly directory: string,
  ) {}

  /** @param url of the running Rollcall that its functions are to be part of */
  static open(url: string): LastRelease {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-release-'));
    unpack(directory);
    const addresses = addressesAt(Number(new URL(url).port));
    return new LastRelease(readDeployment(new LocalTemplate(directory, 'Rollcall', addresses)), directory);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A stage's function as a release deploys it. */
export function functionIn(deployment: Deployment, stage: Stage): DeployedFunction {
  const name = functionOf(stage, deployment);
  const found = deployment.functions.find((deployed) => deployed.name === name);
  if (found === undefined) throw new Error(`there is no ${stage}`);
  return found;
}
