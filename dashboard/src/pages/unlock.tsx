// The field for a key, shown when the server asks for one.

import { createSignal } from "solid-js";
import { key, useKey } from "../api.ts";
import { Head } from "../parts/common.tsx";

export function Unlock() {
  const [text, setText] = createSignal("");
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    useKey(text().trim());
  };
  return (
    <>
      <Head title="This server asks for a key" />
      <form class="panel form" onSubmit={enter}>
        <p>
          {key()
            ? "The server did not take the key: it is unknown, revoked or expired."
            : "Whoever runs it can make you one."}
        </p>
        <label>
          Key
          <input
            type="password"
            name="key"
            autocomplete="off"
            spellcheck={false}
            placeholder="reel_…"
            required
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Use this key
        </button>
        <p class="note">It is kept in this tab until the tab is closed, and sent to this server alone.</p>
      </form>
    </>
  );
}
