/** What Python puts into the page as inert JSON; the only thing the scripts know of a story. */

/** [longitude, latitude] in degrees. Longitudes of one line are unwrapped: they may pass ±180. */
export type LonLat = [number, number];
/** [west, south, east, north] in degrees; unwrapped, so west < east. */
export type Box = [number, number, number, number];
/** A text by language; every language of the page is there. A pair carries the language it is really in. */
export type Names = Record<string, string | [string, string]>;

export interface Language { code: string; name: string; dir: "ltr" | "rtl" }

/** Plural forms by CLDR category; `{n}`-style fields are filled in by the page. */
export type Word = string | Record<string, string>;

export interface Payload {
  v: 1;
  slug: string;
  /** The language that the static page is written in. */
  lang: string;
  languages: Language[];
  /** Every text of the page by `data-t` key, for each language. A pair [text, language] where the text is in another one. */
  strings: Record<string, Record<string, string | [string, string]>>;
  /** Messages that the page composes itself (zoom, "3 of 14 shown"). */
  words: Record<string, Record<string, Word>>;
  theme: { light: Theme; dark: Theme };
  /** Font stacks of a publisher's own, by script. */
  fonts?: Partial<Record<"latin" | "arabic" | "hebrew", string>>;
  /** SVG path data of the symbol of each of the seven slots: diameter 1, around its centroid. */
  symbols: string[];
  frame: Frame;
  base: Base;
  labels: Label[];
  sites: Site[];
  marks: Mark[];
  areas: Area[];
  origins: Origin[];
  sorties: Sortie[];
  events: EventTable;
  /** Absent where all dates fall on one day, or none is known. */
  time?: TimeBins;
}

/** How the sign of a line of the list is drawn. */
export interface Look { look: "symbol" | "crash" | "hatch"; slot: number; angle: 45 | 135; solid: boolean; grey: "" | "ink" | "quiet"; status: string }
/** Prefix of its source's texts, prefix of its own, quote with its language and direction, address, archived address. */
export type ReceiptOf = [key: string, own: string, quote: string | null, lang: string | null, dir: "ltr" | "rtl" | null, url: string | null, archived: string | null];

/** One row an event, in order of time, the undated last; the texts of row `i` have the keys `e{i + 1}.…`. */
export interface EventTable {
  id: string[];
  /** First and last day, counted from 1970-01-01; null where that end is open or not known, both where the event is undated. */
  first: (number | null)[];
  last: (number | null)[];
  /** Colour: the actor's slot, or 7 for the ink of a crash. */
  tone: number[];
  slot: number[];
  /** 0 pinned, 1 area, 2 placed outside the map, 3 not placed. */
  outcome: number[];
  actor: Facet;
  kind: Facet;
  status: Facet;
  precision: Facet;
  /** Row of `names`: every known name of the place, in all scripts. */
  place: number[];
  names: string[][];
  /** The sources' own words. */
  quotes: string[][];
}

export interface TimeBins {
  /** First day of every bin, then the day after the last; as `EventTable.first`. Bin `n` is named by the text `time.b{n}`. */
  edges: number[];
  /** Events in the highest column when nothing is left out. */
  top: number;
}

/** What a reader may filter by: `values[of[i]]` is that of event `i`. No actor is "", no place is the precision "unplaced". */
export interface Facet { values: string[]; of: number[] }

export interface Theme {
  land: string; water: string; page: string; coast: string; river: string;
  country: string; province: string; ink: string; city: string;
  countryLabel: string; provinceLabel: string; waterLabel: string; halo: string;
  /** Seven actor slots, first to "others". */
  slots: string[];
  /** Opacity of the tint beneath a hatch. */
  tint: number;
}

export interface Frame {
  /** Must be inside the view, with its margin, at every width. */
  core: Box;
  /** Where sortie lines begin: taken into the view while the core still spans a quarter of it. */
  starts: LonLat[];
  /** Extent of the detailed base map: the reader cannot pan beyond it. */
  bounds: Box;
  /** Extent of the overview inset, or null when the frame needs none. */
  overview: Box | null;
}

/**
 * Lines and polygons, quantised. `data` is base64 of raw DEFLATE of varints: for every line in turn its
 * number of points, then zigzag deltas of lon and lat in units of 1 / q degrees (the first point from 0, 0).
 */
export interface Base {
  q: number;
  /** In the order in which their lines stand in `data`. */
  layers: Layer[];
  /** Base64, or the bytes. */
  data: string | Uint8Array<ArrayBuffer>;
}
export type Layer =
  /** `parts`: rings of each polygon, in turn; the first ring of each is its shell. Filled even-odd. */
  | { name: LayerName; type: "polygon"; parts: number[] }
  /** `parts`: number of lines, in one element. */
  | { name: LayerName; type: "line"; parts: [number] };
/**
 * land, lakes, world (coarse land for the overview): polygons · country, disputed, province, river: lines
 * · `shape:<place id>`: outline of an area or an origin.
 */
export type LayerName = string;

export interface Label {
  role: "country" | "province" | "sea" | "river" | "city" | "place";
  names: Names;
  /** Places to try, best first (a country has one for each shape of frame). A river: the course, to set along. */
  at: LonLat[];
  /** Lower is more important within the role. */
  rank: number;
  capital?: boolean;
  /** A "place" of the story that is no event's site (an origin) is shown always. */
  always?: boolean;
  /** Radius in which a country, sea or province label fits, in degrees of longitude at `at[0]`. */
  room?: number;
}

/** A spot where one or more events are pinned, or the label of an area. */
export interface Site {
  place: string;
  at: LonLat;
  names: Names;
  /** Second line: counts as the sources give them; empty when none was given. */
  sub: Names | null;
  events: string[];
  area: boolean;
}

export interface Mark {
  id: string;
  site: number;
  kind: string;
  at: LonLat;
  /** A rung of the ladder; "not stated" draws a small question mark and no radius. */
  precision: string;
  radius_m: number | null;
  /** Outline to draw instead of a circle (`shape:<id>` without the prefix), or null. */
  shape: string | null;
  slot: number;
  status: "declared" | "reported" | "contested" | "retracted";
  /** Strikes as a range, or null where no number was given. */
  n: [number, number] | null;
}

export interface Area {
  id: string;
  site: number;
  kind: string;
  shape: string;
  slot: number;
  /** True where the edge is a real boundary; false where it is only a radius or a hull. */
  solid: boolean;
  /** 45 for the first actor that is drawn as an area, 135 for the second. */
  angle: 45 | 135;
  status: string;
}

export interface Origin {
  place: string;
  /** Null for a pinned origin (an air base): a node is drawn. */
  shape: string | null;
  at: LonLat;
  names: Names;
  slot: number;
}

export interface Sortie {
  id: string;
  event: string;
  mission: string;
  origin: string;
  /** Index of the target's site. */
  site: number;
  slot: number;
  /** The geodesic from the origin's edge to the edge of the target's circle; unwrapped. */
  path: LonLat[];
  width: 1.5 | 2 | 2.5 | 4;
  /** The line begins at an area's edge and fades in there. */
  fromArea: boolean;
  /** "10 aircraft in total", on one line of a mission only. */
  label: Names | null;
  /** "from the Gulf", written where the frame crops the line. */
  cropLabel: Names;
}
