/** The buttons on a map of very many marks: put in their places once the map has been still for a while, at once for who is among them. */

import { MarksKeys } from "../ui/marks-keys";
import type { Pile } from "./layer";

const STILL_MS = 150;

export class LaterMarks extends MarksKeys<number, Pile> {
  private timer = 0;
  private placed = false;

  update(): void {
    clearTimeout(this.timer);
    const now = (): void => {
      this.placed = true;
      super.update();
    };
    if (!this.placed || this.element.contains(document.activeElement)) now();
    else this.timer = window.setTimeout(now, STILL_MS);
  }
}
