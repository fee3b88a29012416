/** Beside a ticket, a new ticket or a person: the brief of whom the page is about. */

import "./remember-brief.js";
import { idOf, start } from "./zendesk.js";

const brief = document.querySelector("remember-brief");
const desk = await start();
if (desk) await show();

async function show() {
  let subject = null;
  let caller = null; // {ring, customer}: the call that is under way, and who it is from
  const client = desk.client();
  desk.host(client, brief);

  const again = () => {
    if (!subject) return brief.clear();
    const calling = caller && caller.customer === subject.customer;
    brief.show(calling ? { customer: subject.customer, ring: caller.ring } : subject);
  };
  const look = async () => {
    subject = await wanted();
    again();
  };
  desk.on("ticket.requester.id.changed", look);
  desk.on("remember.caller", (told) => {
    const before = caller;
    caller = told;
    if (subject?.customer === told.customer && before?.ring !== told.ring) again();
  });
  desk.on("remember.changed", ({ customer }) => customer === subject?.customer && again());
  desk.leaving(() => brief.clear());
  brief.addEventListener("remember-resize", (event) => desk.resize(event.detail.height));
  brief.addEventListener("remember-prefer", (event) => prefer(event.detail));

  const [known] = await Promise.all([desk.hello(), look()]);
  if (known?.caller && known.caller.customer === subject?.customer) {
    caller = known.caller;
    again();
  }
}

/** Whom this page is about; null while a new ticket has no requester. */
async function wanted() {
  if (desk.location === "user_sidebar") {
    const [user] = await desk.get("user.id");
    return user ? { customer: `zendesk:${user}` } : null;
  }
  const [ticket, requester] = await desk.get("ticket.id", "ticket.requester.id");
  if (!requester) return ticket ? { ticket: `zendesk:${ticket}` } : null;
  return { customer: `zendesk:${requester}`, ...(ticket && { ticket: `zendesk:${ticket}` }) };
}

/** Puts the other agent into Zendesk's own field; saving the ticket, or not, is the agent's. */
async function prefer(wish) {
  const { agent } = wish;
  if (!desk.location.endsWith("ticket_sidebar")) return desk.routeTo(wish);
  try {
    await desk.set("ticket.assignee", { userId: Number(idOf(agent.ref)) });
    desk.invoke("notify", brief.words.say("host.assigned", { name: agent.name }));
  } catch {
    desk.complain("host.refused");
  }
}
