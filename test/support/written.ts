/** What is written to the standard output meanwhile, as JSON, a line each. */
export async function writtenBy(work: () => unknown): Promise<readonly Record<string, unknown>[]> {
  const texts: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    texts.push(String(text));
    return true;
  });
  const errors = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    texts.push(String(text));
    return true;
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
    errors.mockRestore();
  }
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
