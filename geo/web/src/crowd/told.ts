/** What a line and a card of the list say of a row. */

import type { Look, ReceiptOf } from "../payload";
import type { Told } from "../ui/line";
import { directionOf, rtlCode } from "../ui/strings";
import type { Speaker } from "./said";
import { OTHERS, type Store } from "./store";
import type { CrowdStrings } from "./strings";

/** Angle of those who are hatched as the others are. */
const OTHER_ANGLE = 135;

export function told(store: Store, speaker: Speaker, strings: CrowdStrings): Told {
  const { drawing, facets: { kind, status }, payload: { crowd: { hatch, source, corrected = {} } } } = store;
  const kindOf = (row: number): string => kind.values[kind.of[row]];
  const statusOf = (row: number): string => status.values[status.of[row]];
  const flown = new Uint8Array(store.n);
  for (let f = 0; f < drawing.flights.n; f++) flown[drawing.flights.row[f]] = 1;
  const angles: Record<string, 45 | 135 | undefined> = hatch;
  return {
    id: (row) => store.id(row),
    kind: kindOf,
    status: statusOf,
    outcome: (row) => drawing.outcome[row],
    look(row): Look {
      const area = drawing.areas[drawing.area[row]];
      const crash = drawing.kind[row] === drawing.crash;
      const slot = area && !angles[drawing.slot[row]] ? OTHERS : drawing.slot[row];
      return { look: area ? "hatch" : crash ? "crash" : "symbol", slot, angle: angles[slot] ?? OTHER_ANGLE, solid: area?.solid ?? true,
        grey: crash ? "ink" : kindOf(row) === "strike" ? "" : "quiet", status: statusOf(row) };
    },
    flown: (row) => flown[row] === 1,
    corrected: (row) => corrected[row] ?? [],
    receipts(row): ReceiptOf[] {
      const at = store.link(row, "receipts");
      const receipts: ReceiptOf[] = store.receiptsAt(at).map((receipt, i) => {
        const lang = speaker.quoteLanguage(receipt);
        const quote = receipt.quote || null;
        return [`q${at}.${i}`, `q${at}.${i}`, quote, lang, quote ? directionOf(quote, rtlCode(lang ?? strings.lang) ? "rtl" : "ltr") : null, receipt.url ?? null, receipt.archived ?? null];
      });
      const own = store.cell("rows", "quote", row) as string | null;
      // What names no source of its own is the table's word, whose link nobody gave.
      if (!receipts.length && (own || source)) receipts.push([`q${at}.0`, `q${at}.0`, null, null, null, null, null]);
      if (own) {
        // A row's own words are those of its last source, or of the table.
        const last = receipts[receipts.length - 1];
        const lang = (store.cell("rows", "quote_language", row) as string | null) ?? store.receiptsAt(at)[receipts.length - 1]?.source_language ?? null;
        last.splice(2, 3, own, lang, directionOf(own, rtlCode(lang ?? strings.lang) ? "rtl" : "ltr"));
      }
      return receipts;
    },
    has: (key) => strings.says(key),
    more: (row) => store.extras(row),
  };
}
