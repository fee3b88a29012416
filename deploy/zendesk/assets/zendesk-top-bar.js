/** In the top bar: the agent's day, and the brief of whoever calls. */

import "./remember-brief.js";
import "./remember-day.js";
import { idOf, start } from "./zendesk.js";

const WIDTH = 360;
const SHORTEST = 240;
const TALLEST = 640;

const brief = document.querySelector("remember-brief");
const day = document.querySelector("remember-day");
const desk = await start();
if (desk) await show();

async function show() {
  let height = 0;
  const client = desk.client();
  desk.host(client, brief, day);

  desk.on("remember.ring", (event) => brief.ring(event));
  desk.on("remember.changed", ({ customer }) => {
    if (brief.state !== "idle" && customer === client.customer) brief.show(client.subject);
  });
  desk.on("pane.activated", () => {
    if (brief.getAttribute("call") === "ended") brief.clear();
    if (brief.state === "idle") day.show();
  });
  desk.leaving(() => brief.clear());
  for (const element of [brief, day]) {
    element.addEventListener("remember-resize", () => {
      const wanted = Math.min(Math.max(document.body.scrollHeight, SHORTEST), TALLEST);
      if (wanted === height) return;
      height = wanted;
      desk.invoke("popover", { width: WIDTH, height });
    });
  }
  brief.addEventListener("remember-prefer", ({ detail }) => {
    const ticket = idOf(detail.ticket);
    if (ticket) desk.invoke("routeTo", "ticket", ticket);
    else if (idOf(detail.customer)) desk.invoke("routeTo", "user", idOf(detail.customer));
  });

  const known = await desk.hello();
  for (const event of known?.rings ?? []) brief.ring(event);
  if (brief.state === "idle") day.show();
}
