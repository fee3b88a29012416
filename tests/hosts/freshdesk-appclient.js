/**
 * What `{{{appclient}}}` stands for, for tests: it speaks to the fake product page around it.
 * Only what Freshworks documents of its client is here.
 */
(() => {
  const waiting = new Map();
  const listeners = new Map();
  let asked = 0;

  function ask(method, ...args) {
    asked += 1;
    const id = asked;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      parent.postMessage({ id, method, args }, "*");
    });
  }

  addEventListener("message", ({ data, source }) => {
    if (source !== parent) return;
    if (data.event) {
      const helper = { getData: () => data.data };
      for (const hear of listeners.get(data.event) ?? []) hear({ type: data.event, helper });
      return;
    }
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) reject(data.error);
    else resolve(data.result);
  });

  const client = {
    data: { get: (name) => ask("data.get", name) },
    events: {
      on(name, hear) {
        listeners.set(name, [...(listeners.get(name) ?? []), hear]);
        ask("events.on", name).catch(() => null);
      },
    },
    iparams: { get: () => ask("iparams.get") },
    instance: {
      context: () => ask("instance.context"),
      resize: (size) => ask("instance.resize", size),
    },
    interface: { trigger: (name, options) => ask("interface.trigger", name, options) },
    request: { invokeTemplate: (name, options) => ask("request.invokeTemplate", name, options) },
  };

  globalThis.app = { initialized: () => ask("initialized").then(() => client) };
})();
