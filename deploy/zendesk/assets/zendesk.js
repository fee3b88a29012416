/** The side of the app that faces Zendesk: who is looking, sizes, colours, ways to its pages. */

import { RememberClient, RememberError } from "./remember-client.js";
import { Words } from "./remember-element.js";

const PATIENCE_MS = 1500; // for the page in the background, which may have to open a session first
const CHANGING = ["notes", "verifications", "feedback"];
const WAYS = { ticket: "ticket", customer: "user", merge: "user" };

/** The number behind a ref of Zendesk, such as zendesk:8831; else null. */
export const idOf = (ref) => /^zendesk:(\d+)$/.exec(ref ?? "")?.[1] ?? null;

/** Begins in one of Zendesk's locations; null where this page is shown by nobody of Zendesk's. */
export async function start() {
  const zaf = globalThis.ZAFClient?.init();
  if (!zaf) return null;
  const wanted = ["currentUser.id", "currentUser.locale"];
  const [context, metadata, user] = await Promise.all([
    zaf.context(),
    zaf.metadata(),
    zaf.get(wanted),
  ]);
  return new Desk(zaf, context, metadata.settings, user);
}

/** One page of the app, in one of Zendesk's locations. */
export class Desk {
  #zaf;
  #settings;
  #agent;
  #heard = [];
  #endings = [];
  #height = 0;
  #signed;
  #last = "";

  constructor(zaf, context, settings, user) {
    this.#zaf = zaf;
    this.#settings = settings;
    this.#agent = `zendesk:${user["currentUser.id"]}`;
    this.#signed = JSON.parse(document.getElementById("signed")?.textContent || "null");
    this.location = context.location;
    this.guid = context.instanceGuid;
    this.language = user["currentUser.locale"] || "en";
    document.documentElement.lang = this.language;
    for (const name of ["colorScheme", "colorScheme.changed"]) {
      this.on(name, (scheme) => this.#paint(scheme?.colorScheme ?? scheme));
    }
    this.get("colorScheme").then(([scheme]) => this.#paint(scheme));
    this.on("app.willDestroy", () => this.leave());
  }

  /** Talks to the service, and tells the app's other pages of what has changed. */
  client() {
    const server = this.#signed ? location.origin : this.#settings.server_url;
    const openSession = () => this.#session();
    return new TellingClient(this, { server, openSession, language: this.language });
  }

  /** Makes elements of ours at home here; what they link to, Zendesk opens. */
  host(client, ...elements) {
    for (const element of elements) {
      element.setAttribute("language", this.language);
      document.title = element.words.say("host.title");
      document.querySelector("h1").textContent = document.title;
      element.setAttribute("scheme", document.documentElement.dataset.scheme);
      element.client = client;
      element.addEventListener("remember-open", (event) => {
        const [way, id] = [WAYS[event.detail.kind], idOf(event.detail.ref)];
        if (!way || !id) return; // the link opens in a tab of its own
        event.preventDefault();
        this.route(way, id);
      });
    }
  }

  on(name, handler) {
    this.#zaf.on(name, handler);
    this.#heard.push([name, handler]);
  }

  /** Asks to be called when Zendesk takes this page away. */
  leaving(handler) {
    this.#endings.push(handler);
  }

  /** Stops listening. The SDK would pass over handlers that follow one which is taken off. */
  leave() {
    for (const end of this.#endings.splice(0)) end();
    for (const [name, handler] of this.#heard.splice(0)) this.#zaf.off(name, handler);
  }

  /** Values of Zendesk's page; null for each that this location does not have. */
  async get(...paths) {
    const found = await this.#zaf.get(paths).catch(() => ({}));
    return paths.map((path) => found[path] ?? null);
  }

  set(path, value) {
    return this.#zaf.set(path, value);
  }

  /** Asks Zendesk to do something, and says whether it did. */
  invoke(...action) {
    return this.#zaf.invoke(...action).then(
      () => true,
      () => false,
    );
  }

  /** Opens a page of Zendesk's; where that is refused, the agent is told. */
  async route(way, id) {
    if (!(await this.invoke("routeTo", way, id))) this.complain("error.other");
  }

  /** Opens where a conversation can be handed over: its ticket, else the customer's page. */
  routeTo({ customer, ticket }) {
    const [way, ref] = ticket ? ["ticket", ticket] : ["user", customer];
    this.route(way, idOf(ref));
  }

  complain(key) {
    this.invoke("notify", new Words(this.language).say(key), "error");
  }

  /** Gives the page the height of what it shows; nothing while it is not on screen. */
  resize(height, width = "100%") {
    if (!height || height === this.#height) return;
    this.#height = height;
    this.invoke("resize", { width, height: `${height}px` });
  }

  /** The app's other pages in this tab, of the given locations or of all. */
  async others(...locations) {
    const [instances] = await this.get("instances");
    return Object.entries(instances ?? {})
      .filter(([guid, one]) => guid !== this.guid && has(locations, one.location))
      .map(([guid]) => this.#zaf.instance(guid));
  }

  /** Sends them an event, and says how many there are. */
  async tell(name, message, ...locations) {
    const others = await this.others(...locations);
    for (const other of others) other.trigger(name, message);
    return others.length;
  }

  /** What the page in the background knows: {session, rings, caller}; null where it is silent. */
  async hello() {
    if (this.location === "background") return null;
    let welcome;
    const answer = new Promise((resolve) => {
      welcome = resolve;
      setTimeout(resolve, PATIENCE_MS, null);
    });
    this.#zaf.on("remember.welcome", welcome);
    const asked = await this.tell("remember.hello", { guid: this.guid }, "background");
    const known = asked ? await answer : null;
    this.#zaf.off("remember.welcome", welcome);
    return known;
  }

  /** Answers another page's hello. */
  welcome(guid, known) {
    this.#zaf.instance(guid).trigger("remember.welcome", known);
  }

  async #session() {
    const session = this.#signed
      ? await this.#given(this.#signed)
      : ((await this.#shared()) ?? (await this.#asserted()));
    this.#last = session.bearer;
    return session;
  }

  /** The session that came with the page, where the service served it; then those of its pass. */
  async #given({ session, pass, problem }) {
    if (problem) throw new RememberError(problem.status, problem);
    return session.bearer === this.#last ? renewed(pass) : session;
  }

  /** The session of the page in the background: it saves a way through Zendesk's proxy. */
  async #shared() {
    const session = (await this.hello())?.session;
    return session && session.bearer !== this.#last ? session : null;
  }

  /** A session on the app's word. The token stays in Zendesk's servers, which fill it in. */
  async #asserted() {
    const answer = await this.#zaf
      .request({
        url: `${this.#settings.server_url.replace(/\/+$/, "")}/v1/sessions`,
        type: "POST",
        contentType: "application/json",
        data: JSON.stringify({ proof: "asserted", agent: this.#agent }),
        headers: { Authorization: "Bearer {{setting.api_token}}" },
        secure: true,
      })
      .catch((refused) => {
        throw new RememberError(refused?.status ?? 0, refused?.responseJSON);
      });
    return typeof answer === "string" ? JSON.parse(answer) : answer;
  }

  #paint(scheme) {
    if (scheme !== "light" && scheme !== "dark") return;
    document.documentElement.dataset.scheme = scheme;
    for (const element of document.querySelectorAll("[scheme]")) {
      element.setAttribute("scheme", scheme);
    }
  }
}

/** Another session of a page that Zendesk had opened with a signed request. */
async function renewed(pass) {
  const body = JSON.stringify({ pass });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/zendesk/session", { method: "POST", headers, body }).catch(() => {
    throw new RememberError(0);
  });
  if (answer.ok) return answer.json();
  throw new RememberError(answer.status, await answer.json().catch(() => ({})));
}

const has = (locations, location) => locations.length === 0 || locations.includes(location);

/** A client whose answers the app's other pages profit from. */
class TellingClient extends RememberClient {
  #desk;
  customer = null; // who was shown last
  subject = null; // what was asked of for that

  constructor(desk, options) {
    super(options);
    this.#desk = desk;
  }

  /** The brief; whom a ring turned out to be from, the sidebars learn as well. */
  async brief(subject) {
    this.subject = subject;
    const brief = await super.brief(subject);
    this.customer = brief.customer?.ref ?? null;
    if (subject.ring && this.customer) {
      this.#desk.tell("remember.caller", { ring: subject.ring, customer: this.customer });
    }
    return brief;
  }

  async ask(path, body) {
    const answer = await super.ask(path, body);
    const customer = body?.customer ?? this.customer;
    if (CHANGING.includes(path) && customer) this.#desk.tell("remember.changed", { customer });
    return answer;
  }
}
