// Reads the symbols of a definition, and whatever names them.

import type { Json } from "../canonical.ts";
import { wrong } from "../fault.ts";
import { flag, isObject, list, type Members, object, record, step, text, whole, word } from "../shape.ts";
import type { Role, Sign, Table } from "./model.ts";

const MOST_SYMBOLS = 64;
export const MOST_MULTIPLIER = 1000;
const NAME = /^[A-Za-z0-9_-]{1,32}$/;

/** A kind of symbol. */
export type Kind = Role["kind"];

/** The symbols of a game, by name. */
export class Vocabulary {
  readonly names: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #kinds: readonly ReadonlySet<string>[];

  constructor(items: readonly Json[], at: string) {
    this.names = items.map((item, place) =>
      text(
        object(item, step(at, place)).name,
        `${at}/${place}/name`,
        "1 to 32 of A-Z, a-z, 0-9, _ and -",
        NAME,
      ),
    );
    this.#places = new Map(this.names.map((name, place) => [name, place]));
    if (this.#places.size !== this.names.length) wrong(at, "names that are given once", "a name given twice");
    this.#kinds = items.map((item) => kindsOf(item));
  }

  /** The place of the symbol of that name, which must be of one of these kinds in some mode. */
  place(value: Json | undefined, at: string, kinds?: readonly Kind[]): number {
    const name = text(value, at);
    const place = this.#places.get(name);
    if (place === undefined) return wrong(at, "the name of a symbol", name);
    const found = this.#kinds[place];
    if (kinds && !kinds.some((kind) => found?.has(kind))) wrong(at, `a ${kinds.join(" or ")} symbol`, name);
    return place;
  }

  /** A set of symbols, which is written in the order of the definition. */
  set(value: Json | undefined, at: string, kinds: readonly Kind[], least = 1): number[] {
    const places = list(value, at, least, MOST_SYMBOLS).map((item, index) =>
      this.place(item, step(at, index), kinds),
    );
    const rising = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
    return rising ? places : wrong(at, "each symbol once, in the order of the definition", "another order");
  }

  /** A table by symbols of these kinds and by counts of 1 to `longest`. */
  table(
    value: Json | undefined,
    at: string,
    kinds: readonly Kind[],
    longest: number,
    range: [number, number],
  ): Table {
    const rows = Object.entries(object(value, at)).map(([name, row]) => {
      const place = this.place(name, step(at, name), kinds);
      return [place, counts(row, step(at, name), longest, range)] as const;
    });
    return new Map(rows);
  }
}

/** Whole numbers by count, each count written in its shortest form. */
export function counts(
  value: Json | undefined,
  at: string,
  longest: number,
  [least, most]: [number, number],
): Map<number, number> {
  const row = Object.entries(object(value, at)).map(([key, amount]) => {
    const count = Number(key);
    const fits = Number.isInteger(count) && count >= 1 && count <= longest && `${count}` === key;
    if (!fits) wrong(step(at, key), `a count from 1 to ${longest}`, key);
    return [count, whole(amount, step(at, key), least, most)] as const;
  });
  return new Map(row);
}

/** The kinds that a symbol is of in one mode or another, as far as they can be told. */
function kindsOf(symbol: Json): ReadonlySet<string> {
  const kinds = new Set<string>();
  const free = isObject(symbol) ? symbol.free : undefined;
  for (const role of [symbol, free].filter(isObject)) {
    kinds.add(`${role.role}`);
    if (role.scatter === true) kinds.add("scatter");
  }
  return kinds;
}

/** Reads `symbols`. */
export function readSymbols(
  value: Json | undefined,
  at: string,
  hasFreeGames: boolean,
): [Vocabulary, Sign[]] {
  const items = list(value, at, 1, MOST_SYMBOLS);
  const vocabulary = new Vocabulary(items, at);
  const signs = items.map((item, place) => readSymbol(item, step(at, place), vocabulary, hasFreeGames));
  return [vocabulary, signs];
}

function readSymbol(value: Json, at: string, vocabulary: Vocabulary, hasFreeGames: boolean): Sign {
  const symbol = object(value, at);
  const base = readRole(symbol, at, vocabulary, ["name"], ["free"]);
  const name = text(symbol.name, `${at}/name`);
  if (symbol.free === undefined) return { name, base, free: base };
  if (!hasFreeGames) wrong(`${at}/free`, "no role for free games, which the game has not", "one");
  const free = readRole(object(symbol.free, `${at}/free`), `${at}/free`, vocabulary, [], []);
  if (sameRole(base, free)) wrong(`${at}/free`, "no role for free games where it is the same", "one");
  return { name, base, free };
}

function sameRole(one: Role, other: Role): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Reads the members of a role beside others that are none of its own. */
function readRole(of: Members, at: string, vocabulary: Vocabulary, must: string[], may: string[]): Role {
  const kind = word(of.role, `${at}/role`, ["regular", "wild", "scatter"]);
  const plain = {
    kind,
    multiplier: 1,
    substitutes: [],
    expands: false,
    scatters: kind === "scatter",
  } as const;
  if (kind !== "wild") {
    record(of, at, [...must, "role"], may);
    return plain;
  }
  record(of, at, [...must, "role", "multiplier", "substitutes"], [...may, "expands", "scatter"]);
  const all = of.substitutes === "regular";
  return {
    kind,
    multiplier: whole(of.multiplier, `${at}/multiplier`, 1, MOST_MULTIPLIER),
    substitutes: all
      ? "regular"
      : vocabulary.set(of.substitutes, `${at}/substitutes`, ["regular", "wild"], 0),
    expands: flag(of.expands, `${at}/expands`),
    scatters: flag(of.scatter, `${at}/scatter`),
  };
}
