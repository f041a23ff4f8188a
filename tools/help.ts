/** Ends the program with its usage, when that is all that was asked for. */
export function answerHelp(words: readonly string[], usage: string): void {
  if (!words.includes('--help') && !words.includes('-h')) return;
  console.log(usage);
  process.exit(0);
}
