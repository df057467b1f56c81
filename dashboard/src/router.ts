// Where in the page we are: the part of the address behind `#`, since the paths before it are the API's.

import { createSignal } from "solid-js";

/** A place in the page, such as `#/sessions/ID?tab=events`. */
export interface Place {
  /** The path's parts, decoded: `["sessions", ID]`. */
  parts: string[];
  query: URLSearchParams;
}

/** The place that a hash names. */
export function read(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean).map(decoded);
  return { parts, query: new URLSearchParams(query) };
}

/** A mistyped `%` is not worth an error. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const [current, setCurrent] = createSignal<Place>(read(location.hash));
addEventListener("hashchange", () => setCurrent(read(location.hash)));

/** The present place. */
export const place = current;

/** The address of a place. */
export function to(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** Goes to an address. */
export function go(address: string): void {
  location.hash = address;
}
