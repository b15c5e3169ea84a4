/**
 * One small change to the supervision core that its tests must notice.
 *
 * @typedef {object} Mutant
 * @property {string} file below src/supervision
 * @property {string} name what is wrong with the supervisor now
 * @property {readonly (readonly [from: string, to: string])[]} edits each `from` stands in the file exactly once
 */

/**
 * The mutants of one file.
 *
 * @param {string} file below src/supervision
 * @param {readonly (readonly [name: string, from: string, to: string])[]} mutants
 * @returns {Mutant[]}
 */
export function mutantsOf(file, mutants) {
  return mutants.map(([name, from, to]) => ({ file, name, edits: [[from, to]] }));
}

/**
 * What keeps `mutant` from being made of `source`: text that is not there, or not there once. So nobody can take a mutant out of
 * work by rewriting what it changes.
 *
 * @param {Mutant} mutant
 * @param {string} source
 * @returns {string | undefined}
 */
export function obstacleTo({ file, name, edits }, source) {
  for (const [from, to] of edits) {
    const times = source.split(from).length - 1;
    if (times !== 1) {
      return `"${name}": src/supervision/${file} has ${times} times, not once: ${from}`;
    }
    if (from === to) return `"${name}" changes nothing`;
  }
  return undefined;
}

/**
 * @param {Mutant} mutant
 * @param {string} source
 */
export function applyTo({ edits }, source) {
  let changed = source;
  // A function: `$&` in a text would mean something.
  for (const [from, to] of edits) changed = changed.replace(from, () => to);
  return changed;
}
