/** The page's words, and those of its rows: texts of row `r` have the keys `e{r + 1}.…`, those of a receipt `q{receipts}.{number}.…`. */

import { setText } from "../ui/change";
import { Strings } from "../ui/strings";
import type { CrowdPayload } from "./payload";
import type { Said, Speaker } from "./said";
import type { Depth } from "./store";

const ROW = /^e(\d+)\.(\w+)$/;
const RECEIPT = /^q(-?\d+)\.(\d+)\.(\w+)$/;
/** What a line of the list says; anything else is for its card. */
const IN_LINE = new Set(["title", "when", "place", "who"]);

export class CrowdStrings extends Strings {
  /** `missed` is called for a row of which something has not been read yet: it is empty until it is written anew. */
  constructor(private readonly wording: CrowdPayload, private readonly speaker: Speaker, private readonly missed: (row: number, depth: Depth) => void) {
    super(wording);
  }

  // Making one takes a third of a millisecond, and a filter writes two hundred numbers.
  private readonly kept = new Map<string, { figures: Intl.NumberFormat; plurals: Intl.PluralRules }>();

  private get forms(): { figures: Intl.NumberFormat; plurals: Intl.PluralRules } {
    let forms = this.kept.get(this.lang);
    if (!forms) this.kept.set(this.lang, (forms = { figures: super.figures, plurals: super.plurals }));
    return forms;
  }

  /** The language that the page was written in, and its direction. */
  get first(): { lang: string; dir: string } {
    const { lang, languages } = this.wording;
    return { lang, dir: languages.find(({ code }) => code === lang)?.dir ?? "ltr" };
  }

  get figures(): Intl.NumberFormat {
    return this.forms.figures;
  }

  get plurals(): Intl.PluralRules {
    return this.forms.plurals;
  }

  text(key: string): Said {
    const said = this.said(key);
    return said === "elsewhere" ? super.text(key) : said ?? { text: "", lang: this.lang };
  }

  /** Whether there is a text, or may be one that has not been read yet. */
  says(key: string): boolean {
    return this.said(key) !== null;
  }

  private said(key: string): Said | null | undefined | "elsewhere" {
    const row = ROW.exec(key);
    if (row) {
      const said = this.speaker.say(+row[1] - 1, row[2], this.lang);
      if (said === undefined) this.missed(+row[1] - 1, IN_LINE.has(row[2]) ? "line" : "card");
      return said;
    }
    const receipt = RECEIPT.exec(key);
    return receipt ? this.speaker.receipt(+receipt[1], +receipt[2], receipt[3], this.lang) : "elsewhere";
  }

  /** As every page's words; numbers of events stand as `data-events`, bare numbers as `data-figure`. */
  write(root: ParentNode): void {
    super.write(root);
    for (const node of root.querySelectorAll<HTMLElement>("[data-events]")) setText(node, this.word("events", { n: +node.dataset.events! }));
    for (const node of root.querySelectorAll<HTMLElement>("[data-figure]")) setText(node, this.figures.format(+node.dataset.figure!));
  }

  /** A mark on the map as it is announced: one event, or how many. */
  mark(row: number, count: number): string {
    const of = (field: string): string | undefined => this.speaker.say(row, field, this.lang)?.text;
    const [place, when] = [of("place"), of("when")];
    if (place === undefined || when === undefined) this.missed(row, "mark");
    if (count > 1) return [this.word("events", { n: count }), place].filter(Boolean).join("; ");
    return [of("title"), place, when].filter(Boolean).join("; ") || this.word("events", { n: 1 });
  }
}
