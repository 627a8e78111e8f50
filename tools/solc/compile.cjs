// SPDX-License-Identifier: Apache-2.0
// Standard JSON on stdin, compiler output on stdout. `--allow-paths a,b` bounds what an import may read;
// without it only the working directory may be read, as with the native compiler. With `--each-line` every line of
// stdin is one such JSON, answered by one line: the second compilation takes a fraction of the first.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const solc = require('solc');

const at = process.argv.indexOf('--allow-paths');
const roots = (at > 0 ? process.argv[at + 1].split(',') : []).concat('.').map((root) => path.resolve(root));

function read(name) {
  const file = path.resolve(name);
  if (!roots.some((root) => file === root || file.startsWith(root + path.sep))) {
    return { error: `File outside of allowed directories: ${name}` };
  }
  try {
    return { contents: fs.readFileSync(file, 'utf8') };
  } catch {
    return { error: `File not found: ${name}` };
  }
}

if (!process.argv.includes('--standard-json')) {
  console.error('This compiler only takes --standard-json.');
  process.exit(1);
}
if (process.argv.includes('--each-line')) {
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => process.stdout.write(`${solc.compile(line, { import: read })}\n`));
} else {
  fs.writeSync(1, solc.compile(fs.readFileSync(0, 'utf8'), { import: read }));
}
