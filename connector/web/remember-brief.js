/**
 * <remember-brief language="en" scheme="light|dark">: who is calling, in ten seconds.
 *
 * Property `client` (a RememberClient); methods show, pick, ring, clear and note. Attribute `state`:
 * idle, loading, unclaimed, several, none, hidden, one, verified, offline or error; `call`: ringing,
 * answered or ended. Events: remember-open {url, kind, ref}, which opens a new tab unless its
 * default is prevented, remember-prefer {agent, customer, ticket}, remember-resize {height}.
 */

import { RememberElement, h, theirs } from "./remember-element.js";
import { number } from "./remember-lines.js";
import { opening, row } from "./remember-rows.js";

const SECTIONS = [
  ...["adjustments", "care", "context", "missed", "you", "last", "promises", "open", "before"],
  ...["preferred_agent", "check", "suggestions"],
];
const CARE = ["bereavement", "health", "family_care", "hardship", "feeling"];
const AGAIN_MS = 3000; // then a service that was away is asked again
const AWHILE_MS = 1000;
const REMEMBERED = 20; // briefs for when the service is away: in memory, never on disk

class RememberBrief extends RememberElement {
  #rings = null;
  #asked = 0;
  #kept = new Map();
  #problem = null;
  #parts = null;
  #note = null;

  /** What the brief is about, as it was asked for, and the brief, once it is there. */
  subject = {};
  brief = null;

  connectedCallback() {
    if (this.#parts) return;
    const call = h("p", { class: "call" });
    const tools = h("div", { class: "tools" });
    const banner = h("p", { class: "banner", hidden: true });
    const body = h("div", { class: "body" });
    const live = h("p", { class: "unseen", role: "status" });
    this.#parts = { call, tools, banner, body, live };
    this.shadowRoot.append(h("header", {}, call, tools), banner, body, live);
    const resized = () => this.emit("remember-resize", { height: Math.ceil(this.offsetHeight) });
    new ResizeObserver(resized).observe(this);
    addEventListener("online", () => this.#problem?.offline && this.#load());
    this.setAttribute("state", "idle");
    this.render();
  }

  get state() {
    return this.getAttribute("state") ?? "idle";
  }

  /** Whom an action is about, and on which call. */
  get about() {
    const { ring, ticket } = this.subject;
    return { customer: this.brief.customer.ref, ...(ring ? { ring } : ticket && { ticket }) };
  }

  get onCall() {
    return Boolean(this.subject.ring ?? this.subject.ticket);
  }

  get today() {
    const at = this.brief ? new Date(this.brief.as_of) : new Date();
    return at.toLocaleDateString("sv"); // as 2026-07-07
  }

  /** Shows the brief of {ring | ticket | customer | phone | email}; the latest asked wins. */
  show(subject) {
    const again = this.brief && JSON.stringify(subject) === JSON.stringify(this.subject);
    if (!again) this.turn(subject, "loading");
    return this.#load();
  }

  /** Shows what was picked by a press, and takes the focus along from what was pressed. */
  async pick(subject) {
    await this.show(subject);
    this.#focusName();
  }

  clear() {
    this.turn({}, "idle");
  }

  /** Takes an event of the stream. A call that is under way gives way to no other. */
  async ring(event) {
    await this.follow();
    this.#rings.take(event);
  }

  /** Opens the note, where there is somebody to note it of. */
  async note() {
    await this.follow();
    this.#note.begin();
  }

  async follow() {
    const found = await super.follow();
    this.#rings ??= new found.Rings(this, this.#parts);
    this.#note ??= new found.Note(this, this.#parts);
    return found;
  }

  /** Tells a screen reader, without taking the focus. */
  announce(text) {
    this.#parts.live.textContent = text;
  }

  /** Is about another subject from now on, of which nothing is known yet. */
  turn(subject, state) {
    this.#asked += 1;
    this.#rings?.turned(subject);
    this.subject = subject;
    this.brief = this.#problem = null;
    this.#enter(state);
  }

  async #load(ask = () => this.client.brief(this.subject)) {
    const asked = (this.#asked += 1);
    const key = JSON.stringify(this.subject);
    const answer = await ask().catch((error) => ({ error }));
    if (asked !== this.#asked) return;
    const { error, match, customer, verified } = answer;
    if (error) return this.#fail(error, key, asked);
    this.#problem = null;
    this.#kept.delete(key);
    this.#kept.set(key, answer);
    if (this.#kept.size > REMEMBERED) this.#kept.delete(this.#kept.keys().next().value);
    this.brief = answer;
    this.#enter(verified && customer ? "verified" : match.outcome);
    // After the frame that shows it.
    requestAnimationFrame(() => setTimeout(() => {
      performance.mark("remember-brief-painted");
      this.follow();
    }));
  }

  #fail(error, key, asked) {
    const again = this.#problem?.offline && error.offline;
    this.#problem = error;
    if (error.offline) setTimeout(() => asked === this.#asked && this.#load(), AGAIN_MS);
    this.brief = error.offline ? (this.#kept.get(key) ?? null) : null;
    const state = this.brief ? "offline" : "error";
    if (again && state === this.state) return; // what is on screen says so already
    if (error.type?.endsWith(":unclaimed")) this.#enter("unclaimed");
    else if (error.type?.endsWith(":claimed") && this.#rings) this.#rings.lose();
    else this.#enter(state);
  }

  #enter(state) {
    const before = this.state;
    this.setAttribute("state", state);
    this.render();
    if (state === before || state === "idle" || state === "loading") return;
    const { customer, match } = this.brief ?? {};
    const values = { name: customer?.name ?? "", n: match?.candidates.length };
    const call = this.#rings?.state === "ringing" ? `${this.words.say("call.ringing")}. ` : "";
    this.announce(call + this.words.say(`said.${state}`, values));
  }

  render() {
    if (!this.#parts) return;
    const { body, banner } = this.#parts;
    const offline = this.state === "offline";
    const more = body.querySelector(".more")?.open;
    body.setAttribute("aria-busy", this.state === "loading");
    body.replaceChildren(...(this.brief?.customer ? this.#known(more) : [this.#unknown()]));
    banner.hidden = !offline;
    if (offline) this.later(({ away }) => away(this), banner);
    this.#note?.render();
    this.#rings?.render();
    this.#tools();
  }

  #tools() {
    const { banner, tools } = this.#parts;
    if (tools.lang !== this.words.locale) {
      tools.lang = this.words.locale;
      const onchange = () => this.follow().then(({ verify }) => verify(this, tick, banner));
      const tick = h("input", { type: "checkbox", onchange });
      const keys = { "aria-keyshortcuts": "n", title: "n" };
      const note = this.button("note", () => this.note(), keys);
      tools.replaceChildren(note, h("label", {}, tick, this.words.say("verified")));
    }
    const label = tools.lastChild;
    tools.classList.toggle("away", !this.brief?.customer);
    label.hidden = !this.onCall;
    label.firstChild.checked = Boolean(this.brief?.verified);
    label.firstChild.ariaDisabled = String(label.firstChild.checked); // it stays so for this call
  }

  /** A button that asks anew; it goes with the answer, and the focus goes to the name. */
  asking(key, ask) {
    return this.button(key, async () => {
      await this.#load(ask);
      this.#focusName();
    });
  }

  #focusName() {
    this.shadowRoot.querySelector("h2")?.focus();
  }

  #unknown() {
    if (this.state === "loading") return h("div", { class: "bones", "aria-hidden": "true" });
    if (this.state === "idle" && !this.#rings) return this.#waiting();
    return this.later(({ unknown }) => unknown(this, this.state, this.#problem));
  }

  /** Whoever is about nobody for a while has time for what else there is. */
  #waiting() {
    const idle = () => this.state === "idle" && !this.#rings;
    const look = () => idle() && this.follow().then(() => this.render());
    setTimeout(look, AWHILE_MS);
    return h("p", { class: "soft" }, this.words.say("idle"));
  }

  #known(more) {
    const { words, brief } = this;
    const first = [];
    const rest = [];
    for (const section of SECTIONS) {
      const entries = [brief[section] ?? []].flat();
      if (section === "care") entries.push(...this.#veiled());
      const seen = entries.filter((entry, n) => (
        section === "last" ? !brief.you : (entry.first_view ?? n === 0)));
      first.push(...row(this, section, seen));
      rest.push([section, entries.filter((entry) => !seen.includes(entry))]);
    }
    if (!first.length) first.push(h("p", { class: "soft" }, words.say("empty")));
    const all = (parts) => parts.more(this, rest);
    return [
      ...this.#who(brief.customer),
      h("div", { class: "rows" }, first),
      opening(this, words.say("more"), all, { class: "more", open: more }),
    ];
  }

  #who({ ref, name, url, pronunciation: how, organization, since, rhythm }) {
    const { words } = this;
    const title = name ?? number(ref);
    const told = [
      how && words.say("pronounced", { how }),
      organization,
      words.say("since", { year: since.slice(0, 4) }),
      rhythm && words.rhythm(rhythm),
    ];
    return [
      h("h2", { title, dir: "auto", tabindex: -1 }, this.link(title, url, "customer", ref)),
      h("p", { class: "meta" }, told.filter(Boolean).map((one) => theirs(one))),
    ];
  }

  /** How much care there is, as long as nothing of it may be shown. */
  #veiled() {
    const cares = (one) => one.why === "unverified" && CARE.includes(one.kind);
    const n = this.brief.withheld.filter(cares).reduce((sum, one) => sum + one.count, 0);
    return n ? [{ n, veiled: true, first_view: true }] : [];
  }
}

customElements.define("remember-brief", RememberBrief);
