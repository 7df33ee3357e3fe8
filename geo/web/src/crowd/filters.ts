/** The filters of very many rows: a search may still be going on while what it has found is shown. */

import { Filters } from "../ui/filters";
import type { Found } from "./query";
import type { Search } from "./search";
import type { CrowdStrings } from "./strings";

export class CrowdFilters extends Filters<Found> {
  private told: { search: Search; words: CrowdStrings } | undefined;

  /** From now on the status says how far a search has come. */
  tell(search: Search, words: CrowdStrings): void {
    this.told = { search, words };
  }

  write(): void {
    super.write();
    const going = this.told?.search.going;
    if (going) this.say(`${this.told!.words.word("shown", { n: this.found.rows.length, total: going.total })}; ${this.told!.words.word("searching", going)}`);
  }
}
