/** Talks to the service for one agent, who is signed in anew whenever a session ends. */

const ALONE = { cache: "no-store", credentials: "omit" };
const PATIENCE_MS = 10_000; // a brief that takes longer comes too late

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

/** The answer to a fetch; a RememberError where it was refused, or where nothing came back. */
export async function answered(promise) {
  const answer = await promise.catch(() => {
    throw new RememberError(0);
  });
  if (answer.ok) return answer;
  throw new RememberError(answer.status, await answer.json().catch(() => ({})));
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

  /** Asks a path of the service as this agent; options as those of fetch. */
  async fetch(path, options = {}, again = true) {
    const opened = this.session();
    const { bearer } = await opened;
    const headers = { Authorization: `Bearer ${bearer}`, ...options.headers };
    if (options.body) headers["Content-Type"] = "application/json";
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await answered(
        fetch(this.#server + path, { signal, ...options, ...ALONE, headers }),
      );
    } catch (error) {
      if (error.status !== 401 || !again) throw error;
      if (this.#session === opened) this.#session = null;
      return this.fetch(path, options, false);
    }
  }

  /** The answer of a path below /v1/, such as "notes"; null where it has no body. */
  async ask(path, body) {
    const posted = body && { method: "POST", body: JSON.stringify(body) };
    const answer = await this.fetch(`/v1/${path}`, posted);
    return answer.status === 204 ? null : answer.json();
  }

  /** The brief of {phone | email | customer | ticket | ring}; `claim` takes a call of a group. */
  brief(subject) {
    return this.ask("briefs", { ...subject, language: this.language });
  }
}
