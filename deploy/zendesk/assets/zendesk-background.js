/** In the background of a tab: hears its agent's rings, once for all pages of the app. */

import { listen } from "./remember-stream.js";
import { start } from "./zendesk.js";

const REMEMBERED = 200; // rings: more than an agent has in a shift

const desk = await start();
if (desk) await attend();

async function attend() {
  const rings = new Map(); // those under way, by key
  const heard = new Set(); // the keys of all
  let caller = null;
  let complained = false;
  const client = desk.client();

  const told = async (event) => {
    const known = heard.has(event.ring);
    heard.add(event.ring);
    if (heard.size > REMEMBERED) heard.delete(heard.values().next().value);
    if (event.state === "ended") rings.delete(event.ring);
    else rings.set(event.ring, event);
    await desk.tell("remember.ring", event, "top_bar");
    if (!known && event.state !== "ended" && (event.state === "ringing" || event.yours)) {
      for (const bar of await desk.others("top_bar")) bar.invoke("popover", "show");
    }
  };
  const lost = (error) => {
    if (complained || ![401, 403].includes(error.status)) return;
    complained = true;
    desk.complain("host.signed_out");
  };

  desk.on("remember.caller", (found) => (caller = found));
  desk.on("remember.hello", async ({ guid }) => {
    const session = await client.session().catch(() => null);
    desk.welcome(guid, { session, rings: [...rings.values()], caller });
  });
  // The stream is quicker and says more; a notice, which is the ring's key, comes where a proxy
  // holds the stream up. Whether it rings this agent alone, the service says when it is asked.
  desk.on("api_notification.ring", ({ body: ring }) => {
    if (!heard.has(ring)) told({ ring, state: "ringing", direction: "inbound" });
  });
  desk.leaving(listen(client, { ring: told, lost, open: () => (complained = false) }));

  // Loaded now, the page in the top bar need not be when the telephone rings.
  for (const bar of await desk.others("top_bar")) bar.invoke("preloadPane");
}
