// Runs a program that must not outlive whoever started it: standard input is a pipe from there, and its end means that
// the other side is gone, however it died. Usage: node guard.cjs <program> [argument …]
// The directory in ROLLCALL_OWN_DIRECTORY is made before, and removed when both have ended.
'use strict';

const { spawn } = require('node:child_process');
const { mkdirSync, rmSync } = require('node:fs');

const directory = process.env.ROLLCALL_OWN_DIRECTORY;
if (directory) mkdirSync(directory, { recursive: true, mode: 0o700 });

const [program, ...programArguments] = process.argv.slice(2);
// A group of its own, which can be killed with all that the program has started itself.
const child = spawn(program, programArguments, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });

function killAll() {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No groups on this platform, or the program has ended meanwhile.
    child.kill('SIGKILL');
  }
}

process.stdin.resume();
process.stdin.once('close', killAll);
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => {
  // Something may still be written in it by what was killed this very moment.
  if (directory && process.stdin.destroyed) {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  process.exit(code ?? 1);
});
