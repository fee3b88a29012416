/** The calls of an agent, and which of them a <remember-brief> is about. */

/** One that is under way gives way to no other; rings meanwhile wait for its end. */
export class Rings {
  #brief;
  #current = null; // on screen
  #waiting = new Map(); // by key

  #call;
  #banner;

  /** Of a brief, with the places in it for the state of the call and for what went wrong. */
  constructor(brief, { call, banner }) {
    this.#brief = brief;
    this.#call = call;
    this.#banner = banner;
  }

  /** Takes an event of the stream. */
  take(event) {
    const { ring, state, yours } = event;
    const ours = yours || state === "ringing";
    const same = ring === this.#current?.ring;
    const busy = this.#current && this.#current.state !== "ended";
    this.#waiting.delete(ring);
    if (!same && state !== "ended" && ours) {
      if (busy && state === "ringing") this.#waiting.set(ring, event);
      else this.#begin(event);
    } else if (same) {
      this.#current = event;
      this.#goOn(event);
    }
    this.render();
  }

  #goOn({ state, yours, unclaimed }) {
    const open = this.#brief.state === "unclaimed";
    if (state === "ended" && (open || this.#waiting.size)) this.#leave();
    else if (!yours && (state === "answered" || (open && !unclaimed))) this.lose();
    else if (open && !unclaimed) this.#begin(this.#current);
  }

  #begin(event) {
    performance.mark("remember-ring");
    this.#waiting.delete(event.ring);
    this.#current = event;
    const subject = { ring: event.ring };
    if (event.unclaimed) this.#brief.turn(subject, "unclaimed");
    else this.#brief.show(subject);
  }

  /** The ring that waits, if any, takes the place of the one on screen. */
  #leave() {
    const next = [...this.#waiting.values()].at(-1);
    if (next) this.#begin(next);
    else this.#brief.clear();
  }

  /** Somebody else has the call that was on screen. */
  lose() {
    this.#leave();
    if (this.#current) return;
    this.#banner.hidden = false;
    this.#banner.textContent = this.#brief.words.say("error.claimed");
    this.#brief.announce(this.#banner.textContent);
  }

  /** The brief is about another subject now; without one, no call matters any more. */
  turned(subject) {
    if (subject.ring !== this.#current?.ring) this.#current = null;
    if (!Object.keys(subject).length) this.#waiting.clear();
  }

  /** How far the call on screen is; null where none is. */
  get state() {
    return this.#current?.state ?? null;
  }

  /** Says how far the call on screen is, and offers a way to one that waits. */
  render() {
    const brief = this.#brief;
    const ring = this.#current;
    if (ring) brief.setAttribute("call", ring.state);
    else brief.removeAttribute("call");
    const dialled = ring?.direction === "outbound" && ring.state === "ringing";
    this.#call.replaceChildren(
      ring ? brief.words.say(`call.${dialled ? "dialled" : ring.state}`) : "",
      this.#waiting.size ? brief.button("another", () => this.#swap()) : "",
    );
  }

  #swap() {
    const before = this.#current;
    if (before.state !== "ended") this.#waiting.set(before.ring, before);
    this.#begin([...this.#waiting.values()].findLast((one) => one !== before));
  }
}
