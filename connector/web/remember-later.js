/** What nobody waits for while the phone rings: it follows the first brief. */

import { style } from "./remember-element.js";

export { away, verify } from "./remember-acting.js";
export { copied, declining, told } from "./remember-evidence.js";
export { more } from "./remember-more.js";
export { Note } from "./remember-note.js";
export { Rings } from "./remember-rings.js";
export { unknown } from "./remember-unknown.js";

await style("remember-later.css");
