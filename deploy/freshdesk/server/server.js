/**
 * Freshworks runs this when Freshcaller starts or changes a call: it tells the service of the
 * ring. Without a ring secret it tells nothing. Freshworks reads `exports` first, so everything
 * else stands below it.
 */
const crypto = require("crypto");

exports = {
  onCallCreateHandler: async function (payload) {
    await tell(payload, "ringing");
  },

  onCallUpdateHandler: async function (payload) {
    if (matters(payload.data.changes)) await tell(payload, stateOf(payload.data.call));
  }
};

/** Signs and sends; what goes wrong is logged without a word of the call. */
async function tell(payload, state) {
  const secret = payload.iparams && payload.iparams.ring_secret;
  if (!secret) return;
  const body = JSON.stringify(ringOf(payload, state));
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = crypto.createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  try {
    await $request.invokeTemplate("tellRing", { context: { timestamp, signature }, body });
  } catch (error) {
    console.error(`The service did not take a ring: ${Number(error && error.status) || "no answer"}`);
  }
}

/** The generic ring of a Freshcaller call. A transferred call stays the call that it was. */
function ringOf(payload, state) {
  const { call } = payload.data;
  return {
    call_id: String(call.root_call_id || call.parent_call_id || call.id),
    caller: callerOf(call),
    called: call.phone_number || null,
    direction: /^out/i.test(call.direction) ? "outbound" : "inbound",
    agent_ref: nameOf(call.assigned_agent_id),
    group: nameOf(call.assigned_call_queue_id),
    state,
    at: payload.timestamp ? new Date(payload.timestamp * 1000).toISOString() : null
  };
}

/** An id as AGENT_MAP names it. */
function nameOf(id) {
  return id ? String(id) : null;
}

function customerOf(call) {
  const parties = call.participants || [];
  return parties.find((party) => party.participant_type === "Customer") || {};
}

function callerOf(call) {
  const parties = [customerOf(call), ...(call.participants || [])];
  const named = parties.find((party) => party.caller_number);
  return named ? named.caller_number : null;
}

/**
 * A call is billed once it is over, and a customer's status 3 is a missed call. Any other update
 * that names an agent is the connection to that agent.
 */
function stateOf(call) {
  if (typeof call.bill_duration === "number" || customerOf(call).call_status === 3) return "ended";
  return call.assigned_agent_id ? "answered" : "ringing";
}

/** Whether an update can tell of more than costs, notes and recordings: each costs a request. */
function matters(changes) {
  const names = Object.keys(changes || {});
  return names.length === 0 || !names.every((name) => /^(call_notes|recording|.*cost|integrated)/.test(name));
}
