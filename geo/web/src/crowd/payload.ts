/** What a page of very many rows is told at once; all that belongs to a row stands in its block. */

import type { Payload } from "../payload";

export interface CrowdPayload extends Omit<Payload, "sites" | "marks" | "areas" | "origins" | "sorties" | "events"> {
  counts: Record<string, number>;
  crowd: {
    n: number;
    /** Actor slot → angle of its hatch; others are hatched as slot 6. */
    hatch: Record<string, 45 | 135>;
    /** Language of the file's texts where it states none. */
    lang: string;
    /** What a row's words are from that names no source: the table's own name, or nothing. */
    source?: string | null;
    /** Row → numbers of its corrections. */
    corrected?: Record<string, number[]>;
    /** Headers of the file's further columns, in its order. */
    columns: string[];
  };
}
