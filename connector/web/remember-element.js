/** What the elements share: words in the agent's language, dates, and ways to build a node. */

const beside = (name) => fetch(new URL(name, import.meta.url));
const sheet = new CSSStyleSheet();
let css = "";
let parts = null;

/** Adds a style to that of all elements. */
export async function style(name) {
  const text = await beside(name).then((answer) => answer.text());
  css += text;
  sheet.replaceSync(css);
}

const strings = beside("strings.json").then((answer) => answer.json());
const [table] = await Promise.all([strings, style("remember.css")]);

/** A node; text among the children stays text, and only `link` sets an address. */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if ((value ?? false) !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => (child ?? false) !== false));
  return node;
}

/** Text that people wrote, in whatever direction it runs. */
export const theirs = (text, tag = "span") => h(tag, { dir: "auto" }, text);

const UNITS = { year: 365, month: 30, week: 7, day: 1, hour: 1 / 24, minute: 1 / 1440 };

/** How the codes and dates of a document read in one language. */
export class Words {
  constructor(language) {
    const base = language.slice(0, 2).toLowerCase();
    this.base = ["en", "es", "de", "fr"].includes(base) ? base : "en";
    // "en" alone writes 29 Jun, which nobody reads as another day.
    this.locale = base !== this.base || language === "en" ? "en-GB" : language;
    this.relative = new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" });
  }

  has(key) {
    return key in table;
  }

  /** The text of a key; of "once|twice|{n} times" the form for `n`; {name} is filled in. */
  say(key, values = {}) {
    const forms = (table[key]?.[this.base] ?? key).split("|");
    const form = forms[Math.min(values.n || 1, forms.length) - 1];
    return form.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  /** The text of a code, or the code itself where it is new to this table. */
  code(family, code) {
    const key = `${family}.${code}`;
    return this.has(key) ? this.say(key) : code.replaceAll("_", " ");
  }

  /** What to say, and do, when the service refuses or is away. */
  fault({ status, offline, type = "" }) {
    const why = type.endsWith(":claimed") ? "claimed" : offline ? "offline" : status;
    return this.say(this.has(`error.${why}`) ? `error.${why}` : "error.other");
  }

  /** So many days ago (ahead when negative), in the largest unit of which there are two. */
  ago(days, smallest = "day") {
    const fits = ([unit, size]) => unit === smallest || Math.abs(days) >= 2 * size;
    const [unit, size] = Object.entries(UNITS).find(fits);
    return this.relative.format(-Math.trunc(days / size), unit);
  }

  /** A date as people say it: the year only where it is another than today's. */
  day(on, today) {
    const year = on.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
    const format = { day: "numeric", month: "short", year, timeZone: "UTC" };
    return new Intl.DateTimeFormat(this.locale, format).format(new Date(on));
  }

  /** A day, and how far off it is. */
  when(on, today) {
    const days = daysBetween(on, today);
    return Math.abs(days) <= 1 ? this.ago(days) : `${this.day(on, today)}, ${this.ago(days)}`;
  }

  /** A kind, and whose it is, without anything that was said. */
  kind(kind, relation) {
    const who = relation && relation !== "self" && this.code("relation", relation);
    const owned = who && this.has(`kind.${kind}.of`);
    return owned ? this.say(`kind.${kind}.of`, { who }) : this.code("kind", kind);
  }

  /** How regularly somebody is in touch. */
  rhythm({ every_days: days, weekday }) {
    const near = { 6: 7, 8: 7, 13: 14, 15: 14 }[days] ?? days;
    const key = near >= 28 ? "rhythm.28" : `rhythm.${near}`;
    const often = this.has(key) ? this.say(key) : this.say("rhythm.n", { n: near });
    if (!weekday) return often;
    const long = { weekday: "long", timeZone: "UTC" };
    const day = new Date(Date.UTC(2024, 0, weekday)); // the first of January was a Monday
    return this.say("rhythm.on", { often, day: day.toLocaleDateString(this.locale, long) });
  }

  /** How many days something takes. */
  days(n) {
    const days = { style: "unit", unit: "day", unitDisplay: "long" };
    return new Intl.NumberFormat(this.locale, days).format(n);
  }
}

/** Whole days from one date to another. */
export const daysBetween = (from, to) => Math.round((new Date(to) - new Date(from)) / 86_400_000);

/** The base: a shadow root with the sheet, `language`, and events for the host. */
export class RememberElement extends HTMLElement {
  static observedAttributes = ["language"];

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [sheet];
    this.words = new Words(document.documentElement.lang || "en");
  }

  attributeChangedCallback(name, before, language) {
    if (!language || before === language) return;
    this.words = new Words(language);
    if (this.isConnected) this.render();
  }

  /** What is pressed rather than seen first: its code need not be there for a brief to be. */
  async follow() {
    parts ??= await import("./remember-later.js");
    return parts;
  }

  /** A place for nodes of what follows: at once where it is there. */
  later(build, place = h("div")) {
    const fill = () => place.replaceChildren(...build(parts, place));
    const fail = () => place.replaceChildren(this.words.say("error.offline"));
    if (parts) fill();
    else this.follow().then(() => place.isConnected && fill(), fail);
    return place;
  }

  /** Tells the host; false when it has taken the matter over (`preventDefault`). */
  emit(name, detail) {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
    );
  }

  /** A link that the host may open its own way; plain text where the address is no web page. */
  link(text, url, kind, ref) {
    if (!/^https?:\/\//i.test(url ?? "")) return theirs(text);
    const onclick = (event) => {
      if (!this.emit("remember-open", { url, kind, ref })) event.preventDefault();
    };
    const target = { href: url, target: "_blank", rel: "noopener noreferrer", dir: "auto" };
    return h("a", { ...target, onclick }, text);
  }

  button(key, onclick, attributes) {
    return h("button", { type: "button", ...attributes, onclick }, this.words.say(key));
  }
}
