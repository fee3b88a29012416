/**
 * One session for all frames of an agent's browser: Freshworks lets an app ask another server
 * fifty times a minute for a whole account, and every ticket that is opened loads a frame anew.
 *
 * A session waits in the tab's storage for the next frame, and is lent to other tabs of the same
 * agent; whoever finds none opens one, one frame at a time. Where a browser forbids any of this,
 * the frame keeps its session to itself.
 */

import { RememberError } from "../assets/remember-client.js";

const NAME = "remember-session";
const LEFT_MS = 90_000; // less is not worth handing on
const PATIENCE_MS = 1000; // for a tab that said it would lend its own

/**
 * Returns the function that a RememberClient asks for sessions. `request` opens one: it is given
 * the body of POST /v1/sessions. Asked again for what it gave, it takes that for refused.
 */
export function sessions(agent, request) {
  const shelf = shelfOf(agent);
  let given = null;
  let opening = null;

  const usable = (session) => isWhole(session) && session.bearer !== given;

  async function obtain() {
    const kept = shelf.read();
    const found = usable(kept) ? kept : await borrowed(agent, usable);
    const session = found ?? (await request({ proof: "asserted", agent }));
    shelf.keep(session);
    if (!given) lend(agent, shelf);
    given = session.bearer;
    return session;
  }

  return () => {
    opening ??= alone(obtain).finally(() => {
      opening = null;
    });
    return opening;
  };
}

function isWhole(session) {
  return Boolean(session?.bearer) && Date.parse(session.expires_at) - Date.now() > LEFT_MS;
}

/** What is kept for the frames that come after this one; in this frame alone where it must be. */
function shelfOf(agent) {
  const name = `${NAME}:${agent}`;
  let own = null;
  return {
    keep(session) {
      own = session;
      attempt(() => sessionStorage.setItem(name, JSON.stringify(session)));
    },
    read: () => attempt(() => JSON.parse(sessionStorage.getItem(name))) ?? own,
  };
}

/** The value, or null where the browser does not allow it. */
function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

/** The names of the locks that frames of the app hold; null where the browser has none for us. */
function locksHeld() {
  const asked = attempt(() => navigator.locks.query()) ?? Promise.reject(new Error("no locks"));
  return asked.then(({ held }) => held.map(({ name }) => name)).catch(() => null);
}

/** Runs one at a time among all frames of the app, where that can be had. */
async function alone(work) {
  return (await locksHeld()) ? navigator.locks.request(NAME, work) : work();
}

/** Answers other tabs as long as this frame lives, which a lock tells them of. */
async function lend(agent, shelf) {
  const channel = attempt(() => new BroadcastChannel(NAME));
  if (!channel || !(await locksHeld())) return;
  channel.addEventListener("message", ({ data }) => {
    const session = data.wanted === agent ? shelf.read() : null;
    if (isWhole(session)) channel.postMessage({ lent: agent, session });
  });
  const forever = new Promise(() => null);
  navigator.locks.request(`${NAME}:${agent}`, { mode: "shared" }, () => forever);
}

/** A session of the same agent from another tab, or null. */
async function borrowed(agent, usable) {
  const held = (await locksHeld()) ?? [];
  if (!held.includes(`${NAME}:${agent}`)) return null;
  const channel = new BroadcastChannel(NAME);
  const lent = new Promise((resolve) => {
    setTimeout(() => resolve(null), PATIENCE_MS);
    channel.addEventListener("message", ({ data }) => {
      if (data.lent === agent && usable(data.session)) resolve(data.session);
    });
    channel.postMessage({ wanted: agent });
  });
  return lent.finally(() => channel.close());
}

/** Opens a session through the product, which adds the token that no browser may see. */
export async function throughProduct(product, body) {
  const answer = await product.request
    .invokeTemplate("openSession", { body: JSON.stringify(body) })
    .catch((refusal) => {
      throw new RememberError(Number(refusal?.status) || 0, problemOf(refusal));
    });
  return JSON.parse(answer.response);
}

function problemOf(refusal) {
  return attempt(() => JSON.parse(refusal.response)) ?? {};
}
