/** What is shown while it is not known who calls: what to do, and who it may be. */

import { act } from "./remember-acting.js";
import { h, theirs } from "./remember-element.js";
import { people, search } from "./remember-finding.js";
import { number } from "./remember-lines.js";
import { row } from "./remember-rows.js";

/** All of a state without a customer: idle, error, unclaimed, several, none or hidden. */
export function unknown(host, state, problem) {
  const { words, brief } = host;
  if (state === "idle") return [h("p", { class: "soft" }, words.say("idle")), search(host)];
  const candidates = brief?.match.candidates ?? [];
  const title = h("h2", { tabindex: -1 }, words.say(`${state}.title`, { n: candidates.length }));
  if (state === "error") return [title, h("p", {}, words.fault(problem)), host.asking("retry")];
  const help = h("p", { class: "soft" }, words.say(`${state}.help`));
  if (state === "unclaimed") {
    const claim = () => host.client.brief({ ring: host.subject.ring, claim: true });
    return [title, help, host.asking("claim", claim)];
  }
  const who = candidates.length ? [people(host, candidates), samePerson(host, candidates)] : [];
  return [title, help, ...who, ...row(host, "suggestions", brief.suggestions), search(host)];
}

/** Says of two candidates that they are one person; the host may then offer to merge them. */
function samePerson(host, candidates) {
  const { words } = host;
  const both = candidates.length === 2;
  const boxes = candidates.map(({ ref: value }) => (
    h("input", { type: "checkbox", value, checked: both })));
  const labels = candidates.map((one, n) => (
    h("label", {}, boxes[n], theirs(one.name ?? number(one.ref)))));
  const tell = (two) => host.client.ask("feedback", { verdict: "same_person", ...two });
  const note = h("p", { class: "hint", role: "status" });
  const say = () => {
    const [customer, other, third] = boxes.filter((box) => box.checked).map((box) => box.value);
    note.textContent = words.say("same.two");
    if (!other || third) return;
    act(host, note, () => tell({ customer, other }), () => {
      note.textContent = words.say("same.noted");
      host.emit("remember-open", { url: null, kind: "merge", ref: customer, other });
    });
  };
  const title = h("summary", {}, words.say("same.title"));
  return h("details", { class: "same" }, title, labels, host.button("same.say", say), note);
}
