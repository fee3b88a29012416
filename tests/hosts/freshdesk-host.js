/**
 * A page of Freshdesk or Freshcaller with apps in it, for tests: it answers them as Freshworks'
 * documentation says the products do, refuses what it says they refuse, and writes all down.
 *
 * `/world.json` tells which frames there are: {location, url, data, width}. `journal` holds every
 * question as {location, method, args, refused}; `product` lets a test act as the agent.
 */
const FRESHDESK = {
  events: [],
  triggers: {
    click: ({ id, value }) => ["ticket", "contact"].includes(id) && Number.isInteger(value),
    showNotify: isNotice,
  },
};
const FRESHCALLER = { events: [], triggers: { showNotify: isNotice } };
const PLACES = {
  ticket_sidebar: FRESHDESK,
  new_ticket_requester_info: FRESHDESK,
  contact_sidebar: FRESHDESK,
  notification_card: FRESHCALLER,
  widget_notification_card: FRESHCALLER,
  conversation_card: {
    events: ["call.ended", "call.contactEdited", "call.linkedToAnotherContact", "call.holdToggled"],
    triggers: FRESHCALLER.triggers,
  },
  cti_global_sidebar: {
    events: ["cti.triggerDialer"],
    triggers: {
      ...FRESHDESK.triggers,
      show: ({ id }) => id === "softphone",
      hide: ({ id }) => id === "softphone",
    },
  },
};
const TALLEST = 700;

globalThis.journal = [];
globalThis.opened = [];
const frames = new Map();

function isNotice({ type, message }) {
  return ["info", "success", "warning", "danger", "alert"].includes(type) && Boolean(message);
}

const refuse = (message, status = 400) => {
  throw { status, message };
};

const answers = {
  initialized: () => ({}),
  "data.get"(frame, name) {
    if (!(name in frame.data)) refuse(`${name} is not to be had here`);
    return { [name]: frame.data[name] };
  },
  "events.on"(frame, name) {
    const known = ["app.activated", ...PLACES[frame.location].events];
    if (!known.includes(name)) refuse(`${name} does not happen here`);
    if (name === "app.activated") setTimeout(() => tell(frame, name, {}));
  },
  "iparams.get": () => ({}),
  "instance.context": (frame) => ({ instanceId: "1", location: frame.location }),
  "instance.resize"(frame, { height }) {
    const asked = Number.parseInt(height, 10);
    if (!/^\d+px$/.test(height) || asked > TALLEST) refuse("no such height");
    frame.element.style.height = height;
  },
  "interface.trigger"(frame, name, options) {
    const allowed = PLACES[frame.location].triggers[name];
    if (!allowed?.(options) || product.refused === name) refuse(`${name} cannot be done here`);
    if (name === "show") frame.element.hidden = false;
    if (name === "hide") frame.element.hidden = true;
    if (name === "click") opened.push(options);
  },
  async "request.invokeTemplate"(frame, name, options) {
    const body = JSON.stringify({ context: {}, ...options });
    const answer = await fetch(`/cloud/${name}`, { method: "POST", body });
    const told = await answer.json();
    if (told.status >= 400) throw told;
    return told;
  },
};

function tell(frame, event, data) {
  frame.element.contentWindow.postMessage({ event, data }, "*");
}

addEventListener("message", async ({ data: { id, method, args }, source }) => {
  const frame = [...frames.values()].find(({ element }) => element.contentWindow === source);
  const entry = { location: frame.location, method, args };
  journal.push(entry);
  try {
    source.postMessage({ id, result: await answers[method](frame, ...args) }, "*");
  } catch (error) {
    entry.refused = error.message ?? String(error.status);
    source.postMessage({ id, error }, "*");
  }
});

globalThis.product = {
  /** What the product refuses to do from now on, such as click. */
  refused: null,
  /** Lets something happen, such as call.ended, in one place. */
  happen: (location, event, data = {}) => tell(frames.get(location), event, data),
  /** The agent opens or closes the phone panel. */
  panel: (open) => {
    frames.get("cti_global_sidebar").element.hidden = !open;
  },
  /** The product knows something else from now on. */
  know: (location, data) => Object.assign(frames.get(location).data, data),
};

async function start() {
  const world = await (await fetch(`/world.json${location.search}`)).json();
  for (const frame of world) {
    const element = document.createElement("iframe");
    element.title = frame.location;
    element.hidden = frame.location === "cti_global_sidebar";
    element.src = frame.url;
    frames.set(frame.location, { ...frame, element });
    document.body.append(element);
  }
}

start();
