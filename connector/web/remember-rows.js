/** The rows of a brief: a label, its lines, and what a line opens to. */

import { h, theirs } from "./remember-element.js";
import { TEXTS, number } from "./remember-lines.js";

const VERDICTS = ["helped", "wrong", "outdated", "unwanted"];

/** A label with its lines; nothing where there are none. */
export function row(host, section, entries) {
  if (!entries.length) return [];
  const lines = section === "missed" ? [missed(host, entries)]
    : entries.map((entry) => line(host, section, entry));
  const label = h("h3", {}, host.words.say(`label.${section}`));
  return [h("section", { class: `row ${section}` }, label, h("ul", {}, lines))];
}

function line(host, section, entry) {
  const text = TEXTS[section](entry, host.words, host.today);
  const beside = BESIDE[section]?.(host, entry, text);
  return beside ? h("li", {}, beside) : opening(host, text, entry);
}

function missed(host, entries) {
  const evidence = entries.flatMap((one) => one.evidence);
  return opening(host, TEXTS.missed(entries, host.words, host.today), { evidence });
}

/** Lines that do not open: a ticket leads to its page, the others have something to press. */
const BESIDE = {
  open: (host, { url, ticket }, [title, ...rest]) => [
    host.link(title, url, "ticket", ticket), ...rest],
  like_issues: (host, { url, ticket }, [title, ...rest]) => [
    host.link(title, url, "ticket", ticket), ...rest],
  suggestions: (host, { text }, words) => [...words, " ", copy(host, text)],
  preferred_agent: (host, entry, words) => (
    entry.is_you ? declining(host, words) : [...words, " ", handOver(host, entry)]),
};

/** A line that opens to its evidence, and to what may be said of it. */
function opening(host, text, entry) {
  if (!entry.memory && !entry.evidence?.length && !entry.veiled) return h("li", {}, text);
  const inside = h("div", { class: "inside" });
  const ontoggle = () => inside.firstChild ?? inside.append(...told(host, entry, inside));
  return h("li", {}, h("details", { ontoggle }, h("summary", {}, text), inside));
}

function told(host, entry, inside) {
  const { memory, evidence = [], hidden, veiled } = entry;
  const { words } = host;
  if (veiled || (hidden && !(host.brief.verified && host.onCall))) {
    return [h("p", { class: "hint" }, words.say("reveal.first"))];
  }
  const note = h("p", { class: "hint", role: "status" });
  const reveal = () => {
    host.act(note, () => host.client.reveal(memory, host.about), (shown) => {
      const quote = shown.evidence.length ? [] : [theirs(shown.quote, "blockquote")];
      inside.replaceChildren(...quote, ...told(host, { memory, evidence: shown.evidence }, inside));
      inside.previousSibling.focus(); // the button that was pressed is gone
    });
  };
  const judge = (verdict) => () => {
    host.act(note, () => host.client.feedback(verdict, { memory }), () => {
      inside.closest("li").classList.toggle("gone", verdict !== "helped");
      note.textContent = words.say(verdict === "helped" ? "thanks" : "corrected");
    });
  };
  const verdicts = VERDICTS.map((one) => host.button(`verdict.${one}`, judge(one)));
  return [
    ...evidence.map((one) => said(host, one)),
    ...(hidden ? [host.button("reveal", reveal)] : []),
    h("div", { class: "acts" }, memory ? verdicts : []),
    note,
  ];
}

function said(host, one) {
  const { words, today } = host;
  const { role, name } = one.author;
  const how = role === "customer" && /voice|phone/.test(one.channel) ? "said" : role;
  const who = words.say(`by.${how}`, { name: name ?? words.say(`role.${role}`) });
  const where = ` · ${words.day(one.said_on, today)} · ${words.code("channel", one.channel)} · `;
  const link = host.link(number(one.ticket), one.url, "ticket", one.ticket);
  const quote = theirs(one.quote, "blockquote");
  return h("figure", {}, quote, h("figcaption", {}, theirs(who), where, link));
}

function copy(host, text) {
  const button = host.button("copy", async () => {
    await copied(text);
    button.textContent = host.words.say("copied");
    host.announce(button.textContent);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A frame without the clipboard's permission can still copy what is selected.
    const field = h("textarea", {}, text);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

/** The host hands over its own way. */
function handOver(host, { agent }) {
  const { customer } = host.about;
  const ticket = host.subject.ticket ?? null;
  return host.button("prefer", () => host.emit("remember-prefer", { agent, customer, ticket }));
}

/** Whoever is preferred may say not to be offered; nobody wants that while the phone rings. */
function declining(host, words) {
  const { customer } = host.about;
  const note = h("span", { class: "hint", role: "status" });
  const decline = () => {
    host.act(note, () => host.client.feedback("do_not_offer", { customer }), () => {
      note.textContent = host.words.say("not_offered");
    });
  };
  const inside = h("div", { class: "inside" }, host.button("not_me", decline), " ", note);
  return h("details", {}, h("summary", {}, words), inside);
}
