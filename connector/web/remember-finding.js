/** Who it may be: people to pick from, two that are one, and a search. */

import { h, theirs } from "./remember-element.js";
import { number } from "./remember-lines.js";
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

/** Says of two candidates that they are one person; the host may then offer to merge them. */
export function samePerson(host, candidates) {
  const { words } = host;
  const both = candidates.length === 2;
  const boxes = candidates.map(({ ref: value }) => (
    h("input", { type: "checkbox", value, checked: both })));
  const labels = candidates.map((one, n) => (
    h("label", {}, boxes[n], theirs(one.name ?? number(one.ref)))));
  const note = h("p", { class: "hint", role: "status" });
  const say = () => {
    const [customer, other, third] = boxes.filter((box) => box.checked).map((box) => box.value);
    note.textContent = words.say("same.two");
    if (!other || third) return;
    host.act(note, () => host.client.feedback("same_person", { customer, other }), () => {
      note.textContent = words.say("same.noted");
      host.emit("remember-open", { url: null, kind: "merge", ref: customer, other });
    });
  };
  const title = h("summary", {}, words.say("same.title"));
  return h("details", { class: "same" }, title, labels, host.button("same.say", say), note);
}

/** A search for a customer; with `about`, in what this one told and in issues like it. */
export function search(host, about) {
  const { words } = host;
  const found = h("div", { class: "found", "aria-live": "polite" });
  const field = h("input", { type: "search", id: "search", maxlength: 200, required: true });
  const onsubmit = (event) => {
    event.preventDefault();
    const { client } = host;
    const ask = () => (
      about ? client.recall(field.value, about) : client.customers(field.value));
    host.act(found, ask, ({ customers = [], hits = [], like_issues: like = [] }) => {
      const parts = [row(host, "hits", hits), row(host, "like_issues", like)].flat();
      if (customers.length) parts.push(people(host, customers));
      found.replaceChildren(...(parts.length ? parts : [words.say("nothing")]));
    });
  };
  const label = h("label", { for: "search" }, words.say(about ? "recall" : "search"));
  const button = h("button", {}, words.say("find"));
  return h("form", { class: "search", onsubmit }, label, field, button, found);
}
