/** Talks to the service for one agent, who is signed in anew whenever a session ends. */

const PATIENCE_MS = 10_000; // a brief that takes longer comes too late
const SILENCE_MS = 45_000; // three heartbeats
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** What the service refused; status 0 when it cannot be reached. */
export class RememberError extends Error {
  constructor(status, problem = {}) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.type = problem.type ?? "";
    this.hint = problem.hint ?? "";
  }

  /** Whether the same question may be answered a little later. */
  get offline() {
    return this.status === 0 || (this.status >= 502 && this.status <= 504);
  }
}

async function answered(promise) {
  const answer = await promise.catch(() => {
    throw new RememberError(0);
  });
  if (answer.ok) return answer;
  throw new RememberError(answer.status, await answer.json().catch(() => ({})));
}

/** Opens a session with a proof: {proof: "zendesk" | "link", token}. */
export async function openSession(server, proof) {
  const answer = await answered(
    fetch(`${server}/v1/sessions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(proof),
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
  return answer.json();
}

export class RememberClient {
  #server;
  #open;
  #session = null;
  #until = 0;

  /** `openSession` is asked for a session document whenever one is needed. */
  constructor({ server = "", openSession: open, language = "en" }) {
    this.#server = server.replace(/\/+$/, "");
    this.#open = open;
    this.language = language;
  }

  /** The session document; opened anew a minute before the last one ends. */
  session() {
    if (Date.now() > this.#until) this.#session = null;
    this.#session ??= this.#openOnce();
    return this.#session;
  }

  async #openOnce() {
    this.#until = Infinity;
    try {
      const session = await this.#open();
      // The clock of this machine may be wrong: between one and nine minutes, whatever it says.
      const left = Date.parse(session.expires_at) - Date.now() - 60_000;
      this.#until = Date.now() + Math.min(Math.max(left, 60_000), 540_000);
      return session;
    } catch (error) {
      this.#until = 0;
      throw error instanceof RememberError ? error : new RememberError(error?.status ?? 0);
    }
  }

  async #fetch(path, options = {}, again = true) {
    const opened = this.session();
    const { bearer } = await opened;
    const { body, headers, signal = AbortSignal.timeout(PATIENCE_MS) } = options;
    try {
      return await answered(
        fetch(this.#server + path, {
          method: body ? "POST" : "GET",
          body: body && JSON.stringify(body),
          headers: {
            Authorization: `Bearer ${bearer}`,
            ...(body && { "Content-Type": "application/json" }),
            ...headers,
          },
          cache: "no-store",
          credentials: "omit",
          signal,
        }),
      );
    } catch (error) {
      if (error.status !== 401 || !again) throw error;
      if (this.#session === opened) this.#session = null;
      return this.#fetch(path, options, false);
    }
  }

  async #ask(path, body) {
    const answer = await this.#fetch(path, { body });
    return answer.status === 204 ? null : answer.json();
  }

  /** The brief of {phone | email | customer | ticket | ring}. */
  brief(subject) {
    return this.#ask("/v1/briefs", { ...subject, language: this.language });
  }

  /** Takes a call that rings a group, and returns its brief. */
  claim(ring) {
    return this.brief({ ring, claim: true });
  }

  recall(words, about) {
    return this.#ask("/v1/recall", { words, ...about });
  }

  /** Customers by name, phone or e-mail. */
  customers(words) {
    return this.#ask("/v1/customers", { words });
  }

  note(words, about) {
    return this.#ask("/v1/notes", { words, ...about });
  }

  verify(about) {
    return this.#ask("/v1/verifications", about);
  }

  reveal(memory, about) {
    return this.#ask(`/v1/memories/${encodeURIComponent(memory)}/reveal`, about);
  }

  feedback(verdict, about) {
    return this.#ask("/v1/feedback", { verdict, ...about });
  }

  regulars() {
    return this.#ask("/v1/agents/me/regulars");
  }

  day(on) {
    return this.#ask(`/v1/agents/me/day${on ? `?on=${on}` : ""}`);
  }

  /**
   * Listens to this agent's rings until the returned function is called. `ring` gets each event
   * as {type, ring, state, direction, at, hidden, unclaimed, yours}; `open` and `lost` tell
   * whether the service is being heard.
   */
  stream({ ring, open = () => null, lost = () => null }) {
    const over = new AbortController();
    this.#listen(ring, open, lost, over.signal);
    return () => over.abort();
  }

  async #listen(ring, open, lost, over) {
    let last = "";
    let wait = FIRST_WAIT_MS;
    while (!over.aborted) {
      const silence = new AbortController();
      let timer;
      const heard = () => {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        this.session().catch(() => null); // so that no ring waits for a session
      };
      try {
        heard();
        const answer = await this.#fetch("/v1/rings/stream", {
          headers: { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) },
          signal: AbortSignal.any([over, silence.signal]),
        });
        open();
        wait = FIRST_WAIT_MS;
        for await (const event of events(answer.body, heard)) {
          last = event.id || last;
          queueMicrotask(() => ring({ type: event.type, ...JSON.parse(event.data) }));
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
