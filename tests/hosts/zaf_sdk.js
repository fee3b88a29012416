/**
 * Stands in for Zendesk's SDK where there is no network: the same calls, the same messages.
 *
 * The messages are those of github.com/zendesk/zendesk_app_framework_sdk (lib/client.js): JSON
 * strings, from the iframe {key, message} or {id, request, params}, to it {id, result | error} or
 * {key: "zaf.<event>", message}.
 */
(() => {
  const pending = new Map();
  let numbers = 0;

  class Client {
    constructor(origin, guid, parent) {
      Object.assign(this, { origin, guid, parent, handlers: {}, instances: {}, updated: null });
      if (parent) return;
      this.root = new Promise((resolve) => this.on("app.registered", resolve));
      this.on("context.updated", (context) => (this.updated = context));
      addEventListener("message", (event) => this.#message(event));
      this.#post({ key: "iframe.handshake", message: { version: "2.0" } });
    }

    get #first() {
      return this.parent ?? this;
    }

    #post(message) {
      const whole = { ...message, appGuid: this.#first.guid, instanceGuid: this.guid };
      window.parent.postMessage(JSON.stringify(whole), this.origin);
    }

    #message(event) {
      if (event.origin !== this.origin || event.source !== window.parent) return;
      const data = JSON.parse(event.data);
      const waiting = pending.get(data.id);
      if (waiting) {
        pending.delete(data.id);
        if (data.error) waiting.reject(Object.assign(new Error(data.error.message), data.error));
        else waiting.resolve(data.result);
      } else if (data.key?.startsWith("zaf.")) {
        // On the list itself, as the SDK does: a handler that is taken off meanwhile shifts it.
        this.handlers[data.key.slice(4)]?.forEach((handler) => handler(data.message));
      }
    }

    #ask(request, params) {
      const id = (numbers += 1);
      const answer = new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
      this.#first.root.then(() => this.#post({ id, request, params }));
      return answer;
    }

    #later(key, message) {
      this.#first.root.then(() => this.#post({ key, message }));
    }

    #counted(verb, name) {
      const subscriberCount = this.handlers[name].length;
      if (name !== "app.registered") this.#later(`iframe.${verb}:${name}`, { subscriberCount });
    }

    on(name, handler) {
      (this.handlers[name] ??= []).push(handler);
      if (name !== "app.registered") this.#counted("on", name);
    }

    off(name, handler) {
      if (!this.handlers[name]) return false;
      if (this.has(name, handler)) this.handlers[name].splice(this.handlers[name].indexOf(handler), 1);
      this.#counted("off", name);
      return handler;
    }

    has(name, handler) {
      return this.handlers[name]?.includes(handler) ?? false;
    }

    trigger(name, data) {
      this.#later(`iframe.trigger:${name}`, data);
    }

    instance(guid) {
      const first = this.#first;
      if (guid === first.guid) return first;
      return (first.instances[guid] ??= new Client(first.origin, guid, first));
    }

    context() {
      return this.#first.root.then((data) => this.#first.updated ?? data.context);
    }

    metadata() {
      return this.#first.root.then((data) => data.metadata);
    }

    async get(paths) {
      const several = Array.isArray(paths);
      const found = await this.#ask("get", several ? paths : [paths]);
      return Client.#checked(several ? null : paths, found);
    }

    async set(key, value) {
      const found = await this.#ask("set", typeof key === "string" ? { [key]: value } : key);
      return Client.#checked(typeof key === "string" ? key : null, found);
    }

    async invoke(action, ...values) {
      const several = typeof action !== "string";
      const found = await this.#ask("invoke", several ? action : { [action]: values });
      return Client.#checked(several ? null : action, found);
    }

    /** One path alone throws what went wrong with it; several carry their errors along. */
    static #checked(path, found) {
      const error = path && found.errors?.[path];
      if (error) throw Object.assign(new Error(`"${path}" ${error.message}`), error);
      return found;
    }

    request(options) {
      const first = this.#first;
      const key = `request:${(numbers += 1)}`;
      return new Promise((resolve, reject) => {
        const over = (settle) => (event) => {
          first.off(`${key}.done`, done);
          first.off(`${key}.fail`, fail);
          settle(...event.responseArgs);
        };
        const done = over(resolve);
        const fail = over(reject);
        first.on(`${key}.done`, done);
        first.on(`${key}.fail`, fail);
        first.#later(key, typeof options === "string" ? { url: options } : options);
      });
    }
  }

  window.ZAFClient = {
    init() {
      const asked = new URLSearchParams(location.search || location.hash.slice(1));
      const [origin, guid] = [asked.get("origin"), asked.get("app_guid")];
      return origin && guid ? new Client(origin, guid, null) : false;
    },
  };
})();
