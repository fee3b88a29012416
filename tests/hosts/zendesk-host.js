/**
 * Hosts an app as Zendesk's agent page does, as far as the app can see: iframes in locations,
 * messages with each (see zaf_sdk.js), panes of the top bar that are loaded when first opened.
 *
 * `begin` says which app, whose page and what its tickets are; `journal` keeps what the app asked
 * of it. A request with `secure: true` goes to `window.proxy`, which stands for Zendesk's servers:
 * the page itself, as in Zendesk, never holds a secure setting.
 */
const host = {
  journal: [],
  instances: new Map(),
  tickets: {},
  refused: [], // paths that cannot be set, as where an agent may not assign tickets

  begin({ scheme = "light", width = 320, ...told }) {
    Object.assign(host, { scheme, width, ...told });
    document.body.className = scheme;
    for (const one of ["background", "top_bar"]) if (host.pages[one]) host.open(one);
  },

  /** A new instance in a location; its values are what `get` finds there. */
  open(location, values = {}) {
    const guid = crypto.randomUUID();
    host.instances.set(guid, { guid, location, values, frame: null, ready: false, heard: {} });
    if (location !== "top_bar") host.load(guid);
    return guid;
  },

  /** Puts an instance's iframe into the page, as Zendesk does with a pane only when it is opened. */
  load(guid) {
    const one = host.instances.get(guid);
    if (one.frame) return;
    one.frame = document.createElement("iframe");
    Object.assign(one.frame, { name: guid, title: one.location });
    one.frame.width = one.location === "top_bar" ? 360 : host.width;
    one.frame.height = 400;
    one.frame.hidden = ["background", "top_bar"].includes(one.location);
    const page = new URL(host.pages[one.location], host.app);
    page.searchParams.set("origin", location.origin);
    page.searchParams.set("app_guid", guid);
    page.searchParams.set("colorScheme", host.scheme);
    document.body.append(one.frame);
    if (host.signed) host.post(page, one.frame.name);
    else one.frame.src = page;
  },

  /** The first request of a signed page: a form, with the token in the field `token`. */
  async post(page, target) {
    const form = document.createElement("form");
    Object.assign(form, { method: "POST", action: page, target });
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "token" });
    field.value = await window.sign();
    form.append(field);
    document.body.append(form);
    form.submit();
    form.remove();
  },

  close(guid) {
    host.fire("app.willDestroy", null, guid);
    setTimeout(() => {
      host.instances.get(guid).frame.remove();
      host.instances.delete(guid);
    }, 50);
  },

  find: (location) => [...host.instances.values()].filter((one) => one.location === location),

  /** Sends an event to every instance that listens to it, or to one. */
  fire(name, message, guid) {
    for (const one of guid ? [host.instances.get(guid)] : host.instances.values()) {
      if (one?.ready && one.heard[name] > 0) host.send(one, { key: `zaf.${name}`, message });
    }
  },

  change(guid, path, value) {
    host.instances.get(guid).values[path] = value;
    host.fire(`${path}.changed`, value, guid);
  },

  paint(scheme) {
    host.scheme = scheme;
    document.body.className = scheme;
    host.fire("colorScheme.changed", scheme);
  },

  send(one, message) {
    one.frame.contentWindow.postMessage(JSON.stringify(message), new URL(host.app).origin);
  },

  get(one, path) {
    const common = {
      "currentUser.id": host.agent.id,
      "currentUser.locale": host.agent.locale,
      "currentUser.email": host.agent.email,
      colorScheme: host.scheme,
    };
    if (path === "instances") {
      const all = [...host.instances.values()];
      const told = ({ guid, location }) => [guid, { instanceGuid: guid, location }];
      return Object.fromEntries(all.map(told));
    }
    return common[path] ?? one.values[path];
  },

  do: {
    resize: (one, { width, height }) => {
      one.frame.height = parseInt(height, 10);
      if (width.endsWith("px")) one.frame.width = parseInt(width, 10);
    },
    notify: () => {},
    track: () => {}, // the SDK tells of clicks
    preloadPane: (one) => host.lazy || host.load(one.guid),
    routeTo: (one, kind, id) => {
      if (kind === "user") host.open("user_sidebar", { "user.id": Number(id) });
      else host.open("ticket_sidebar", { "ticket.id": Number(id), ...host.tickets[id] });
    },
    popover: (one, how = "toggle") => {
      host.load(one.guid);
      const before = one.frame.hidden;
      // A size opens the pane as well: nobody documents that it does not.
      one.frame.hidden = how === "toggle" ? !before : how === "hide";
      if (before && !one.frame.hidden) host.fire("pane.activated", null, one.guid);
    },
  },
};

const ANSWERS = {
  get(one, paths) {
    const result = { errors: {} };
    for (const path of paths) {
      const value = host.get(one, path);
      if (value === undefined) result.errors[path] = { name: "APIError", message: "unknown path" };
      else result[path] = value;
    }
    return result;
  },
  set(one, values) {
    const result = { errors: {} };
    for (const path of Object.keys(values)) {
      const may = one.location.endsWith("ticket_sidebar") && !host.refused.includes(path);
      if (may) one.values[path] = values[path];
      else result.errors[path] = { name: "APIError", message: "cannot be set here" };
    }
    return result;
  },
  invoke(one, actions) {
    const result = { errors: {} };
    for (const [name, values] of Object.entries(actions)) {
      if (host.do[name]) host.do[name](one, ...values);
      else result.errors[name] = { name: "APIError", message: "unknown action" };
    }
    return result;
  },
};

async function requested(one, key, options) {
  const answer = await window.proxy(options);
  let read = answer.body;
  if ((answer.type ?? "").includes("json")) read = JSON.parse(answer.body);
  const response = { status: answer.status, responseText: answer.body, responseJSON: read };
  const [name, first] = answer.status < 300 ? ["done", read] : ["fail", response];
  const message = { responseArgs: [first, answer.status < 300 ? "success" : "error", response] };
  host.send(one, { key: `zaf.${key}.${name}`, message });
}

addEventListener("message", ({ data, origin, source }) => {
  if (origin !== new URL(host.app).origin) return;
  const told = JSON.parse(data);
  const one = host.instances.get(told.appGuid);
  if (source !== one?.frame?.contentWindow) return;
  const meant = host.instances.get(told.instanceGuid);
  if (told.request) {
    const kept = JSON.parse(JSON.stringify(told.params));
    host.journal.push({ by: one.location, on: meant.location, [told.request]: kept });
    const result = ANSWERS[told.request](meant, told.params);
    host.send(one, { id: told.id, result });
    return;
  }
  const [, verb, name] = /^iframe\.(on|off|trigger):(.+)$/.exec(told.key) ?? [];
  if (told.key === "iframe.handshake") {
    const context = { instanceGuid: one.guid, product: "support", location: one.location };
    const metadata = { appId: 1184, installationId: 7, settings: host.settings };
    host.send(one, { key: "zaf.app.registered", message: { metadata, context } });
    one.ready = true;
  } else if (told.key.startsWith("request:")) {
    host.journal.push({ by: one.location, request: told.message });
    requested(one, told.key, told.message);
  } else if (verb === "trigger") {
    host.journal.push({ by: one.location, on: meant?.location, trigger: { [name]: told.message } });
    if (meant) host.fire(name, told.message, meant.guid);
  } else if (verb) {
    one.heard[name] = told.message.subscriberCount;
  }
});

window.host = host;
