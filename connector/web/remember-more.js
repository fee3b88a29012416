/** What else is known of a customer, behind the first view, and a search in what was said. */

import { search } from "./remember-finding.js";
import { row } from "./remember-rows.js";

const kept = (one, words) => [
  `${one.count} × ${words.kind(one.kind)}, ${words.say(`why.${one.why}`)}`];

/** The sections' other entries, given as [section, entries]; how to reach; what is kept back. */
export function more(host, sections) {
  const { customer, withheld } = host.brief;
  const reach = [customer.phone, customer.email].filter(Boolean);
  return [
    ...sections.flatMap(([section, entries]) => row(host, section, entries)),
    ...row(host, "reach", reach, (one) => [one]),
    ...row(host, "withheld", withheld, kept),
    search(host, host.about),
  ];
}
