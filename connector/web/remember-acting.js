/** What a press does, and what is said where it could not be done. */

import { h } from "./remember-element.js";

/** Does what was asked, then `then` with the answer; says beside it when that failed. */
export async function act(host, place, ask, then) {
  const answer = await ask().catch((error) => ({ error }));
  if (!answer?.error) return then(answer);
  place.hidden = false;
  return place.replaceChildren(h("span", { role: "alert" }, host.words.fault(answer.error)));
}

/** Ticks that the caller is who they say, for this call: it cannot be unticked again. */
export async function verify(host, tick, banner) {
  tick.checked = true;
  if (host.brief.verified) return;
  const ask = () => host.client.ask("verifications", host.about);
  await act(host, banner, ask, () => host.show(host.subject));
  tick.checked = Boolean(host.brief?.verified);
}

/** How old a brief is that is shown while the service is away. */
export function away(host) {
  const days = (Date.now() - Date.parse(host.brief.as_of)) / 86_400_000;
  const age = host.words.ago(days, "minute");
  return [host.words.say("offline", { age }), " ", host.asking("retry")];
}
