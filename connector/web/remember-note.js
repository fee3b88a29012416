/** A quick note: one key away, kept with whom it was begun for, whoever calls meanwhile. */

import { h } from "./remember-element.js";

export class Note {
  #host;
  #about = null;
  #name = "";
  #text = h("textarea", { name: "words", id: "words", rows: 3, maxlength: 2000 });
  #hint = h("p", { class: "hint" });

  constructor(host) {
    this.#host = host;
    this.node = h("form", { class: "note", hidden: true, onsubmit: (event) => this.#save(event) });
    this.#text.addEventListener("input", () => this.#hinted());
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.node.requestSubmit();
    });
  }

  get open() {
    return !this.node.hidden;
  }

  /** Opens it for `about`; one that is open stays with whom it is about. */
  begin(about, name) {
    if (about && !this.open) {
      if (about.customer !== this.#about?.customer) this.#text.value = "";
      this.#about = about;
      this.#name = name;
      this.node.hidden = false;
      this.render();
    }
    if (this.open) this.#text.focus();
  }

  close() {
    this.node.hidden = true;
  }

  render() {
    const { words } = this.#host;
    const title = words.say("note.of", { name: this.#name });
    const save = h("button", {}, words.say("note.save"));
    const close = this.#host.button("note.close", () => this.#host.closeNote());
    this.#hinted();
    this.node.replaceChildren(
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
    if (!text) return host.closeNote();
    const keep = () => host.client.note(text, about);
    return host.act(this.#hint, keep, () => {
      this.#text.value = "";
      host.closeNote();
      host.announce(host.words.say("said.noted", { name: this.#name }));
      if (about.customer === host.brief?.customer?.ref) host.show(host.subject);
    });
  }
}
