// Runs a program that must not outlive whoever started it: standard input is a pipe from there, and its end means that
// the other side is gone, however it died. Usage: node guard.cjs <program> [argument …]
// The directory in ROLLCALL_REMOVED_AFTERWARDS is removed when both have ended.
'use strict';

const { spawn } = require('node:child_process');
const { rmSync } = require('node:fs');

const [program, ...programArguments] = process.argv.slice(2);
const child = spawn(program, programArguments, { stdio: ['ignore', 'inherit', 'inherit'] });

process.stdin.resume();
process.stdin.once('close', () => child.kill('SIGKILL'));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => {
  const directory = process.env.ROLLCALL_REMOVED_AFTERWARDS;
  if (directory && process.stdin.destroyed) rmSync(directory, { recursive: true, force: true });
  process.exit(code ?? 1);
});
