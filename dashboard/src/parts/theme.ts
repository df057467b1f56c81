// Light or dark: as the system says, unless the reader says otherwise.

import { createSignal } from "solid-js";

export type Choice = "system" | "light" | "dark";

const STORE = "reelhouse.theme";
const DARK = matchMedia("(prefers-color-scheme: dark)");

const [choice, setChoice] = createSignal<Choice>(kept());
const [system, setSystem] = createSignal(DARK.matches);
DARK.addEventListener("change", () => setSystem(DARK.matches));
document.documentElement.dataset.theme = choice();

export { choice };

/** The theme that is shown. */
export function theme(): "light" | "dark" {
  const chosen = choice();
  if (chosen !== "system") return chosen;
  return system() ? "dark" : "light";
}

/** Chooses a theme, for the next time too. */
export function choose(next: Choice): void {
  localStorage.setItem(STORE, next);
  document.documentElement.dataset.theme = next;
  setChoice(next);
}

function kept(): Choice {
  const text = localStorage.getItem(STORE);
  return text === "light" || text === "dark" ? text : "system";
}
