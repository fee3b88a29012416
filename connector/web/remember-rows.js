/** The rows of a brief: a label, its lines, and what a line opens to. */

import { h } from "./remember-element.js";
import { TEXTS } from "./remember-lines.js";

/** A label with its lines; nothing where there are none. */
export function row(host, section, entries, says = TEXTS[section]) {
  if (!entries.length) return [];
  const { words, today } = host;
  const told = section === "missed" ? [together(entries)] : entries;
  const lines = told.map((entry) => line(host, section, entry, says(entry, words, today)));
  const label = h("h3", {}, host.words.say(`label.${section}`));
  return [h("section", { class: `row ${section}` }, label, h("ul", {}, lines))];
}

function line(host, section, entry, text) {
  const beside = BESIDE[section]?.(host, entry, text);
  if (beside) return h("li", {}, beside);
  const opens = entry.memory || entry.evidence?.length || entry.veiled;
  const told = (parts, inside) => parts.told(host, entry, inside);
  return h("li", {}, opens ? opening(host, text, told) : text);
}

/** Calls that were missed are one line, with the evidence of all. */
function together(all) {
  return { all, evidence: all.flatMap((one) => one.evidence) };
}

const leading = (host, { url, ticket }, [title, ...rest]) => [
  host.link(title, url, "ticket", ticket), ...rest];

/** Lines that do not open to evidence: a ticket leads to its page, the others have a button. */
const BESIDE = {
  open: leading,
  like_issues: leading,
  suggestions: (host, { text }, words) => [...words, " ", copying(host, text)],
  preferred_agent: (host, one, words) => (
    one.is_you ? opening(host, words, (parts) => parts.declining(host))
      : [...words, " ", handOver(host, one)]),
};

/** What opens to more, which is made of the parts that follow when it is opened first. */
export function opening(host, text, build, attributes) {
  const inside = h("div", { class: "inside" });
  const ontoggle = () => inside.firstChild ?? host.later(build, inside);
  if (attributes?.open) ontoggle();
  return h("details", { ...attributes, ontoggle }, h("summary", {}, text), inside);
}

function copying(host, text) {
  const button = host.button("copy", () => (
    host.later(({ copied }) => copied(host, text), button)));
  return button;
}

/** The host hands over its own way. */
function handOver(host, { agent }) {
  const { customer } = host.about;
  const ticket = host.subject.ticket ?? null;
  return host.button("prefer", () => host.emit("remember-prefer", { agent, customer, ticket }));
}
