// Runs a program that must not outlive whoever started it: standard input is a pipe from there, and its end means that
// the other side is gone, however it died. Usage: node guard.cjs <program> [argument …]
'use strict';

const { spawn } = require('node:child_process');

const [program, ...programArguments] = process.argv.slice(2);
const child = spawn(program, programArguments, { stdio: ['ignore', 'inherit', 'inherit'] });

process.stdin.resume();
process.stdin.once('close', () => child.kill('SIGKILL'));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 1));
