/**
 * <remember-day language="en" scheme="light|dark">: an agent's own day and regulars, for that
 * agent's eyes only. Property `client` (a RememberClient); method show(date), of today without
 * one. A name is a link: event remember-open {url, kind: "customer" | "ticket", ref}.
 */

import { RememberElement, h, style, theirs } from "./remember-element.js";

await style("remember-day.css");

class RememberDay extends RememberElement {
  #day = null;
  #regulars = [];
  #failed = null;
  #asked = 0;

  connectedCallback() {
    new ResizeObserver(() => {
      this.emit("remember-resize", { height: Math.ceil(this.offsetHeight) });
    }).observe(this);
    this.render();
  }

  /** Shows a day such as 2026-07-07; today without one. */
  async show(on) {
    const asked = (this.#asked += 1);
    try {
      const [day, { regulars }] = await Promise.all([
        this.client.ask(`agents/me/day${on ? `?on=${on}` : ""}`),
        this.client.ask("agents/me/regulars"),
      ]);
      if (asked !== this.#asked) return;
      [this.#day, this.#regulars, this.#failed] = [day, regulars, null];
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#failed = error;
    }
    this.render();
  }

  clear() {
    this.#asked += 1;
    [this.#day, this.#regulars, this.#failed] = [null, [], null];
    this.render();
  }

  render() {
    const { words } = this;
    const parts = [];
    if (this.#failed) {
      const again = this.button("retry", () => this.show(this.#day?.on));
      parts.push(h("p", { role: "alert" }, words.fault(this.#failed), " ", again));
    }
    if (this.#day) parts.push(...this.#talks(), ...this.#known());
    this.shadowRoot.replaceChildren(h("div", { class: "day" }, parts));
  }

  #talks() {
    const { words } = this;
    const talks = this.#day.conversations;
    const remember = talks.filter((one) => one.remember.length);
    const others = talks.filter((one) => !one.remember.length);
    return [
      h("h2", {}, words.say("day")),
      h("p", { class: "soft" }, words.say(talks.length ? "day.yours_alone" : "day.none")),
      ...this.#calls(),
      ...this.#group("day.remember", remember.map((one) => this.#talk(one))),
      ...this.#group("day.others", others.map((one) => this.#talk(one))),
    ];
  }

  #calls() {
    const { words } = this;
    return this.#group("day.calls", this.#day.rings.map((one) => this.#line(one.at, [
      this.#name(one.customer ?? { name: words.say("day.someone") }, one),
      one.state === "ended" && !one.answered
        && [" ", h("span", { class: "age" }, words.say("day.unanswered"))],
      one.state !== "ended" && [" ", h("span", { class: "mark" }, words.say(`call.${one.state}`))],
    ])));
  }

  #known() {
    const { words } = this;
    const regulars = this.#regulars.map((one) => this.#regular(one));
    const none = regulars.length ? [] : [h("p", { class: "soft" }, words.say("regulars.none"))];
    return [h("h2", {}, words.say("regulars")), ...none, h("ul", {}, regulars)];
  }

  #group(title, lines) {
    return lines.length ? [h("h3", {}, this.words.say(title)), h("ul", {}, lines)] : [];
  }

  #line(at, text) {
    return h("li", { class: "talk" },
      h("time", { datetime: at }, this.#time(at)), h("div", {}, text));
  }

  #time(at) {
    const short = { timeStyle: "short" };
    return new Intl.DateTimeFormat(this.words.locale, short).format(new Date(at));
  }

  /** A name; in the list of calls the brief of the call itself, as long as it lasts. */
  #name({ ref, name, url }, call) {
    const text = name ?? ref;
    if (!this.hasAttribute("pick")) return h("strong", {}, this.link(text, url, "customer", ref));
    const live = call && call.state !== "ended";
    if (!live && !ref) return theirs(text);
    const picked = live ? { ring: call.ring } : { customer: ref };
    const pick = () => this.emit("remember-pick", picked);
    return h("button", { type: "button", class: "name", onclick: pick }, theirs(text));
  }

  #talk(one) {
    const { words } = this;
    const title = one.hidden ? words.code("title", one.title) : one.title;
    const told = [words.code("channel", one.channel)];
    if (one.minutes >= 1) told.push(`${Math.round(one.minutes)}\u00a0min`);
    if (one.outcome) told.push(words.code("outcome", one.outcome));
    const mark = (code) => h("span", { class: "mark" }, words.code("remember", code));
    const marks = one.remember.map(mark);
    return this.#line(one.at, [
      this.#name(one.customer),
      h("div", {}, theirs(title), " ", h("span", { class: "age" }, told.join(", "))),
      marks.length ? h("div", {}, marks) : null,
    ]);
  }

  #regular(one) {
    const { words } = this;
    const today = this.#day.on;
    const talks = words.say("regulars.talks", { n: one.times, day: words.day(one.last_on, today) });
    const note = h("span", { class: "hint" });
    const tell = async () => {
      const verdict = one.offered ? "do_not_offer" : "offer_again";
      try {
        await this.client.ask("feedback", { verdict, customer: one.customer.ref });
      } catch (error) {
        note.textContent = words.fault(error);
        return;
      }
      one.offered = !one.offered;
      line.replaceWith(this.#regular(one));
    };
    const line = h("li", { class: "regular" },
      h("div", {}, this.#name(one.customer), " ",
        h("span", { class: "age" }, talks), " ",
        one.preferred && h("span", { class: "mark" }, words.say("regulars.preferred"))),
      this.button(one.offered ? "not_me" : "offer_again", tell), note);
    return line;
  }
}

customElements.define("remember-day", RememberDay);
