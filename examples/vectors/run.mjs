// Scores a module against the vectors of stakingmodels: node run.mjs MODULE [FOLDER]
// The module exports functions by the names of vectors; each is called with an object of its arguments, whole numbers
// as BigInt, and answers with a BigInt, a number, or an object of them. Exit code 0 if all that it exports pass.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SCHEMA = 1;

const shown = (value) =>
  JSON.stringify(value, (_, each) => {
    if (typeof each === "bigint") return `${each}n`;
    return typeof each === "number" && !Number.isFinite(each) ? String(each) : each;
  }) ?? String(value);

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
  let got;
  try {
    got = await rule(structuredClone(inputs));
  } catch (error) {
    return `threw ${error}`;
  }
  if (typeof vector.answers === "string") return fault(vector.answers, got, test.expected, test.tolerance);
  for (const [name, kind] of Object.entries(vector.answers)) {
    const wrong = fault(kind, got?.[name], test.expected[name], test.tolerance?.[name]);
    if (wrong) return `${name}: ${wrong}`;
  }
  return "";
}

function read(folder) {
  const vectors = [];
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".json") && !each.endsWith(".schema.json")).sort()) {
    const file = JSON.parse(readFileSync(join(folder, name), "utf-8"));
    if (file.schema !== SCHEMA) throw new Error(`${name}: schema ${file.schema} is unknown: update this runner`);
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
    if (typeof rule !== "function") continue;
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

try {
  process.exitCode = await main(...process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
