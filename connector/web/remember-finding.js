/** People to pick from, and a search. */

import { act } from "./remember-acting.js";
import { h, theirs } from "./remember-element.js";
import { number, quoted, titled } from "./remember-lines.js";
import { row } from "./remember-rows.js";

/** People who may be calling; a press shows the brief of one, on the same call. */
export function people(host, candidates) {
  const { words, today } = host;
  const { ring, ticket } = host.subject;
  const on = { ...(ring && { ring }), ...(ticket && { ticket }) };
  const lines = candidates.map((one) => {
    const day = one.last_contact_on && words.day(one.last_contact_on, today);
    const about = [one.organization, day && words.say("last_contact", { day })];
    const onclick = () => host.pick({ ...on, customer: one.ref });
    const name = theirs(one.name ?? number(one.ref), "strong");
    const told = theirs(about.filter(Boolean).join(" · "));
    return h("li", {}, h("button", { type: "button", dir: "auto", onclick }, name, told));
  });
  return h("ul", { class: "people" }, lines);
}

const hit = (one, words) => [one.hidden ? words.say("hidden_words") : quoted(one.quote, words)];
const alike = (one, words) => [titled(one, words), one.resolution && ` · ${one.resolution}`];

/** A search for a customer; with `about`, in what this one told and in issues like it. */
export function search(host, about) {
  const { words } = host;
  const found = h("div", { class: "found", "aria-live": "polite" });
  const field = h("input", { type: "search", id: "search", maxlength: 200, required: true });
  const onsubmit = (event) => {
    event.preventDefault();
    const { client } = host;
    const ask = () => (
      about ? client.ask("recall", { words: field.value, ...about })
        : client.ask("customers", { words: field.value }));
    act(host, found, ask, ({ customers = [], hits = [], like_issues: like = [] }) => {
      const parts = [...row(host, "hits", hits, hit), ...row(host, "like_issues", like, alike)];
      if (customers.length) parts.push(people(host, customers));
      found.replaceChildren(...(parts.length ? parts : [words.say("nothing")]));
    });
  };
  const label = h("label", { for: "search" }, words.say(about ? "recall" : "search"));
  const button = h("button", {}, words.say("find"));
  return h("form", { class: "search", onsubmit }, label, field, button, found);
}
