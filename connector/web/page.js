/** The page of its own: who calls, the day, a customer looked up; for an agent with a link. */

import "./remember-brief.js";
import "./remember-day.js";
import { RememberClient, answered } from "./remember-client.js";
import { Words } from "./remember-element.js";
import { listen } from "./remember-stream.js";

const LINK = "remember-link";
const PATIENCE_MS = 10_000;
const SETTLED_MS = 1500; // after a call: what there is to say of it is on its way

const find = (selector) => document.querySelector(selector);
const brief = find("remember-brief");
const day = find("remember-day");
const language = navigator.language || "en";
const words = new Words(language);

/** The secret of the sign-in link: out of the address at once, kept as long as the tab. */
function linkOf() {
  const given = new URLSearchParams(location.hash.slice(1)).get("link");
  if (given) {
    sessionStorage.setItem(LINK, given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(LINK);
}

function askForLink(key) {
  sessionStorage.removeItem(LINK);
  brief.hidden = day.hidden = find("#who").hidden = true;
  brief.clear();
  day.clear();
  entitle({});
  find("#sign-in").hidden = false;
  find("#sign-in h2").textContent = words.say(key);
  find("#sign-in p").textContent = words.say("page.how");
}

/** A session on the word of a sign-in link. */
async function openSession(token) {
  const answer = await answered(
    fetch("/v1/sessions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ proof: "link", token }),
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
  return answer.json();
}

async function begin(token) {
  const client = new RememberClient({
    language,
    openSession: () => openSession(token),
  });
  let stop = () => {};
  const leave = (key) => {
    stop();
    askForLink(key);
  };
  const lost = (error) => {
    if (error.status === 401 || error.status === 403) leave("page.ended");
    else find("#lost").textContent = words.say("page.lost");
  };

  brief.client = day.client = client;
  brief.hidden = day.hidden = false;
  find("#leave").onclick = () => leave("page.sign_in");
  stop = listen(client, {
    ring(event) {
      brief.ring(event);
      entitle(event);
      later();
    },
    open() {
      find("#lost").textContent = "";
      day.show();
    },
    lost,
  });
  try {
    const { agent } = await client.session();
    find("#agent").textContent = agent.name ?? agent.ref;
    find("#who").hidden = false;
  } catch (error) {
    lost(error);
  }
}

let waiting;
function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => day.show(), SETTLED_MS);
}

/** In the tab's title it says that it rings, and not who. */
function entitle({ state }) {
  const ringing = state === "ringing" ? `${words.say("call.ringing")} · ` : "";
  document.title = `${ringing}remember-them`;
}

brief.addEventListener("remember-prefer", () => {
  // Calls are handed over in the telephone, tickets in the helpdesk: its page of the customer.
  const { url } = brief.brief.customer;
  if (/^https?:/.test(url)) open(url, "_blank", "noopener");
});
day.addEventListener("remember-pick", (event) => {
  brief.pick(event.detail);
  brief.scrollIntoView({ block: "nearest" });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "n" || event.target !== document.body) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  brief.note();
});
addEventListener("hashchange", () => linkOf() && location.reload());

find("#find").onclick = () => {
  brief.clear(); // without a call it begins with the search
  brief.focus();
};
document.documentElement.lang = words.base;
find("#find").textContent = words.say("page.find");
find("#leave").textContent = words.say("page.leave");
for (const element of [brief, day]) element.setAttribute("language", language);
const link = linkOf();
if (link) begin(link);
else askForLink("page.sign_in");
