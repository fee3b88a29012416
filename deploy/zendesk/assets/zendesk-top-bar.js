/** In the top bar: the agent's day, and the brief of whoever calls. */

import "./remember-brief.js";
import "./remember-day.js";
import { start } from "./zendesk.js";

const WIDTH = "360px";
const SHORTEST = 240;
const TALLEST = 640;

const brief = document.querySelector("remember-brief");
const day = document.querySelector("remember-day");
const desk = await start();
if (desk) await show();

async function show() {
  const client = desk.client();
  desk.host(client, brief, day);

  desk.on("remember.ring", async (event) => {
    const before = brief.state;
    await brief.ring(event);
    if (before === "idle" || brief.state !== "idle") return;
    // A colleague has the call, or nobody: the pane that it opened goes with it.
    desk.invoke("popover", "hide");
    day.show();
  });
  desk.on("remember.changed", ({ customer }) => {
    if (brief.state !== "idle" && customer === client.customer) brief.show(client.subject);
  });
  desk.on("pane.activated", () => {
    if (brief.getAttribute("call") === "ended") brief.clear();
    if (brief.state === "idle") day.show();
  });
  desk.leaving(() => brief.clear());
  // By resize: popover with a size might open the pane, which only a ring or the agent does.
  const resized = () => {
    const height = brief.offsetHeight + day.offsetHeight; // one of them is hidden
    desk.resize(height && Math.min(Math.max(height, SHORTEST), TALLEST), WIDTH);
  };
  brief.addEventListener("remember-resize", resized);
  day.addEventListener("remember-resize", resized);
  brief.addEventListener("remember-prefer", (event) => desk.routeTo(event.detail));

  const known = await desk.hello();
  for (const event of known?.rings ?? []) await brief.ring(event);
  if (brief.state === "idle") day.show();
}
