// SPDX-License-Identifier: Apache-2.0
// Standard JSON on stdin, compiler output on stdout. `--allow-paths a,b` bounds what an import may read;
// without it only the working directory may be read, as with the native compiler.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
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
const output = solc.compile(fs.readFileSync(0, 'utf8'), { import: read });
fs.writeSync(1, output);
