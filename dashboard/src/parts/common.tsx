// Small parts that many pages are made of.

import { Refused, Unreachable } from "@client/errors.ts";
import { createEffect, createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Loaded } from "../api.ts";
import { short, words } from "../format.ts";

/** Whether a page was shown before: then the next one takes the focus. */
let arrived = false;

/** The head of a page: what it is, and what can be done there. It names the tab, and is where reading begins. */
export function Head(props: {
  title: string;
  lead?: JSX.Element;
  up?: [string, string];
  children?: JSX.Element;
}) {
  let title: HTMLHeadingElement | undefined;
  createEffect(() => {
    document.title = `${props.title} – Reelhouse`;
  });
  onMount(() => {
    if (arrived) title?.focus({ preventScroll: true });
    arrived = true;
  });
  return (
    <header class="head">
      <div>
        <Show when={props.up}>
          {(up) => (
            <a class="up" href={up()[1]}>
              ← {up()[0]}
            </a>
          )}
        </Show>
        <h1 tabindex="-1" ref={title}>
          {props.title}
        </h1>
        <Show when={props.lead}>
          <p class="lead">{props.lead}</p>
        </Show>
      </div>
      <div class="head-actions">{props.children}</div>
    </header>
  );
}

/** A framed part of a page. */
export function Panel(props: {
  title: string;
  note?: JSX.Element;
  aside?: JSX.Element;
  class?: string;
  children: JSX.Element;
}) {
  return (
    <section class={`panel ${props.class ?? ""}`}>
      <div class="panel-head">
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
      <Show when={props.note}>
        <p class="note">{props.note}</p>
      </Show>
    </section>
  );
}

/** A figure with its name. */
export function Figure(props: {
  name: string;
  note?: JSX.Element;
  tone?: "good" | "bad" | undefined;
  children: JSX.Element;
}) {
  return (
    <div class="figure" data-tone={props.tone}>
      <dt>{props.name}</dt>
      <dd>
        <span class="value">{props.children}</span>
        <Show when={props.note}>
          <span class="figure-note">{props.note}</span>
        </Show>
      </dd>
    </div>
  );
}

/** What is shown where there is nothing yet, with what to do about it. */
export function Empty(props: { title: string; children?: JSX.Element }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}

/** A failure in words, with its code, and a way to try again. */
export function Trouble(props: { error: unknown; again?: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p>
        <b>{titleOf(props.error)}</b>
        <Show when={props.error instanceof Refused && props.error}>
          {(refused) => <code>{refused().code}</code>}
        </Show>
      </p>
      <p>{detailOf(props.error)}</p>
      <Show when={props.again}>
        <button type="button" onClick={() => props.again?.()}>
          Try again
        </button>
      </Show>
    </div>
  );
}

function titleOf(error: unknown): string {
  if (error instanceof Refused) return error.problem.title;
  return error instanceof Unreachable ? "The server does not answer" : "Something went wrong";
}

function detailOf(error: unknown): string {
  if (error instanceof Refused) return error.problem.detail;
  if (error instanceof Unreachable) return "It may have been stopped, or the connection to it is broken.";
  return error instanceof Error ? error.message : String(error);
}

/** What was read, or that it is being read, or why it cannot be. */
export function Loading<T>(props: { of: Loaded<T>; children: (value: () => NonNullable<T>) => JSX.Element }) {
  return (
    <>
      <Show when={props.of.error()}>{(error) => <Trouble error={error()} again={props.of.again} />}</Show>
      <Show
        when={props.of.value()}
        fallback={<Show when={!props.of.error()}>{<p class="waiting">Loading…</p>}</Show>}
      >
        {(value) => props.children(value)}
      </Show>
    </>
  );
}

/** A session's state, or another word, as a badge. */
export function Badge(props: { word: string }) {
  return (
    <span class="badge" data-word={props.word}>
      {words(props.word)}
    </span>
  );
}

/** An id: its end, and the whole of it to be copied. */
export function Id(props: { id: string }) {
  const [copied, setCopied] = createSignal(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(props.id);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      class="id"
      title={`${props.id} – copy`}
      aria-label={`Copy ${props.id}`}
      onClick={copy}
    >
      {copied() ? "copied" : short(props.id)}
    </button>
  );
}

/** The present time in milliseconds, which moves on every second. */
export function clock(): () => number {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), 1000);
  onCleanup(() => clearInterval(timer));
  return now;
}
