/** What a line of the brief opens to: its evidence, and what may be said of it. */

import { act } from "./remember-acting.js";
import { h, theirs } from "./remember-element.js";
import { number } from "./remember-lines.js";

const VERDICTS = ["helped", "wrong", "outdated", "unwanted"];

/** The evidence of a line, and verdicts on it; a hidden one has to be revealed first. */
export function told(host, entry, inside) {
  const { memory, evidence = [], hidden, veiled } = entry;
  const { words } = host;
  if (veiled || (hidden && !(host.brief.verified && host.onCall))) {
    return [h("p", { class: "hint" }, words.say("reveal.first"))];
  }
  const note = h("p", { class: "hint", role: "status" });
  const path = `memories/${encodeURIComponent(memory)}/reveal`;
  const reveal = () => {
    act(host, note, () => host.client.ask(path, host.about), (shown) => {
      const quote = shown.evidence.length ? [] : [theirs(shown.quote, "blockquote")];
      inside.replaceChildren(...quote, ...told(host, { memory, evidence: shown.evidence }, inside));
      inside.previousSibling.focus(); // the button that was pressed is gone
    });
  };
  const judge = (verdict) => () => {
    act(host, note, () => host.client.ask("feedback", { verdict, memory }), () => {
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

/** Whoever is preferred may say not to be offered; nobody wants that while the phone rings. */
export function declining(host) {
  const { customer } = host.about;
  const note = h("span", { class: "hint", role: "status" });
  const verdict = "do_not_offer";
  const decline = () => {
    act(host, note, () => host.client.ask("feedback", { verdict, customer }), () => {
      note.textContent = host.words.say("not_offered");
    });
  };
  return [host.button("not_me", decline), " ", note];
}

/** Puts a text on the clipboard; what its button says from then on. */
export function copied(host, text) {
  const said = host.words.say("copied");
  copy(text).then(() => host.announce(said));
  return [said];
}

async function copy(text) {
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
