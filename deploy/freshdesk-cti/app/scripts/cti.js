/**
 * Freshdesk's phone panel, which is loaded on every page: it opens itself with the brief when the
 * phone rings, and shows the agent's own day while nobody calls.
 */

import "../assets/remember-day.js";
import { listen } from "../assets/remember-stream.js";
import { furnish, numberIn } from "./freshdesk.js";

const up = (product) => product.interface.trigger("show", { id: "softphone" }).catch(() => null);

/** Shows the panel once for each ring, and the brief as the ring goes on. */
function onRing(product, brief) {
  const shown = new Set();
  return async (event) => {
    const first = event.state !== "ended" && !shown.has(event.ring);
    shown.add(event.ring);
    await brief.ring(event).catch(() => null);
    if (first) up(product);
  };
}

/** This panel is no phone: what is dialled is handed to the one that the computer has. */
function onDial(product, brief) {
  const line = document.querySelector("#dial");
  return (event) => {
    const number = numberIn(event.helper.getData());
    if (!number) return;
    const link = line.querySelector("a");
    link.href = `tel:${number.replace(/[^\d+*#]/g, "")}`;
    link.textContent = `☎ ${number}`;
    line.hidden = false;
    up(product);
    brief.show({ phone: number });
  };
}

/** Whenever the day comes into sight: the panel was opened, or a brief has made room. */
function onSight(brief) {
  const day = document.querySelector("remember-day");
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    if (brief.getAttribute("call") === "ended") brief.clear();
    if (brief.state === "idle") day.show();
  });
  seen.observe(document.body);
  seen.observe(day);
}

async function start() {
  const product = await app.initialized();
  const brief = await furnish(product, { opens: true });
  product.events.on("cti.triggerDialer", onDial(product, brief));
  listen(brief.client, { ring: onRing(product, brief) });
  onSight(brief);
}

start();
