// Reads {card, asks} from the standard input, and writes one answer, or the message of its refusal, for each ask.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { answer } = await import(pathToFileURL(process.argv[2]).href);
const { card, asks } = JSON.parse(readFileSync(0, "utf-8"));
const answers = asks.map((ask) => {
  try {
    return answer(card, ...ask);
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(answers));
