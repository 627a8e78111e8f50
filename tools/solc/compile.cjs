// SPDX-License-Identifier: Apache-2.0
// Standard JSON on stdin, compiler output on stdout. `--allow-paths a,b` bounds what an import may read;
// without it only the working directory may be read, as with the native compiler. With `--each-line` every line of
// stdin is one such JSON, answered by one line: the second compilation takes a fraction of the first.
// With SOLC_KEPT, a folder, an answer that was given before is given again (kept.cjs); `make test` sets it.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const kept = require('./kept.cjs');

const at = process.argv.indexOf('--allow-paths');
const roots = (at > 0 ? process.argv[at + 1].split(',') : []).concat('.').map((root) => path.resolve(root));
const contents = {};

function read(name) {
  const file = path.resolve(name);
  if (!roots.some((root) => file === root || file.startsWith(root + path.sep))) {
    return { error: `File outside of allowed directories: ${name}` };
  }
  try {
    contents[name] = fs.readFileSync(file, 'utf8');
    return { contents: contents[name] };
  } catch {
    return { error: `File not found: ${name}` };
  }
}

function compile(question) {
  return require('solc').compile(question, { import: read });
}

function compileOnce(folder, question) {
  const asked = JSON.parse(question);
  let answer = kept.find(folder, asked, read);
  if (answer === undefined) {
    answer = compile(question);
    kept.keep(folder, asked, contents, answer);
  }
  return answer;
}

if (!process.argv.includes('--standard-json')) {
  console.error('This compiler only takes --standard-json.');
  process.exit(1);
}
if (process.argv.includes('--each-line')) {
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => process.stdout.write(`${compile(line)}\n`));
} else {
  const question = fs.readFileSync(0, 'utf8');
  fs.writeSync(1, process.env.SOLC_KEPT ? compileOnce(process.env.SOLC_KEPT, question) : compile(question));
}
