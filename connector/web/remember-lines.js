/** What a line of the brief says, by section: text, and nodes where something stands out. */

import { daysBetween, h, theirs } from "./remember-element.js";

/** A ref as people know it. */
export const number = (ref) => `#${ref.slice(ref.indexOf(":") + 1)}`;

const joined = (...parts) => parts.filter(Boolean).join(", ");
export const quoted = (text, words) => theirs(words.say("quote", { text }));
export const titled = (one, words) => (one.hidden ? words.code("title", one.title) : one.title);
const aside = (text, kind = "age") => [" ", h("span", { class: kind }, text)];
const apart = (one, words) => (one.hidden ? ` ${words.say("private")}` : "");
const minutes = (one) => one.minutes >= 1 && `${Math.round(one.minutes)}\u00a0min`;

function item(one, words, today) {
  const dated = one.about_on && one.kind !== "bereavement";
  const when = dated ? words.when(one.about_on, today) : words.ago(one.said_days_ago);
  if (one.quote === null) return [joined(words.kind(one.kind, one.relation), when)];
  return [quoted(one.quote, words), dated && aside(when)];
}

function promise(one, words, today) {
  const what = words.code("promise", one.title);
  const due = one.due_on && words.say("due", { what, day: words.day(one.due_on, today) });
  const late = one.overdue_days && words.say("late", { days: words.days(one.overdue_days) });
  const kept = one.state === "kept" && words.say("kept");
  return [due ?? what, apart(one, words), late ? aside(late, "late") : kept && aside(kept)];
}

function last(one, words, today) {
  const how = joined(
    words.day(one.on, today),
    words.code("channel", one.channel),
    minutes(one),
    one.agent && words.say("with", { name: one.agent }),
    one.tone === "bad" && words.say("unhappy"),
  );
  return [theirs(how), one.restatement && [" ", quoted(one.restatement, words)]];
}

function you(one, words, today) {
  const talk = joined(words.day(one.last_on, today), minutes(one), one.last_about);
  return [theirs(words.say("talks", { n: one.times, talk }))];
}

function before(one, words, today) {
  const often = one.times > 1 && { n: one.times, day: words.day(one.first_on, today) };
  const when = often ? words.say("since_day", often) : words.day(one.last_on, today);
  return [theirs(titled(one, words)), apart(one, words), aside(when)];
}

function missed({ all }, words, today) {
  const [latest, first] = [all.at(0).on, all.at(-1).on];
  const day = latest === first ? words.when(latest, today)
    : words.say("from_day", { day: words.day(first, today) });
  return [words.say("rang", { n: all.length, day })];
}

function preferred({ agent, is_you: isYou, reason }, words) {
  const name = isYou ? words.say("you") : (agent.name ?? number(agent.ref));
  const { times: n, of } = reason;
  return [theirs(name, "strong"), ", ", words.say(`reason.${reason.code}`, { n, of })];
}

function open(one, words, today) {
  const age = daysBetween(one.opened_on, today);
  const lasting = age > 0 ? words.days(age) : words.say("since_today");
  return [`${number(one.ticket)} ${titled(one, words)}`, ...aside(lasting)];
}

export const TEXTS = {
  adjustments: item,
  context: item,
  care: (one, words, today) => (
    one.veiled ? [words.say("matters", { n: one.n })] : item(one, words, today)),
  missed,
  you,
  last,
  promises: promise,
  open,
  before,
  preferred_agent: preferred,
  check: (one) => [theirs(one.what)],
  suggestions: (one, words) => [quoted(one.text, words)],
};
