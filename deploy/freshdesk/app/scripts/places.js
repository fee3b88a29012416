/** The brief beside a ticket, beside a contact, and on Freshcaller's cards. */

import { listen } from "../assets/remember-stream.js";
import { furnish, numberIn, told } from "./freshdesk.js";

const WITHHELD = "anonymous"; // what the service takes for a hidden number
const OF_CUSTOMER = ["caller_number", "customer_number", "external_number"];

const refOf = (thing) => (thing?.id ? `freshdesk:${thing.id}` : null);

/** What each place is about, as <remember-brief> is asked; null where nobody is there yet. */
const SUBJECTS = {
  async ticket(product) {
    const ticket = refOf(await told(product, "ticket"));
    return ticket && { ticket };
  },
  async contact(product) {
    const customer = refOf(await told(product, "contact"));
    return customer && { customer };
  },
  async requester(product) {
    const customer = refOf((await told(product, "requester")) ?? (await told(product, "contact")));
    return customer && { customer };
  },
  ring: ofCaller,
  call: ofCaller,
};

async function ofCaller(product) {
  return { phone: (await callerOf(product)) ?? WITHHELD };
}

/**
 * The other end's number. A Freshcaller contact's id is not a Freshdesk contact's, and a call's
 * `phone_number` is the company's own line: neither says who is calling.
 */
async function callerOf(product) {
  const caller = numberIn(await told(product, "currentCaller"));
  if (caller) return caller;
  const call = await told(product, "currentCall");
  const parties = { ...(call?.participants ?? []) };
  return numberIn(call, OF_CUSTOMER) ?? numberIn(parties, OF_CUSTOMER);
}

/** Shows what the place is about: anew when that has changed, and only while `free`. */
function showing(product, brief, place, free) {
  let before = "";
  return async () => {
    const subject = await SUBJECTS[place](product);
    const now = JSON.stringify(subject);
    if (now === before || !free()) return;
    before = now;
    if (subject) brief.show(subject);
    else brief.clear();
  };
}

/** Whom a brief is about, to compare. */
const peopleOf = ({ match, customer }) =>
  JSON.stringify([match.outcome, customer?.ref, match.candidates.map(({ ref }) => ref)]);

/**
 * A card shows its caller by the number, at once. The service may hear of the same call from the
 * product's cloud: then the card follows that ring, so that "verified" has a call to hold for. The
 * ring tells no number: it is followed only where it is about the same people, since an earlier
 * call may not have been told to be over.
 */
function following(brief, subject) {
  const latest = new Map();
  const compared = new Set();
  let followed = null;

  const ask = async (question) => peopleOf(await brief.client.brief(await question));

  async function compare(ring) {
    if (compared.has(ring)) return;
    compared.add(ring);
    const found = await Promise.all([subject(), { ring }].map(ask)).catch(() => null);
    if (!found) compared.delete(ring);
    else if (!followed && found[0] === found[1]) follow(latest.get(ring));
  }

  function follow(event) {
    followed = event;
    brief.ring(event);
  }

  function heard(event) {
    latest.set(event.ring, event);
    if (followed?.ring === event.ring) follow(event);
    else if (event.yours && event.state !== "ended") compare(event.ring);
  }

  listen(brief.client, { ring: heard });
  return { follow, followed: () => followed };
}

/** While the call goes on, the product tells of its end and of another contact. */
function onCall(product, { follow, followed }, show) {
  product.events.on("call.ended", () => followed() && follow({ ...followed(), state: "ended" }));
  for (const name of ["call.contactEdited", "call.linkedToAnotherContact"]) {
    product.events.on(name, show);
  }
}

async function start() {
  const { place } = document.body.dataset;
  const product = await app.initialized();
  const card = SUBJECTS[place] === ofCaller;
  const brief = await furnish(product, { opens: !card });
  const ring = card ? following(brief, () => ofCaller(product)) : null;
  const show = showing(product, brief, place, () => !ring?.followed());
  if (place === "call") onCall(product, ring, show);
  if (card) await show();
  else product.events.on("app.activated", show);
}

start();
