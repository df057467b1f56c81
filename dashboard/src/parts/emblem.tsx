// The pictures of symbols: a game names its symbols in words, so each word gets a shape and a hue of its own.

import { Show } from "solid-js";
import type { SymbolMap } from "../model/sheet.ts";

/** Shapes in a square of 24, by name. */
const SHAPES: Record<string, string> = {
  round: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  diamond: "M12 2 21 12 12 22 3 12Z",
  star: "m12 2 2.9 6.6 7.1.7-5.4 4.7 1.6 7L12 17.3 5.8 21l1.6-7L2 9.3l7.1-.7Z",
  hexagon: "m12 2 8.7 5v10L12 22l-8.7-5V7Z",
  heart: "M12 21C5 15.5 2.5 12 2.5 8.3A5 5 0 0 1 12 6a5 5 0 0 1 9.5 2.300C21.5 12 19 15.5 12 21Z",
  triangle: "M12 3 22 20H2Z",
  drop: "M12 2c4 5.5 7 9 7 12.500a7 7 0 0 1-14 0C5 11 8 7.5 12 2Z",
  moon: "M15.5 2.500a9.8 9.8 0 1 0 6 13.500A8 8 0 0 1 15.5 2.500Z",
  bolt: "M13.5 2 4 13.500h6.500L9 22l10-12.500h-6.500Z",
  square: "M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3Z",
  leaf: "M20.5 3.500C9 3 3.5 8 3.5 15l-1 5.5 2.5-1 3-3c8.5.5 13-5 12.5-13Z",
  crown: "m2.5 6.5 5 4.500L12 3l4.5 8 5-4.500L19.5 20h-15Z",
  shield: "M12 2 20.5 5v7c0 5-4 8.5-8.5 10-4.5-1.5-8.5-5-8.5-10V5Z",
  gem: "M7 3h10l5 6-10 13L2 9Z",
  bell: "M12 2a2 2 0 0 1 2 2c3.5 1 5 4 5 7.5 0 3.5 1 5 2.5 6.500h-19C4 16.5 5 15 5 11.5 5 8 6.5 5 10 4a2 2 0 0 1 2-2Zm-2.5 17.500h5a2.5 2.5 0 0 1-5 0Z",
  ring: "M12 2.500a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19Zm0 5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z",
  pair: "M7.5 11a5 5 0 1 0 0 10 5 5 0 0 0 0-10Zm9.5-1.500a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.600ZM8 11C9 6 12 3 18 2c-2 3-1.5 5.5-1 8l-1.5.3C15 8 15 6.5 15.5 4.5 12 5.5 10.5 8 9.7 11Z",
};
const ORDER = Object.keys(SHAPES);

/** Words that have a shape and a hue that people expect. */
const KNOWN: Record<string, [shape: string, hue: number]> = {
  bell: ["bell", 45],
  cherry: ["pair", 350],
  crown: ["crown", 45],
  fern: ["leaf", 140],
  grapes: ["hexagon", 265],
  leaf: ["leaf", 120],
  lemon: ["drop", 52],
  melon: ["shield", 130],
  moon: ["moon", 230],
  orange: ["round", 28],
  pear: ["drop", 80],
  pearl: ["ring", 190],
  plum: ["round", 290],
  star: ["star", 45],
};

/** Words that are written rather than drawn. */
const WRITTEN: Record<string, string> = {
  ace: "A",
  king: "K",
  queen: "Q",
  jack: "J",
  ten: "10",
  nine: "9",
  eight: "8",
  seven: "7",
};

interface Look {
  shape: string;
  hue: number;
}

/** The looks of a game's symbols, made once for each map. */
const looks = new WeakMap<SymbolMap, Map<string, Look>>();

/** Gives each symbol a look: the expected one, else the next shape that is free, and a hue far from its neighbours'. */
function looksOf(map: SymbolMap): Map<string, Look> {
  const known = looks.get(map);
  if (known) return known;
  const names = map.symbols.map((symbol) => symbol.name);
  const taken = new Set(names.map((name) => KNOWN[name]?.[0]));
  const free = ORDER.filter((shape) => !taken.has(shape));
  let next = 0;
  const made = new Map(
    names.map((name, index) => {
      const [shape, hue] = KNOWN[name] ?? [undefined, Math.round(index * 137.5) % 360];
      const drawn = shape ?? (WRITTEN[name] ? "round" : free[next++ % free.length]);
      return [name, { shape: SHAPES[drawn ?? "round"] ?? "", hue }];
    }),
  );
  looks.set(map, made);
  return made;
}

/** The hue of a symbol, in degrees. */
export function hueOf(name: string, map: SymbolMap): number {
  return looksOf(map).get(name)?.hue ?? 0;
}

/** The picture of a symbol. Its name stands beside it, or in the label of what holds it. */
export function Emblem(props: { name: string; map: SymbolMap }) {
  const look = () => looksOf(props.map).get(props.name);
  const text = () => WRITTEN[props.name];
  return (
    <svg class="emblem" viewBox="0 0 24 24" aria-hidden="true" style={{ "--hue": look()?.hue ?? 0 }}>
      <Show when={text()} fallback={<path d={look()?.shape} fill-rule="evenodd" />}>
        {(found) => (
          <text x="12" y="19" text-anchor="middle" font-size={found().length > 1 ? "16" : "20"}>
            {found()}
          </text>
        )}
      </Show>
    </svg>
  );
}
