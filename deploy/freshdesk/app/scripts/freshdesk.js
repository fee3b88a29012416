/** What the Freshdesk apps do alike: find out who looks, and let the product open and resize. */

import { RememberClient } from "../assets/remember-client.js";
import "../assets/remember-brief.js";
import { Words } from "../assets/remember-element.js";
import { sessions, throughProduct } from "./sessions.js";

const TALLEST = 700; // pixels; the product shows no more
const PAGES = { ticket: "ticket", customer: "contact", merge: "contact" };
const NUMBERS = ["phone_number", "phoneNumber", "caller_number", "number", "mobile", "phone"];

/** One thing of the product's data, or null where this page has none. */
export async function told(product, name) {
  const answer = await product.data.get(name).catch(() => null);
  return answer?.[name] ?? answer;
}

/** The agent who is signed in to the product: {email, language}. */
async function agentOf(product) {
  const seen = (await told(product, "loggedInUser")) ?? (await told(product, "loggedInAgent"));
  const person = { ...seen, ...seen?.contact };
  return { email: String(person.email ?? "").toLowerCase(), language: person.language ?? "en" };
}

/** The first number in a thing, or in what lies directly in it; null where there is none. */
export function numberIn(thing, names = NUMBERS) {
  const all = [thing, ...Object.values(thing ?? {})];
  const parts = all.filter((part) => part && typeof part === "object");
  const values = parts.flatMap((part) => names.map((name) => part[name]));
  return values.map((value) => String(value ?? "")).find((value) => /\d/.test(value)) ?? null;
}

/**
 * Brings the page's elements to life, and returns its <remember-brief>. `opens`: whether the
 * product can open a ticket or a contact itself from here; elsewhere links open in a new tab.
 */
export async function furnish(product, { opens }) {
  const agent = await agentOf(product);
  const server = document.querySelector("meta[name=remember-server]").content;
  const open = sessions(agent.email, (body) => throughProduct(product, body));
  const words = new Words(agent.language);
  const complain = complaining(product, words);
  const client = new RememberClient({
    server,
    language: agent.language,
    openSession: () => open().catch(complain),
  });
  document.documentElement.lang = words.base;
  for (const element of document.querySelectorAll("remember-brief, remember-day")) {
    element.setAttribute("language", agent.language);
    element.client = client;
    if (opens) listen(product, element);
  }
  new ResizeObserver(fitting(product)).observe(document.body);
  return document.querySelector("remember-brief");
}

function listen(product, element) {
  element.addEventListener("remember-open", (event) => {
    event.preventDefault();
    const { kind, ref, url } = event.detail;
    openPage(product, PAGES[kind] ?? "contact", ref, url);
  });
  element.addEventListener("remember-prefer", (event) => {
    event.preventDefault();
    const { ticket, customer } = event.detail;
    openPage(product, ticket ? "ticket" : "contact", ticket ?? customer, null);
  });
}

/** Opens `freshdesk:123` the product's way; where it refuses, in a new tab. */
function openPage(product, id, ref, url) {
  const value = Number(String(ref).split(":").pop());
  product.interface.trigger("click", { id, value }).catch(() => {
    if (url) window.open(url, "_blank", "noopener");
  });
}

/** Asks for the height that the page has grown or shrunk to. */
function fitting(product) {
  let before = 0;
  return ([{ contentRect }]) => {
    const height = Math.min(Math.max(Math.ceil(contentRect.height), 1), TALLEST);
    if (height === before) return;
    before = height;
    product.instance.resize({ height: `${height}px` }).catch(() => null);
  };
}

/** Says in the product's own way that no session could be opened: once for each reason. */
function complaining(product, words) {
  let before = "";
  return (error) => {
    const message = error.hint ? `${error.message} ${error.hint}` : words.say(codeOf(error, words));
    const notice = { type: "danger", title: "remember-them", message };
    if (message !== before) product.interface.trigger("showNotify", notice).catch(() => null);
    before = message;
    throw error;
  };
}

function codeOf({ offline, status }, words) {
  const code = `error.${offline ? "offline" : status}`;
  return words.has(code) ? code : "error.other";
}
