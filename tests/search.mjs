// Reads {lunr, docs, separator, words} from the standard input, and writes the pages found for each word, best first:
// as the site's own search does, with its fields, boosts and separator, and each word as a beginning too.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { lunr: file, docs, separator, words } = JSON.parse(readFileSync(0, "utf-8"));
const scope = {};
new Function("module", "exports", readFileSync(file, "utf-8")).call(scope, (scope.module = { exports: {} }), scope.module.exports);
const lunr = scope.module.exports;
lunr.tokenizer.separator = new RegExp(separator);
const index = lunr(function () {
  this.pipeline.reset();
  this.pipeline.add(lunr.stemmer);
  this.searchPipeline.reset();
  this.searchPipeline.add(lunr.stemmer);
  this.ref("location");
  this.field("title", { boost: 1000 });
  this.field("text");
  for (const each of docs) this.add({ ...each, text: each.text.replace(/<[^>]*>/g, " ") }, { boost: each.boost ?? 1 });
});
const pages = (word) => [...new Set(index.search(`${word} ${word}*`).map((each) => each.ref.split("#")[0]))];
console.log(JSON.stringify(Object.fromEntries(words.map((word) => [word, pages(word)]))));
