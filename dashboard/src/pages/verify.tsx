// Checks the proof of a session here in the browser, with the verifier that the command line of the agents has.

import { type Fault, type Proven, type Report, sentence, verifyProof } from "@verifier/index.ts";
import { createSignal, For, onMount, Show } from "solid-js";
import { fetched } from "../api.ts";
import { grouped, money, short } from "../format.ts";
import { Figure, Head, Panel, Trouble } from "../parts/common.tsx";
import { place, to } from "../router.ts";

/** What is checked, in the order of causes. */
const CHECKS: [name: string, what: string][] = [
  ["Commitment", "The revealed server seed is the one that was committed to before the first draw."],
  ["Draws", "Every stop follows from the server seed, the client seed and the nonce."],
  ["Replay", "Every round is played again by an engine of its own: windows, wins, free games, payouts."],
  ["Events", "The chain of hashes has every event, unchanged and in order."],
  ["Ledger", "Each event moved exactly its amount, and balances follow from one another."],
  ["Signature", "The house signed the end of the chain and the whole document."],
];

type Stage =
  | { name: "waiting" }
  | { name: "reading" }
  | { name: "checking"; share: number }
  | { name: "checked"; report: Report; text: string; source: string }
  | { name: "failed"; error: unknown };

export default function Verify() {
  const [stage, setStage] = createSignal<Stage>({ name: "waiting" });
  const [publicKey, setPublicKey] = createSignal("");
  const check = async (text: string, source: string) => {
    setStage({ name: "checking", share: 0 });
    const progress = (done: number, all: number) =>
      setStage({ name: "checking", share: done / Math.max(1, all) });
    const expected = publicKey().trim().toLowerCase() || undefined;
    const report = await verifyProof(text, { progress, publicKey: expected });
    setStage({ name: "checked", report, text, source });
  };
  const attempt = async (read: () => Promise<string>, source: string) => {
    setStage({ name: "reading" });
    await read()
      .then((text) => check(text, source))
      .catch((error) => setStage({ name: "failed", error }));
  };
  const session = (id: string) =>
    attempt(() => fetched(`/sessions/${encodeURIComponent(id)}/proof`), `session ${short(id)}`);
  const file = (found: File | undefined | null) => found && attempt(() => found.text(), found.name);
  const asked = place().query.get("session");
  onMount(() => asked && session(asked));
  return (
    <>
      <Head
        title="Verify"
        lead="Checks the proof of an ended session in this browser, from one file. The proof stays here."
      />
      <div class="columns">
        <Sources
          file={file}
          session={session}
          asked={asked ?? ""}
          publicKey={publicKey()}
          setPublicKey={setPublicKey}
        />
        <Outcome stage={stage()} />
      </div>
    </>
  );
}

interface SourcesProps {
  file: (file: File | undefined | null) => void;
  session: (id: string) => void;
  asked: string;
  publicKey: string;
  setPublicKey: (key: string) => void;
}

/** Where proofs come from: a file, or this server. */
function Sources(props: SourcesProps) {
  const [over, setOver] = createSignal(false);
  const [id, setId] = createSignal(props.asked);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    props.file(event.dataTransfer?.files[0]);
  };
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const read = (event: SubmitEvent) => {
    event.preventDefault();
    props.session(id().trim());
  };
  return (
    <Panel title="The proof">
      <label
        class="drop"
        classList={{ over: over() }}
        onDragOver={drag}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <span>
          <b>Choose a proof file</b>, or drop it here
        </span>
        <input
          type="file"
          accept="application/json,.json"
          onChange={(event) => {
            props.file(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <form class="form row" onSubmit={read}>
        <label>
          …or a session of this server
          <input
            required
            placeholder="session id"
            spellcheck={false}
            value={id()}
            onInput={(event) => setId(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Fetch and check</button>
      </form>
      <details>
        <summary>Expect a public key</summary>
        <form class="form" onSubmit={(event) => event.preventDefault()}>
          <label>
            The house's key, as you got it from its operator
            <input
              spellcheck={false}
              placeholder="64 hexadecimal digits"
              value={props.publicKey}
              onInput={(event) => props.setPublicKey(event.currentTarget.value)}
            />
          </label>
        </form>
        <p class="note">Without it, a proof shows that it is of one piece, but not who signed it.</p>
      </details>
    </Panel>
  );
}

function Outcome(props: { stage: Stage }) {
  const is = <N extends Stage["name"]>(name: N) =>
    props.stage.name === name ? (props.stage as Extract<Stage, { name: N }>) : undefined;
  return (
    <div class="stack" aria-live="polite">
      <Show when={is("waiting")}>
        <Panel title="What is checked">
          <Checks />
        </Panel>
      </Show>
      <Show when={is("reading")}>
        <p class="waiting">Reading the proof…</p>
      </Show>
      <Show when={is("checking")}>
        {(found) => (
          <Panel title="Checking">
            <progress value={found().share} max="1" aria-label="Events played again" />
          </Panel>
        )}
      </Show>
      <Show when={is("failed")}>{(found) => <Trouble error={found().error} />}</Show>
      <Show when={is("checked")}>
        {(found) => <Checked report={found().report} source={found().source} text={found().text} />}
      </Show>
    </div>
  );
}

function Checks(props: { passed?: boolean }) {
  return (
    <ul class="checks" classList={{ passed: props.passed ?? false }}>
      <For each={CHECKS}>
        {([name, what]) => (
          <li>
            <b>{name}</b> {what}
          </li>
        )}
      </For>
    </ul>
  );
}

function Checked(props: { report: Report; source: string; text: string }) {
  const proven = () => (props.report.ok ? props.report : undefined);
  const refuted = () => (props.report.ok ? undefined : props.report);
  return (
    <>
      <Show when={proven()}>
        {(report) => <Holds report={report()} source={props.source} text={props.text} />}
      </Show>
      <Show when={refuted()}>
        {(report) => <Fails fault={report().fault} faults={report().faults} source={props.source} />}
      </Show>
    </>
  );
}

function Holds(props: { report: Proven; source: string; text: string }) {
  const report = () => props.report;
  return (
    <>
      <div class="alarm" data-tone="good">
        <p>
          <b>The proof holds.</b> {props.source}: {grouped(report().events)} events, {grouped(report().spins)}{" "}
          spins, {grouped(report().free_games)} free games.
        </p>
        <Show when={report().training}>
          <p>It is a training session: its caller chose the server seed, so that its draws were no chance.</p>
        </Show>
      </div>
      <dl class="figures">
        <Figure name="Wagered">{money(report().wagered)}</Figure>
        <Figure name="Won">{money(report().won)}</Figure>
        <Figure name="Fees">{money(report().fees)}</Figure>
        <Figure name="Ledger entries">{grouped(report().entries)}</Figure>
      </dl>
      <Panel title="What was checked">
        <Checks passed />
        <p class="note">
          Signed with the key <code>{report().public_key}</code>
          {report().key_expected
            ? ", which is the expected one."
            : ". Compare it with the one that the operator published."}
        </p>
        <div class="row">
          <Save text={props.text} name={`proof-${report().session_id}.json`} />
          <a class="button" href={to("sessions", report().session_id)}>
            See the session
          </a>
        </div>
      </Panel>
    </>
  );
}

function Fails(props: { fault: Fault; faults: Fault[]; source: string }) {
  const title = () =>
    ({
      wrong: "The proof does not hold.",
      unreadable: "This is no proof.",
      unsupported: "This page cannot check it.",
    })[props.fault.kind];
  return (
    <>
      <div class="alarm" data-tone="bad" role="alert">
        <p>
          <b>{title()}</b> {props.source}
        </p>
        <p>{sentence(props.fault)}</p>
      </div>
      <Show when={props.faults.length > 1}>
        <Panel
          title="Every check that failed"
          note="Whatever is changed breaks several checks; the first is nearest to the cause."
        >
          <ol>
            <For each={props.faults}>{(fault) => <li>{sentence(fault)}</li>}</For>
          </ol>
        </Panel>
      </Show>
    </>
  );
}

/** Saves the proof, for the command line or for later. */
function Save(props: { text: string; name: string }) {
  const save = () => {
    const address = URL.createObjectURL(new Blob([props.text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = props.name;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <button type="button" onClick={save}>
      Save the proof
    </button>
  );
}
