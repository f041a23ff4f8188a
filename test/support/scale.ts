import { optionsFrom } from '../../bench/scale/options';
import { figuresOf } from '../../bench/scale/report';
import { ScaleRun } from '../../bench/scale/scale';

/** Runs the real handlers on metered stores under virtual time, and asks the cost sheet about the same load. */
export async function scaleFigures(...words: readonly string[]) {
  const { plan, setup } = optionsFrom(['--minutes', '3', ...words]);
  return figuresOf(await new ScaleRun(plan, () => {}).run(), setup);
}
