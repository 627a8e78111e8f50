// SPDX-License-Identifier: Apache-2.0
// Answers of the compiler, kept in a folder. The compiler gives one answer to one question: the settings, the sources and
// every file that it read for their imports. Whoever asks it again for those outputs, or for some of them, needs no compiler.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { version } = require('solc/package.json');

function hash(text) {
  return crypto.createHash('sha256').update(text).digest('hex');
}

// The same text for the same values, whatever the order of their names.
function canonical(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

function place(folder, question) {
  const { outputSelection, ...settings } = question.settings;
  return path.join(folder, `${hash(canonical({ ...question, settings, version }))}.json`);
}

// Whether all outputs that are wanted are among those that were given of every contract ('*') and every file ('').
function covers(given, wanted) {
  return Object.values(wanted).every((file) =>
    Object.entries(file).every(([contract, outputs]) => {
      const had = given['*']?.[contract === '' ? '' : '*'] ?? [];
      return outputs.every((output) => had.some((each) => output === each || output.startsWith(`${each}.`)));
    }),
  );
}

// The answer that is kept, or undefined; `read` gives what an import reads.
function find(folder, question, read) {
  let kept;
  try {
    kept = JSON.parse(fs.readFileSync(place(folder, question), 'utf8'));
  } catch {
    return undefined;
  }
  const same = Object.entries(kept.read).every(([name, content]) => hash(read(name).contents ?? '') === content);
  return same && covers(kept.outputs, question.settings.outputSelection) ? kept.answer : undefined;
}

// Keep an answer with all that was read for it, by name; none with an error, which may be of a file that was not there.
function keep(folder, question, contents, answer) {
  if (JSON.parse(answer).errors?.some((each) => each.severity === 'error')) return;
  const read = Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, hash(content)]));
  const file = place(folder, question);
  fs.mkdirSync(folder, { recursive: true });
  // Several may compile at once; none may read half a file.
  fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify({ outputs: question.settings.outputSelection, read, answer }));
  fs.renameSync(`${file}.${process.pid}`, file);
}

module.exports = { find, keep };
