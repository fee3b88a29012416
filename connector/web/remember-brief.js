/**
 * <remember-brief language="en" scheme="light|dark">: who is calling, in ten seconds.
 *
 * Property `client` (a RememberClient); methods show(subject), ring(event), clear(), note().
 * Attribute `state`: idle, loading, unclaimed, several, none, hidden, one, verified, offline or
 * error; `call`: ringing, answered or ended. Events: remember-open {url, kind, ref},
 * remember-prefer {agent, customer, ticket}, remember-resize {height}. A host that handles
 * remember-open calls preventDefault; else the link opens in a new tab.
 */

import { RememberElement, h, theirs } from "./remember-element.js";
import { TEXTS, number } from "./remember-lines.js";

const SECTIONS = [
  ...["adjustments", "care", "context", "missed", "you", "last", "promises", "open", "before"],
  ...["preferred_agent", "check", "suggestions"],
];
const CARE = ["bereavement", "health", "family_care", "hardship", "feeling"];
const VERDICTS = ["helped", "wrong", "outdated", "unwanted"];
const REMEMBERED = 20; // briefs for when the service is away: in memory, never on disk

class RememberBrief extends RememberElement {
  #subject = {};
  #brief = null;
  #ring = null; // on screen
  #waiting = null; // rings meanwhile
  #asked = 0;
  #kept = new Map();
  #problem = null;
  #noted = null; // whom the open note is about
  #parts = null;

  connectedCallback() {
    if (this.#parts) return;
    this.#parts = {
      call: h("p", { class: "call" }),
      tools: h("div", { class: "tools" }),
      form: h("form", { class: "note", hidden: true, onsubmit: (event) => this.#save(event) }),
      banner: h("p", { class: "banner", hidden: true }),
      body: h("div", { class: "body" }),
      live: h("p", { class: "unseen", role: "status" }),
    };
    const { call, tools, ...below } = this.#parts;
    this.shadowRoot.append(h("header", {}, call, tools), ...Object.values(below));
    this.shadowRoot.addEventListener("keydown", (event) => this.#key(event));
    const resized = () => this.emit("remember-resize", { height: Math.ceil(this.offsetHeight) });
    new ResizeObserver(resized).observe(this);
    addEventListener("online", () => this.state === "offline" && this.#load());
    this.setAttribute("state", "idle");
    this.render();
  }

  get state() {
    return this.getAttribute("state") ?? "idle";
  }

  /** Shows the brief of {ring | ticket | customer | phone | email}; the latest asked wins. */
  show(subject) {
    if (subject.ring !== this.#ring?.ring) this.#ring = null;
    this.#subject = subject;
    this.#brief = null;
    this.#enter("loading");
    return this.#load();
  }

  clear() {
    this.#asked += 1;
    this.#subject = {};
    this.#brief = this.#ring = this.#waiting = null;
    this.#enter("idle");
  }

  /** Takes an event of the stream. A call that is under way gives way to no other. */
  ring(event) {
    const ours = event.state === "ringing" || event.yours;
    const same = event.ring === this.#ring?.ring;
    if (!same && event.ring === this.#waiting?.ring) this.#waiting = null;
    if (!same && (event.state === "ended" || !ours)) return this.#callLine();
    const busy = this.#ring && this.#ring.state !== "ended";
    if (!same && busy && event.state === "ringing") this.#waiting = event;
    else if (!same) this.#begin(event);
    else if (event.state === "ended" && this.#waiting) this.#begin(this.#waiting);
    else if (!ours && event.state === "answered") this.#lose();
    else if (this.state === "unclaimed" && event.state === "ended") this.clear();
    else if (this.state === "unclaimed" && !event.unclaimed) {
      if (event.yours) this.#begin(event);
      else this.#lose();
    } else this.#ring = event;
    this.#callLine();
  }

  #begin(event) {
    performance.mark("remember-ring");
    if (event === this.#waiting) this.#waiting = null;
    this.#ring = event;
    if (!event.unclaimed) return void this.show({ ring: event.ring });
    this.#asked += 1;
    this.#subject = { ring: event.ring };
    this.#brief = null;
    this.#enter("unclaimed");
  }

  #lose() {
    const next = this.#waiting;
    this.clear();
    if (next) this.#begin(next);
    else this.#say("taken");
  }

  /** Opens the note, where there is somebody to note it of. */
  note() {
    const { form } = this.#parts;
    const { customer } = this.#brief ?? {};
    if (form.hidden && customer) {
      this.#noted = { ...this.#about, name: customer.name ?? number(customer.ref) };
      form.hidden = false;
      this.#noteForm();
    }
    form.elements.words?.focus();
  }

  async #load(ask = () => this.client.brief(this.#subject)) {
    const asked = (this.#asked += 1);
    const key = JSON.stringify(this.#subject);
    const answer = await ask().catch((error) => ({ error }));
    if (asked !== this.#asked) return;
    const { error } = answer;
    this.#problem = error;
    if (error) {
      this.#brief = error.offline ? (this.#kept.get(key) ?? null) : null;
      const unclaimed = error.type?.endsWith(":unclaimed") && "unclaimed";
      return this.#enter(unclaimed || (this.#brief ? "offline" : "error"));
    }
    this.#kept.delete(key);
    this.#kept.set(key, answer);
    if (this.#kept.size > REMEMBERED) this.#kept.delete(this.#kept.keys().next().value);
    this.#brief = answer;
    this.#enter(answer.verified && answer.customer ? "verified" : answer.match.outcome);
    // After the frame that shows it.
    requestAnimationFrame(() => setTimeout(() => performance.mark("remember-brief-painted")));
  }

  #enter(state) {
    const before = this.state;
    this.setAttribute("state", state);
    this.render();
    if (state !== before && state !== "idle" && state !== "loading") this.#say(state);
  }

  /** Tells a screen reader, without taking the focus. */
  #say(key) {
    const { customer, match } = this.#brief ?? {};
    const values = { name: customer?.name ?? "", n: match?.candidates.length ?? 0 };
    const said = this.words.say(`said.${key}`, values);
    if (this.#ring?.state !== "ringing") this.#parts.live.textContent = said;
    else this.#parts.live.textContent = `${this.words.say("call.ringing")}. ${said}`;
  }

  /** Whom an action is about, and on which call. */
  get #about() {
    const { ring, ticket } = this.#subject;
    return { customer: this.#brief.customer.ref, ...(ring ? { ring } : ticket && { ticket }) };
  }

  get #onCall() {
    return Boolean(this.#subject.ring ?? this.#subject.ticket);
  }

  #key(event) {
    const typing = event.target.matches("textarea, [type=search]");
    if (event.key === "Escape" && !this.#parts.form.hidden) this.#closeNote();
    if (event.key !== "n" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.note();
  }

  render() {
    if (!this.#parts) return;
    const { body, banner, form } = this.#parts;
    const { state } = this;
    const known = Boolean(this.#brief?.customer);
    const more = known && body.querySelector(".more")?.open;
    body.setAttribute("aria-busy", state === "loading");
    body.replaceChildren(...(known ? this.#known(more) : this.#unknown(state)));
    banner.hidden = state !== "offline";
    if (state === "offline") {
      const age = this.words.ago((Date.now() - Date.parse(this.#brief.as_of)) / 86_400_000, "minute");
      banner.replaceChildren(`${this.words.say("offline", { age })} `, this.#retry());
    }
    if (!form.hidden && form.lang !== this.words.locale) this.#noteForm();
    this.#tools(known);
    this.#callLine();
  }

  #callLine() {
    if (!this.#parts) return;
    const ring = this.#ring;
    if (ring) this.setAttribute("call", ring.state);
    else this.removeAttribute("call");
    const dialled = ring?.direction === "outbound" && ring.state === "ringing";
    const next = () => {
      const current = this.#ring;
      this.#begin(this.#waiting);
      if (current.state !== "ended") this.#waiting = current;
      this.#callLine();
    };
    this.#parts.call.replaceChildren(
      ring ? this.words.say(`call.${dialled ? "dialled" : ring.state}`) : "",
      this.#waiting ? this.button("another", next) : "",
    );
  }

  #tools(known) {
    const { tools } = this.#parts;
    if (tools.lang !== this.words.locale) {
      tools.lang = this.words.locale;
      const tick = h("input", { type: "checkbox", onchange: () => this.#verify(tick) });
      tools.replaceChildren(
        this.button("note", () => this.note(), { "aria-keyshortcuts": "n", title: "n" }),
        h("label", {}, tick, this.words.say("verified")),
      );
    }
    tools.classList.toggle("away", !known);
    const [, label] = tools.children;
    label.hidden = !this.#onCall;
    const verified = Boolean(this.#brief?.verified);
    label.firstChild.checked = verified;
    label.firstChild.ariaDisabled = String(verified); // what is verified stays so for this call
  }

  async #verify(tick) {
    tick.checked = true;
    if (this.#brief.verified) return;
    await this.#act(this.#parts.banner, () => this.client.verify(this.#about), () => this.#load());
    if (!this.#brief?.verified) tick.checked = false;
  }

  /** Does what was asked, and says beside it when that failed. */
  async #act(place, act, then) {
    try {
      await then(await act());
    } catch (error) {
      place.hidden = false;
      place.replaceChildren(h("span", { role: "alert" }, this.words.fault(error)));
    }
  }

  #retry() {
    return this.button("retry", () => this.#load());
  }

  #noteForm() {
    const { form } = this.#parts;
    const { words } = this;
    const draft = form.elements.words?.value ?? "";
    form.lang = words.locale;
    const title = words.say("note.of", { name: this.#noted.name });
    const text = h("textarea", { name: "words", rows: 3, maxlength: 2000, id: "words" });
    text.value = draft;
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    const hint = h("p", { class: "hint" });
    const hinted = () => {
      hint.textContent = words.say(/(^|\s)\?\w/u.test(text.value) ? "note.check" : "note.hint");
    };
    text.addEventListener("input", hinted);
    hinted();
    form.replaceChildren(
      h("label", { for: "words", dir: "auto" }, title),
      text,
      hint,
      h("div", { class: "acts" },
        h("button", {}, words.say("note.save")),
        this.button("note.close", () => this.#closeNote())),
    );
  }

  #closeNote() {
    this.#parts.form.hidden = true;
    this.#parts.tools.firstChild.focus();
  }

  #save(event) {
    event.preventDefault();
    const { form } = this.#parts;
    const { name, ...about } = this.#noted;
    const text = form.elements.words.value.trim();
    if (!text) return this.#closeNote();
    this.#act(form.querySelector(".hint"), () => this.client.note(text, about), () => {
      form.elements.words.value = "";
      this.#closeNote();
      this.#parts.live.textContent = this.words.say("said.noted", { name });
      if (about.customer === this.#brief?.customer?.ref) return this.#load();
    });
  }

  // Nobody on screen

  #unknown(state) {
    const { words } = this;
    if (state === "loading") return [h("div", { class: "bones", "aria-hidden": "true" })];
    if (state === "idle") return [h("p", { class: "soft" }, words.say("idle")), this.#search()];
    const { candidates = [] } = this.#brief?.match ?? {};
    const parts = [h("h2", {}, words.say(`${state}.title`, { n: candidates.length }))];
    if (state === "error") return [...parts, h("p", {}, this.words.fault(this.#problem)), this.#retry()];
    parts.push(h("p", { class: "soft" }, words.say(`${state}.help`)));
    if (state === "unclaimed") {
      const claim = () => this.#load(() => this.client.claim(this.#subject.ring));
      return [...parts, this.button("claim", claim)];
    }
    if (candidates.length) parts.push(this.#people(candidates), this.#same(candidates));
    return [...parts, ...this.#row("suggestions", this.#brief.suggestions), this.#search()];
  }

  #people(candidates) {
    const { words } = this;
    const { ring, ticket } = this.#subject;
    const on = { ...(ring && { ring }), ...(ticket && { ticket }) };
    return h("ul", { class: "people" }, candidates.map((one) => {
      const last = one.last_contact_on;
      const when = last && words.say("last_contact", { day: words.day(last, this.#today) });
      const about = [one.organization, when].filter(Boolean).join(" · ");
      const pick = () => this.show({ ...on, customer: one.ref });
      return h("li", {},
        h("button", { type: "button", onclick: pick, dir: "auto" },
          theirs(one.name ?? number(one.ref), "strong"), theirs(about)));
    }));
  }

  #same(candidates) {
    const boxes = candidates.map(({ ref: value }) => (
      h("input", { type: "checkbox", value, checked: candidates.length === 2 })));
    const note = h("p", { class: "hint", hidden: true });
    const say = () => {
      const [customer, other, third] = boxes.filter((box) => box.checked).map((box) => box.value);
      note.hidden = false;
      if (!other || third) return void (note.textContent = this.words.say("same.two"));
      const tell = () => this.client.feedback("same_person", { customer, other });
      this.#act(note, tell, () => {
        note.textContent = this.words.say("same.noted");
        this.emit("remember-open", { url: null, kind: "merge", ref: customer, other });
      });
    };
    return h("details", { class: "same" },
      h("summary", {}, this.words.say("same.title")),
      candidates.map((one, index) => h("label", {}, boxes[index], theirs(one.name ?? one.ref))),
      this.button("same.say", say), note);
  }

  /** A search for a customer; with `about`, in what this one told. */
  #search(about) {
    const { words } = this;
    const found = h("div", { class: "found", "aria-live": "polite" });
    const label = words.say(about ? "recall" : "search");
    const input = h("input", { type: "search", id: "search", maxlength: 200, required: true });
    const onsubmit = (event) => {
      event.preventDefault();
      const ask = () => (
        about ? this.client.recall(input.value, about) : this.client.customers(input.value));
      this.#act(found, ask, (answer) => {
        const { customers, hits = [], like_issues: like = [] } = answer;
        const parts = customers?.length ? [this.#people(customers)]
          : [...this.#row("hits", hits), ...this.#row("like_issues", like)];
        found.replaceChildren(...(parts.length ? parts : [words.say("nothing")]));
      });
    };
    return h("form", { class: "search", role: "search", onsubmit },
      h("label", { for: "search" }, label), input, h("button", {}, words.say("find")), found);
  }

  // Somebody on screen

  get #today() {
    const at = this.#brief ? new Date(this.#brief.as_of) : new Date();
    return at.toLocaleDateString("sv");
  }

  #known(more) {
    const { words } = this;
    const brief = this.#brief;
    const first = [];
    const rest = [];
    for (const section of SECTIONS) {
      const entries = [brief[section] ?? []].flat();
      const seen = entries.filter((entry, index) => (
        section === "last" ? !brief.you : (entry.first_view ?? index === 0)));
      const counted = section === "care" && !entries.length ? this.#counted() : [];
      first.push(...this.#row(section, seen), ...counted);
      rest.push(...this.#row(section, entries.filter((entry) => !seen.includes(entry))));
    }
    if (!first.length) first.push(h("p", { class: "soft" }, words.say("empty")));
    const { phone, email } = brief.customer;
    rest.push(...this.#row("reach", [phone, email].filter(Boolean)));
    rest.push(...this.#row("withheld", brief.withheld));
    return [
      ...this.#who(brief.customer),
      h("div", { class: "rows" }, first),
      h("details", { class: "more", open: more },
        h("summary", {}, words.say("more")), rest, this.#search(this.#about)),
    ];
  }

  #who(customer) {
    const { words } = this;
    const { rhythm } = customer;
    const told = [
      customer.pronunciation && words.say("pronounced", { how: customer.pronunciation }),
      customer.organization,
      customer.since && words.say("since", { year: customer.since.slice(0, 4) }),
      rhythm && words.rhythm(rhythm),
    ];
    const name = customer.name ?? number(customer.ref);
    return [
      h("h2", { title: name, dir: "auto" },
        this.link(name, customer.url, "customer", customer.ref)),
      h("p", { class: "meta" }, told.filter(Boolean).map((one) => theirs(one))),
    ];
  }

  /** How much care there is, as long as nothing of it may be shown. */
  #counted() {
    const counts = this.#brief.withheld.filter(
      (one) => one.why === "unverified" && CARE.includes(one.kind));
    const n = counts.reduce((sum, one) => sum + one.count, 0);
    return n ? this.#row("care", [{ n, once_verified: true }]) : [];
  }

  /** A label and its lines; nothing where there are none. */
  #row(section, entries) {
    if (!entries.length) return [];
    const label = this.words.say(`label.${section}`);
    const lines = section === "missed" ? [this.#missed(entries)]
      : entries.map((entry) => this.#line(section, entry));
    return [h("section", { class: `row ${section}` }, h("h3", {}, label), h("ul", {}, lines))];
  }

  #line(section, entry) {
    const text = TEXTS[section](entry, this.words, this.#today);
    if (section === "open") return h("li", {}, this.link(text[0], entry.url, "ticket", entry.ticket), text.slice(1));
    if (section === "suggestions") return h("li", {}, text, " ", this.#copy(entry.text));
    if (section === "preferred_agent") return h("li", {}, text, " ", this.#prefer(entry));
    return this.#opening(text, entry);
  }

  #missed(entries) {
    const evidence = entries.flatMap((one) => one.evidence);
    return this.#opening([TEXTS.missed(entries, this.words, this.#today)], { evidence });
  }

  /** A line that opens to its evidence, and to what may be said of it. */
  #opening(text, entry) {
    const { memory, evidence = [], hidden, once_verified: veiled } = entry;
    if (!memory && !evidence.length && !veiled) return h("li", {}, text);
    const inside = h("div", { class: "inside" });
    const ontoggle = () => inside.childNodes.length || inside.append(...this.#inside(entry, line));
    const line = h("li", {},
      h("details", { ontoggle }, h("summary", {}, text), inside));
    line.classList.toggle("hidden", Boolean(hidden || veiled));
    return line;
  }

  #inside(entry, line) {
    const { memory, evidence = [], hidden, once_verified: veiled } = entry;
    const { words } = this;
    const told = evidence.map((one) => this.#evidence(one));
    if (veiled || (hidden && !(this.#brief.verified && this.#onCall))) {
      return [h("p", { class: "hint" }, words.say("reveal.first"))];
    }
    const note = h("p", { class: "hint", hidden: true });
    if (hidden) {
      const show = () => this.#act(note, () => this.client.reveal(memory, this.#about), (answer) => {
        const shown = { memory, evidence: answer.evidence };
        const quote = answer.evidence.length ? [] : [theirs(answer.quote, "blockquote")];
        line.querySelector(".inside").replaceChildren(...quote, ...this.#inside(shown, line));
      });
      told.push(this.button("reveal", show));
    }
    const judge = (verdict) => () => {
      this.#act(note, () => this.client.feedback(verdict, { memory }), () => {
        line.classList.toggle("gone", verdict !== "helped");
        note.hidden = false;
        note.textContent = words.say(verdict === "helped" ? "thanks" : "corrected");
      });
    };
    const verdicts = memory ? VERDICTS.map((one) => this.button(`verdict.${one}`, judge(one))) : [];
    return [...told, h("div", { class: "acts" }, verdicts), note];
  }

  #copy(text) {
    const button = this.button("copy", async () => {
      await copied(text);
      button.textContent = this.#parts.live.textContent = this.words.say("copied");
    });
    return button;
  }

  #prefer({ agent, is_you: you }) {
    const { customer } = this.#about;
    const ticket = this.#subject.ticket ?? null;
    if (!you) return this.button("prefer", () => this.emit("remember-prefer", { agent, customer, ticket }));
    const note = h("span", { class: "hint", hidden: true });
    const decline = () => this.#act(note,
      () => this.client.feedback("do_not_offer", { customer }),
      () => { note.hidden = false; note.textContent = this.words.say("not_offered"); });
    return [this.button("not_me", decline), note];
  }

  #evidence(one) {
    const { words } = this;
    const { role, name } = one.author;
    const how = role === "customer" && /voice|phone/.test(one.channel) ? "said" : role;
    const who = words.say(`by.${how}`, { name: name ?? words.say(`role.${role}`) });
    const where = `${words.day(one.said_on, this.#today)} · ${words.code("channel", one.channel)}`;
    return h("figure", {},
      theirs(one.quote, "blockquote"),
      h("figcaption", {}, theirs(who), ` · ${where} · `,
        this.link(number(one.ticket), one.url, "ticket", one.ticket)));
  }
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

customElements.define("remember-brief", RememberBrief);
