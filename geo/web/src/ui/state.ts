/** What a reader has chosen to see: from a script, from the controls, or from the page's address. */

/** As a script or a host page gives it. A day, a month or a year as ISO 8601; an empty list or text leaves all. */
export interface Filter {
  from?: string | null;
  to?: string | null;
  actors?: string[] | null;
  kinds?: string[] | null;
  statuses?: string[] | null;
  /** Rungs of the ladder, or "unplaced". */
  precision?: string[] | null;
  text?: string | null;
}

export const FACETS = ["actor", "kind", "status", "precision"] as const;
export type FacetName = (typeof FACETS)[number];

/** A filter that has been read: nothing in it is anybody else's object. */
export interface State {
  /** Days from 1970-01-01, both inclusive; null where that end is open. */
  from: number | null;
  to: number | null;
  chosen: Record<FacetName, string[]>;
  text: string;
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const DAY_MS = 864e5;
const MOST_VALUES = 200;
const MOST_LETTERS = 200;
const GIVEN: Record<FacetName, keyof Filter> = { actor: "actors", kind: "kinds", status: "statuses", precision: "precision" };

/** First or last day of an ISO year, month or day; null for anything else. No clock and no zone takes part. */
export function dayOf(value: unknown, end: boolean): number | null {
  const parts = typeof value === "string" ? DATE.exec(value) : null;
  if (!parts) return null;
  const [year, month, day] = [+parts[1], +(parts[2] ?? 0), +(parts[3] ?? 0)];
  if (month > 12 || day > 31) return null;
  const from = (y: number, m: number, d: number): number => new Date(0).setUTCFullYear(y, m, d) / DAY_MS;
  if (!parts[2]) return end ? from(year + 1, 0, 0) : from(year, 0, 1);
  if (!month || (parts[3] && !day)) return null;
  return parts[3] ? from(year, month - 1, day) : end ? from(year, month, 0) : from(year, month - 1, 1);
}

export const isoOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

export function nothing(): State {
  return { from: null, to: null, chosen: { actor: [], kind: [], status: [], precision: [] }, text: "" };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? [...new Set(value.filter((name): name is string => typeof name === "string" && name.length <= MOST_LETTERS))].slice(0, MOST_VALUES) : [];

/** What somebody asks for, as far as it makes sense. */
export function read(filter: unknown): State {
  const state = nothing();
  if (filter === null || typeof filter !== "object") return state;
  const given = filter as Record<string, unknown>;
  state.from = dayOf(given.from, false);
  state.to = dayOf(given.to, true);
  for (const name of FACETS) state.chosen[name] = texts(given[GIVEN[name]]);
  if (typeof given.text === "string") state.text = given.text.slice(0, MOST_LETTERS);
  return state;
}

export function isEmpty(state: State): boolean {
  return state.from === null && state.to === null && !state.text.trim() && FACETS.every((name) => !state.chosen[name].length);
}

export const dated = (state: State): boolean => state.from !== null || state.to !== null;

// ---- The address: `#from=2015-11-16&to=2015-11-17&actor=france&text=raqqa`

/** Empty where all is shown. */
export function toHash(state: State): string {
  const parts = new URLSearchParams();
  if (state.from !== null) parts.set("from", isoOf(state.from));
  if (state.to !== null) parts.set("to", isoOf(state.to));
  for (const name of FACETS) for (const value of state.chosen[name]) parts.append(name, value);
  if (state.text.trim()) parts.set("text", state.text);
  return parts.toString();
}

/** Null for an address that says nothing of ours: an anchor, or nothing. */
export function fromHash(hash: string): State | null {
  if (hash.length > 20_000) return null;
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  if (!["from", "to", "text", ...FACETS].some((name) => parts.has(name))) return null;
  return read({ from: parts.get("from"), to: parts.get("to"), text: parts.get("text"),
    ...Object.fromEntries(FACETS.map((name) => [GIVEN[name], parts.getAll(name)])) });
}
