/**
 * Runs a handler of a package's server.js as Freshworks' sandbox would: `exports` and `$request`
 * are there, timers and `process` are not.
 *
 * Reads {source, handler, payload, now, refuse}; writes {asked: [{template, context, body}],
 * logged}. `now`: milliseconds; `refuse`: a status with which every request is refused.
 */
const vm = require("node:vm");
const crypto = require("node:crypto");

async function main({ source, handler, payload, now, refuse }) {
  const answer = { asked: [], logged: [] };
  const write = (...words) => answer.logged.push(words.join(" "));
  const sandbox = vm.createContext({
    exports: {},
    console: { log: write, error: write },
    require(name) {
      if (name !== "crypto") throw new Error(`${name} is not a module of the sandbox`);
      return crypto;
    },
    $request: {
      async invokeTemplate(template, { context, body }) {
        answer.asked.push({ template, context, body });
        if (refuse) throw { status: refuse, response: body };
        return { status: 204, response: "" };
      },
    },
  });
  vm.runInContext(`Date.now = () => ${now};`, sandbox);
  vm.runInContext(source, sandbox);
  await sandbox.exports[handler](payload);
  process.stdout.write(JSON.stringify(answer));
}

let input = "";
process.stdin.on("data", (part) => {
  input += part;
});
process.stdin.on("end", () => main(JSON.parse(input)));
