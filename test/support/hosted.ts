import { optionsFrom } from '../../local/options';
import type { AdmittedRequest } from '../../local/permissions/guard';
import { type Runtime, startRuntime } from '../../local/runtime';
import { Reached } from './reached';

/** The local runtime within this process, for whoever must reach into it. */
export class Hosted extends Reached {
  private constructor(
    readonly runtime: Runtime,
    /** What it complained of. */
    readonly complaints: readonly string[],
    /** What its functions printed. */
    readonly printed: readonly string[],
  ) {
    super();
  }

  /** @param words those of `npm start` beside the port */
  static async start(
    words: readonly string[] = [],
    onAdmitted?: (request: AdmittedRequest) => void,
  ): Promise<Hosted> {
    const complaints: string[] = [];
    const printed: string[] = [];
    const log = {
      info: (line: string) => void printed.push(line),
      error: (message: string, error: unknown) => {
        complaints.push(`${message}: ${error}`);
        printed.push(`${message}: ${error}`);
      },
    };
    const options = optionsFrom(['--port', '0', '--fleet', '0', '--tick', '1', ...words]);
    const runtime = await startRuntime(options, log, new AbortController().signal, onAdmitted);
    return new Hosted(runtime, complaints, printed);
  }

  get url(): string {
    return this.runtime.url;
  }

  async close(): Promise<void> {
    await this.runtime.close();
  }
}
