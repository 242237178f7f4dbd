// Scores a module against the vectors of stakingmodels: node run.mjs MODULE [FOLDER]
// The module exports functions by the names of vectors; each is called with an object of its arguments, whole numbers
// as BigInt, and answers with a BigInt, a number, or an object of them. Exit code 0 if all that it exports pass.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SCHEMA = 1;
let running = "the module"; // name of the function that is called

const told = (value) =>
  JSON.stringify(value, (_, each) => {
    if (typeof each === "bigint") return `${each}n`;
    return typeof each === "number" && !Number.isFinite(each) ? String(each) : each;
  }) ?? String(value);

/** A value as text; of one that cannot be written, such as an object within itself, its kind. */
function shown(value) {
  try {
    return told(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

const given = (kind, value) => (kind === "integer" ? BigInt(value) : value);

/** What is wrong with one answer; nothing if it is right. */
function fault(kind, got, expected, tolerance) {
  if (kind === "integer") {
    if (typeof got !== "bigint") return `expected ${expected}n, got ${shown(got)}, which is no BigInt`;
    return got === BigInt(expected) ? "" : `expected ${expected}n, got ${got}n`;
  }
  if (kind === "number") {
    const near = typeof got === "number" && Math.abs(got - expected) <= tolerance; // false for NaN
    return near ? "" : `expected ${expected} within ${tolerance}, got ${shown(got)}`;
  }
  return got === expected ? "" : `expected ${shown(expected)}, got ${shown(got)}`;
}

/** What is wrong with the answer to a case, of one value or of several by name. */
async function judge(vector, rule, test) {
  const inputs = {};
  for (const [name, kind] of Object.entries(vector.arguments)) inputs[name] = given(kind, test.arguments[name]);
  try {
    const got = await rule(structuredClone(inputs));
    if (typeof vector.answers === "string") return fault(vector.answers, got, test.expected, test.tolerance);
    for (const [name, kind] of Object.entries(vector.answers)) {
      const wrong = fault(kind, got?.[name], test.expected[name], test.tolerance?.[name]); // a getter may throw
      if (wrong) return `${name}: ${wrong}`;
    }
  } catch (error) {
    return `threw ${error}`;
  }
  return "";
}

function read(folder) {
  const vectors = [];
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".json") && !each.endsWith(".schema.json")).sort()) {
    let file;
    try {
      file = JSON.parse(readFileSync(join(folder, name), "utf-8"));
    } catch (error) {
      throw new Error(`${name}: is no JSON: ${error.message}`);
    }
    if (file?.schema !== SCHEMA) throw new Error(`${name}: schema ${file?.schema} is unknown: update this runner`);
    const empty = !Array.isArray(file.vectors) || file.vectors.find((each) => !each.cases?.length);
    if (empty) throw new Error(`${name}: ${empty.name ?? "vectors"}: has no cases, so nothing would be scored`);
    vectors.push(...file.vectors);
  }
  return vectors;
}

async function main(module, folder) {
  if (!module) throw new Error("node run.mjs MODULE [FOLDER]: say which module to score");
  const rules = await import(pathToFileURL(resolve(module)).href);
  const vectors = read(folder ?? dirname(fileURLToPath(import.meta.url)));
  let passed = 0, failed = 0, scored = 0;
  for (const vector of vectors) {
    const rule = rules[vector.name];
    if (rule === undefined) continue;
    if (typeof rule !== "function") throw new Error(`${vector.name}: must be a function, got ${shown(rule)}`);
    running = vector.name;
    let right = 0, first = "";
    for (const [number, test] of vector.cases.entries()) {
      const wrong = await judge(vector, rule, test);
      if (!wrong) right += 1;
      else first ||= `  first failure: case ${number}, ${shown(test.arguments)}\n  ${wrong}`;
    }
    scored += 1;
    passed += right;
    failed += vector.cases.length - right;
    console.log(`${vector.name}: ${right} of ${vector.cases.length} passed`);
    if (first) console.log(first);
  }
  const unknown = Object.keys(rules).filter((name) => !vectors.some((vector) => vector.name === name));
  if (unknown.length) console.log(`no vectors for: ${unknown.join(", ")}`);
  console.log(`${passed} passed, ${failed} failed; ${scored} of ${vectors.length} functions`);
  return scored && !failed ? 0 : 1;
}

// a promise that nobody settles ends node without a word, and a module may end it as if all were well
let ended = false;
process.on("exit", () => {
  if (ended) return;
  console.error(`${running}: node ended before all was scored: a promise that is never settled, or process.exit`);
  process.exitCode = 1;
});

try {
  process.exitCode = await main(...process.argv.slice(2));
} catch (error) {
  console.error(error?.message ?? String(error));
  process.exitCode = 1;
}
ended = true;
