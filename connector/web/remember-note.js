/** A quick note: one key away, kept with whom it was begun for, whoever calls meanwhile. */

import { act } from "./remember-acting.js";
import { h } from "./remember-element.js";
import { number } from "./remember-lines.js";

export class Note {
  #host;
  #about = null;
  #name = "";
  #text = h("textarea", { name: "words", id: "words", rows: 3, maxlength: 2000 });
  #hint = h("p", { class: "hint" });
  #node;
  #opener;

  /** Of a brief: above its banner, opened with a key or by the first of its tools. */
  constructor(host, { banner, tools }) {
    this.#host = host;
    this.#opener = tools;
    this.#node = h("form", { class: "note", hidden: true, onsubmit: (event) => this.#save(event) });
    banner.before(this.#node);
    host.shadowRoot.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#hinted());
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#node.requestSubmit();
    });
  }

  get #open() {
    return !this.#node.hidden;
  }

  #key(event) {
    const typing = event.target.matches("textarea, [type=search]");
    if (event.key === "Escape" && this.#open) this.#close();
    if (event.key !== "n" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.begin();
  }

  /** Opens it where there is somebody to note it of; one that is open stays with whom it is of. */
  begin() {
    const customer = this.#host.brief?.customer;
    if (customer && !this.#open) {
      if (customer.ref !== this.#about?.customer) this.#text.value = "";
      this.#about = this.#host.about;
      this.#name = customer.name ?? number(customer.ref);
      this.#node.hidden = false;
      this.render();
    }
    if (this.#open) this.#text.focus();
  }

  #close() {
    this.#node.hidden = true;
    this.#opener.firstChild.focus();
  }

  render() {
    if (!this.#open) return;
    const { words } = this.#host;
    const title = words.say("note.of", { name: this.#name });
    const save = h("button", {}, words.say("note.save"));
    const close = this.#host.button("note.close", () => this.#close());
    this.#hinted();
    this.#node.replaceChildren(
      h("label", { for: "words", dir: "auto" }, title),
      this.#text,
      this.#hint,
      h("div", { class: "acts" }, save, close),
    );
  }

  #hinted() {
    const marks = /(^|\s)\?\p{L}/u.test(this.#text.value);
    this.#hint.textContent = this.#host.words.say(marks ? "note.check" : "note.hint");
  }

  #save(event) {
    event.preventDefault();
    const host = this.#host;
    const about = this.#about;
    const text = this.#text.value.trim();
    if (!text) return this.#close();
    const keep = () => host.client.ask("notes", { words: text, ...about });
    return act(host, this.#hint, keep, () => {
      this.#text.value = "";
      this.#close();
      host.announce(host.words.say("said.noted", { name: this.#name }));
      if (about.customer === host.brief?.customer?.ref) host.show(host.subject);
    });
  }
}
