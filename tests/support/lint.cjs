/**
 * The lint that Freshworks' `fdk validate` is documented to make, by the parser that Node carries:
 * https://developers.freshworks.com/docs/app-sdk/v3.0/common/app-validation/ names the rules and
 * which are errors, https://eslint.org/docs/latest/rules/ what each means.
 *
 * Reads {name: source} from standard input, writes {faults: {name: [{line, rule, level, text}]},
 * exports: [handler]}. Run with `node --expose-internals`. A name that begins with `server/` is a
 * script, any other a module.
 */
const { parse } = require("internal/deps/acorn/acorn/dist/acorn");
const { base, full } = require("internal/deps/acorn/acorn-walk/dist/walk");

const MOST = 7;
const FORKS = new Set([
  "IfStatement", "ConditionalExpression", "LogicalExpression", "AssignmentPattern",
  "ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement",
]);
const BANNED = new Set(["eval", "alert", "confirm", "prompt"]);
const NOT_IN_SANDBOX = new Set([
  "process", "Buffer", "setTimeout", "setInterval", "setImmediate",
  "clearTimeout", "clearInterval", "clearImmediate",
]);

const isFunction = (node) => /Function/.test(node.type);

/** Every node of one function, without those of functions inside it. */
function own(root, seen) {
  const met = new Set();
  const visit = (node, state, override) => {
    if (node !== root && isFunction(node)) return;
    if (!met.has(node)) seen(node);
    met.add(node); // the walk comes by again under each of a node's roles
    base[override ?? node.type](node, state, visit);
  };
  visit(root, null);
}

function forks(node) {
  const logical = node.type === "AssignmentExpression" && /^(&&|\|\||\?\?)=$/.test(node.operator);
  const chosen = node.type === "SwitchCase" && node.test;
  return FORKS.has(node.type) || node.optional || logical || chosen ? 1 : 0;
}

/** The names that a pattern binds. */
function bound(pattern) {
  const found = [];
  full(pattern, (node) => node.type === "Identifier" && found.push(node), base);
  return found;
}

function unused(node) {
  const inside = [];
  full(node, (part) => part.type === "Identifier" && inside.push(part), base);
  const last = node.params.at(-1);
  if (!last) return [];
  const names = last.type === "AssignmentPattern" ? bound(last.left) : bound(last);
  return names.filter(({ name, start }) =>
    !inside.some((part) => part.name === name && part.start !== start));
}

/** `level` is 2 for what Freshworks calls an error, 1 for a warning. */
function faultsOf(name, source) {
  const sourceType = name.startsWith("server/") ? "script" : "module";
  const tree = parse(source, { ecmaVersion: "latest", sourceType, locations: true });
  const faults = new Map();
  const say = (node, level, rule, text = "") => {
    const { line } = node.loc.start;
    faults.set(`${line} ${rule} ${text}`, { line, rule, level, text });
  };
  full(tree, (node) => {
    if (isFunction(node)) ofFunction(node, source, say);
    ofExpression(node, say);
    const foreign = sourceType === "script" && node.type === "Identifier";
    if (foreign && NOT_IN_SANDBOX.has(node.name)) say(node, 2, "sandbox", node.name);
  });
  ofTop(tree, sourceType, say);
  ofNames(tree, say);
  return [...faults.values()];
}

function ofFunction(node, source, say) {
  let complexity = 1;
  let waits = false;
  own(node, (part) => {
    complexity += forks(part);
    waits ||= part.type === "AwaitExpression" || (part.type === "ForOfStatement" && part.await);
  });
  if (complexity > MOST) say(node, 1, "complexity", String(complexity));
  if (node.async && !waits && !node.generator) say(node, 2, "require-await");
  for (const one of unused(node)) say(node, 2, "no-unused-vars", one.name);
  const inside = source.slice(node.body.start + 1, node.body.end - 1).trim();
  if (node.body.type === "BlockStatement" && !inside) say(node, 2, "no-empty-function");
}

function ofExpression(node, say) {
  const called = node.type === "CallExpression" && node.callee.type === "Identifier";
  if (called && BANNED.has(node.callee.name)) say(node, 2, "no-alert, no-eval", node.callee.name);
  const loose = node.type === "BinaryExpression" && /^[!=]=$/.test(node.operator);
  if (loose && [node.left, node.right].some(({ raw }) => raw === "null")) say(node, 2, "no-eq-null");
  if (node.type === "DebuggerStatement") say(node, 2, "no-debugger");
}

/** Names that a file declares and never comes back to; what it exports is for others. */
function ofNames(tree, say) {
  const times = new Map();
  const declared = [];
  const exported = new Set();
  full(tree, (node, _, role) => {
    if (node.type === "Identifier" && role !== "Pattern") {
      times.set(node.name, (times.get(node.name) ?? 0) + 1);
    }
    if (node.type === "ImportDeclaration") {
      for (const { local } of node.specifiers) {
        declared.push(local);
        times.set(local.name, (times.get(local.name) ?? 0) + 1);
      }
    }
    if (node.type === "VariableDeclarator") declared.push(...bound(node.id));
    if (/^(Function|Class)Declaration$/.test(node.type)) declared.push(node.id);
    const named = node.type === "ExportNamedDeclaration" ? node.declaration : null;
    for (const one of named?.declarations ?? (named ? [named] : [])) exported.add(one.id);
  });
  for (const id of declared) {
    const lonely = times.get(id.name) === 1 && !exported.has(id);
    if (lonely && id.name !== "exports") say(id, 2, "no-unused-vars", id.name);
  }
}

function ofTop(tree, sourceType, say) {
  const imported = tree.body.filter(({ type }) => type === "ImportDeclaration");
  imported.forEach((node, i) => {
    const again = imported.slice(0, i).some(({ source }) => source.value === node.source.value);
    if (again) say(node, 2, "no-duplicate-imports");
  });
  if (sourceType !== "script") return;
  // Freshworks' parser of server.js takes no function that stands above `exports`.
  const first = tree.body.findIndex(({ expression }) => expression?.left?.name === "exports");
  if (first < 0) say(tree, 2, "exports");
  for (const node of tree.body.slice(0, Math.max(first, 0)).filter(isFunction)) {
    say(node, 2, "exports-first", node.id.name);
  }
}

/** What server.js exports, as `manifest.json` may name handlers. */
function exported(source) {
  const tree = parse(source, { ecmaVersion: "latest", sourceType: "script" });
  const block = tree.body.find(({ expression }) => expression?.left?.name === "exports");
  return (block?.expression.right.properties ?? []).map((property) => property.key.name);
}

let input = "";
process.stdin.on("data", (part) => {
  input += part;
});
process.stdin.on("end", () => {
  const answer = { faults: {}, exports: [] };
  for (const [name, source] of Object.entries(JSON.parse(input))) {
    try {
      answer.faults[name] = faultsOf(name, source);
      if (name === "server/server.js") answer.exports = exported(source);
    } catch (error) {
      answer.faults[name] = [{ line: 0, rule: "parse", level: 2, text: error.message }];
    }
  }
  process.stdout.write(JSON.stringify(answer));
});
