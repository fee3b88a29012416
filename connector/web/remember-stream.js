/** Hears the rings of one agent, for as long as somebody listens. */

import { RememberError } from "./remember-client.js";

const SILENCE_MS = 45_000; // three heartbeats
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Listens through a RememberClient until the returned function is called. `ring` gets each event
 * as {type, ring, state, direction, at, hidden, unclaimed, yours}; `open` and `lost` tell
 * whether the service is being heard.
 */
export function listen(client, { ring, open = () => null, lost = () => null }) {
  const over = new AbortController();
  const heed = ({ type, data }) => queueMicrotask(() => ring({ type, ...JSON.parse(data) }));
  keepOn(client, { heed, open, lost }, over.signal);
  return () => over.abort();
}

async function keepOn(client, { heed, open, lost }, over) {
  let last = "";
  let wait = FIRST_WAIT_MS;
  while (!over.aborted) {
    const silence = new AbortController();
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      client.session().catch(() => null); // so that no ring waits for a session
    };
    try {
      heard();
      const answer = await client.fetch("/v1/rings/stream", {
        headers: { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) },
        signal: AbortSignal.any([over, silence.signal]),
      });
      open();
      wait = FIRST_WAIT_MS;
      for await (const event of events(answer.body, heard)) {
        last = event.id || last;
        heed(event);
      }
      if (!over.aborted) lost(new RememberError(0));
    } catch (error) {
      if (!over.aborted) lost(error);
    }
    clearTimeout(timer);
    const pause = wait * (0.5 + Math.random() / 2);
    await new Promise((resume) => setTimeout(resume, pause));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** Server-sent events: blocks of `field: value` lines, with a blank line after each. */
async function* events(body, heard) {
  let rest = "";
  for await (const text of chunks(body)) {
    heard();
    const blocks = (rest + text.replaceAll("\r", "")).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { id: "", type: "message", data: "" };
      for (const line of block.split("\n")) {
        const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (field === "data") event.data += value;
        else if (field === "event") event.type = value;
        else if (field === "id") event.id = value;
      }
      if (event.data) yield event;
    }
  }
}

async function* chunks(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}
