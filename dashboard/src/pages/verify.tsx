// Checks the proof of a session, here in the browser.

import { Empty, Head } from "../parts/common.tsx";

export function Verify() {
  return (
    <>
      <Head title="Verify" lead="Checks the proof of a session in this browser." />
      <Empty title="Not here yet.">
        <p>
          Until then: <code>reel session proof SESSION &gt; proof.json && reel verify proof.json</code>
        </p>
      </Empty>
    </>
  );
}
