/**
 * <remember-brief language="en" scheme="light|dark">: who is calling, in ten seconds.
 *
 * Property `client` (a RememberClient); methods show(subject), pick(subject),
 * ring(event), clear(), note().
 * Attribute `state`: idle, loading, unclaimed, several, none, hidden, one, verified, offline or
 * error; `call`: ringing, answered or ended. Events: remember-open {url, kind, ref},
 * remember-prefer {agent, customer, ticket}, remember-resize {height}. A host that handles
 * remember-open calls preventDefault; else the link opens in a new tab.
 */

import { RememberElement, h, theirs } from "./remember-element.js";
import { people, samePerson, search } from "./remember-finding.js";
import { number } from "./remember-lines.js";
import { Note } from "./remember-note.js";
import { row } from "./remember-rows.js";

const SECTIONS = [
  ...["adjustments", "care", "context", "missed", "you", "last", "promises", "open", "before"],
  ...["preferred_agent", "check", "suggestions"],
];
const CARE = ["bereavement", "health", "family_care", "hardship", "feeling"];
const AGAIN_MS = 3000; // then a service that was away is asked again
const REMEMBERED = 20; // briefs for when the service is away: in memory, never on disk

class RememberBrief extends RememberElement {
  #ring = null; // on screen
  #waiting = new Map(); // rings that wait for it to end, by key
  #asked = 0;
  #kept = new Map();
  #problem = null;
  #parts = null;
  #note = new Note(this);

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
    this.shadowRoot.append(h("header", {}, call, tools), this.#note.node, banner, body, live);
    this.shadowRoot.addEventListener("keydown", (event) => this.#key(event));
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
    if (!again) this.#turn(subject, "loading");
    return this.#load();
  }

  /** Shows what was picked by a press, and takes the focus along from what was pressed. */
  async pick(subject) {
    await this.show(subject);
    this.#focusName();
  }

  clear() {
    this.#ring = null;
    this.#waiting.clear();
    this.#turn({}, "idle");
  }

  /** Takes an event of the stream. A call that is under way gives way to no other. */
  ring(event) {
    const { ring, state, yours } = event;
    const ours = yours || state === "ringing";
    const same = ring === this.#ring?.ring;
    const busy = this.#ring && this.#ring.state !== "ended";
    this.#waiting.delete(ring);
    if (!same && state !== "ended" && ours) {
      if (busy && state === "ringing") this.#waiting.set(ring, event);
      else this.#begin(event);
    } else if (same) {
      this.#ring = event;
      const open = this.state === "unclaimed";
      if (state === "ended" && (open || this.#waiting.size)) this.#leave();
      else if (!yours && (state === "answered" || (open && !event.unclaimed))) this.#lose();
      else if (open && !event.unclaimed) this.#begin(event);
    }
    this.#callLine();
  }

  #begin(event) {
    performance.mark("remember-ring");
    this.#waiting.delete(event.ring);
    this.#ring = event;
    const subject = { ring: event.ring };
    if (event.unclaimed) this.#turn(subject, "unclaimed");
    else this.show(subject);
  }

  /** The ring that waits, if any, takes the place of the one on screen. */
  #leave() {
    const next = [...this.#waiting.values()].at(-1);
    if (next) this.#begin(next);
    else this.clear();
  }

  #lose() {
    this.#leave();
    if (this.#ring) return;
    const taken = this.words.say("error.claimed");
    this.#parts.banner.hidden = false;
    this.#parts.banner.textContent = taken;
    this.announce(taken);
  }

  /** Opens the note, where there is somebody to note it of. */
  note() {
    const customer = this.brief?.customer;
    this.#note.begin(customer && this.about, customer?.name ?? number(customer?.ref ?? ""));
  }

  closeNote() {
    this.#note.close();
    this.#parts.tools.firstChild.focus();
  }

  /** Does what was asked, then `then` with the answer; says beside it when that failed. */
  async act(place, ask, then) {
    const answer = await ask().catch((error) => ({ error }));
    if (!answer?.error) return then(answer);
    place.hidden = false;
    return place.replaceChildren(h("span", { role: "alert" }, this.words.fault(answer.error)));
  }

  /** Tells a screen reader, without taking the focus. */
  announce(text) {
    this.#parts.live.textContent = text;
  }

  #turn(subject, state) {
    this.#asked += 1;
    if (subject.ring !== this.#ring?.ring) this.#ring = null;
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
    requestAnimationFrame(() => setTimeout(() => performance.mark("remember-brief-painted")));
  }

  #fail(error, key, asked) {
    const again = this.#problem?.offline && error.offline;
    this.#problem = error;
    if (error.offline) setTimeout(() => asked === this.#asked && this.#load(), AGAIN_MS);
    this.brief = error.offline ? (this.#kept.get(key) ?? null) : null;
    const state = this.brief ? "offline" : "error";
    if (again && state === this.state) return; // what is on screen says so already
    if (error.type?.endsWith(":unclaimed")) this.#enter("unclaimed");
    else if (error.type?.endsWith(":claimed")) this.#lose();
    else this.#enter(state);
  }

  #enter(state) {
    const before = this.state;
    this.setAttribute("state", state);
    this.render();
    if (state === before || state === "idle" || state === "loading") return;
    const { customer, match } = this.brief ?? {};
    const values = { name: customer?.name ?? "", n: match?.candidates.length };
    const call = this.#ring?.state === "ringing" ? `${this.words.say("call.ringing")}. ` : "";
    this.announce(call + this.words.say(`said.${state}`, values));
  }

  #key(event) {
    const typing = event.target.matches("textarea, [type=search]");
    if (event.key === "Escape" && this.#note.open) this.closeNote();
    if (event.key !== "n" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.note();
  }

  render() {
    if (!this.#parts) return;
    const { body, banner } = this.#parts;
    const offline = this.state === "offline";
    const more = body.querySelector(".more")?.open;
    body.setAttribute("aria-busy", this.state === "loading");
    body.replaceChildren(...(this.brief?.customer ? this.#known(more) : this.#unknown(this.state)));
    banner.hidden = !offline;
    if (offline) {
      const days = (Date.now() - Date.parse(this.brief.as_of)) / 86_400_000;
      const age = this.words.ago(days, "minute");
      banner.replaceChildren(this.words.say("offline", { age }), " ", this.#retry());
    }
    if (this.#note.open) this.#note.render();
    this.#tools();
    this.#callLine();
  }

  #callLine() {
    const ring = this.#ring;
    if (ring) this.setAttribute("call", ring.state);
    else this.removeAttribute("call");
    const dialled = ring?.direction === "outbound" && ring.state === "ringing";
    const swap = () => {
      if (ring.state !== "ended") this.#waiting.set(ring.ring, ring);
      this.#begin([...this.#waiting.values()].findLast((one) => one !== ring));
    };
    this.#parts?.call.replaceChildren(
      ring ? this.words.say(`call.${dialled ? "dialled" : ring.state}`) : "",
      this.#waiting.size ? this.button("another", swap) : "",
    );
  }

  #tools() {
    const { tools } = this.#parts;
    if (tools.lang !== this.words.locale) {
      tools.lang = this.words.locale;
      const tick = h("input", { type: "checkbox", onchange: () => this.#verify(tick) });
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

  async #verify(tick) {
    tick.checked = true;
    if (this.brief.verified) return;
    await this.act(this.#parts.banner, () => this.client.verify(this.about), () => this.#load());
    tick.checked = Boolean(this.brief?.verified);
  }

  #retry() {
    return this.#loading("retry");
  }

  /** A button that asks anew; it goes with the answer, and the focus goes to the name. */
  #loading(key, ask) {
    return this.button(key, async () => {
      await this.#load(ask);
      this.#focusName();
    });
  }

  #focusName() {
    this.shadowRoot.querySelector("h2")?.focus();
  }

  #unknown(state) {
    const { words } = this;
    if (state === "loading") return [h("div", { class: "bones", "aria-hidden": "true" })];
    if (state === "idle") return [h("p", { class: "soft" }, words.say("idle")), search(this)];
    const candidates = this.brief?.match.candidates ?? [];
    const title = h("h2", { tabindex: -1 }, words.say(`${state}.title`, { n: candidates.length }));
    if (state === "error") return [title, h("p", {}, words.fault(this.#problem)), this.#retry()];
    const help = h("p", { class: "soft" }, words.say(`${state}.help`));
    if (state === "unclaimed") {
      const claim = () => this.client.claim(this.subject.ring);
      return [title, help, this.#loading("claim", claim)];
    }
    const who = candidates.length ? [people(this, candidates), samePerson(this, candidates)] : [];
    return [title, help, ...who, ...row(this, "suggestions", this.brief.suggestions), search(this)];
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
      rest.push(...row(this, section, entries.filter((entry) => !seen.includes(entry))));
    }
    if (!first.length) first.push(h("p", { class: "soft" }, words.say("empty")));
    const { phone, email } = brief.customer;
    rest.push(...row(this, "reach", [phone, email].filter(Boolean)));
    rest.push(...row(this, "withheld", brief.withheld));
    const summary = h("summary", {}, words.say("more"));
    return [
      ...this.#who(brief.customer),
      h("div", { class: "rows" }, first),
      h("details", { class: "more", open: more }, summary, rest, search(this, this.about)),
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
