/** One story's page: every event known by its id. */

import { SceneLayer, type PileEvent, type SelectEvent } from "../layer/scene-layer";
import type { Payload } from "../payload";
import { Blocks } from "./blocks";
import { Filters } from "./filters";
import { Legend } from "./legend";
import { EventList } from "./list";
import { MapPage, type Look, type Setting } from "./map-page";
import { MarksKeys, type Spot } from "./marks-keys";
import { Panel } from "./panel";
import { Query, type Found } from "./query";
import { Strings } from "./strings";

/** Where events stand, in the order of time. */
interface Site extends Spot { ids: readonly string[] }

export class StoryPage extends MapPage<string, Found, Site> {
  protected declare list: EventList;

  constructor(root: HTMLElement, container: HTMLElement, private readonly payload: Payload, setting: Setting) {
    super(root, container, payload, new Strings(payload), setting);
    const { strings } = this;
    const { events } = payload;
    const list = new EventList(root, this.listed);
    const panel = new Panel(list, strings, this.carded);
    const rows = new Map(events.id.map((id, row) => [id, row]));
    const marks = new MarksKeys<string, Site>({
      spots: () => (this.layer as SceneLayer | null)?.focusables() ?? [],
      first: ({ ids }) => ids[0],
      find: (spots, id) => spots.findIndex(({ ids }) => ids.includes(id!)),
      name: ({ ids }) => strings.spoken(ids.map((id) => rows.get(id)!), events),
      opened: ({ ids }, button) => {
        this.press(ids[0]);
        this.opener = button;
      },
      pointed: (id) => this.pointed(id),
      bring: (spot) => this.bring(spot),
      zoom: (by) => { this.map?.setZoom(this.map.getZoom() + by, { animate: false }); },
    });
    const filters = new Filters<Found>(root, { query: new Query(payload), values: (name) => events[name].values, legend: new Legend(root, payload), time: payload.time,
      bars: (size, bin) => new Blocks(events, size, bin) }, strings, setting.own, (found) => this.filtered(found));
    this.join({ list, panel, marks, filters });
  }

  protected key(id: string): string | null {
    return this.list.has(id) ? id : null;
  }

  protected id(id: string): string {
    return id;
  }

  protected draw(look: Look): SceneLayer {
    const { list, panel } = this;
    const numbers = new Map(this.list.ids.map((id, i) => [id, i + 1]));
    const layer = new SceneLayer(this.payload, { ...look, number: (id) => numbers.get(id) ?? 0 });
    layer.on("select", (e) => this.press((e as SelectEvent).id));
    layer.on("hover", (e) => list.hover((e as unknown as { id: string | null }).id));
    layer.on("pile", (e) => {
      // A pile opens as one of its events is pressed.
      if (this.pressed) panel.choose((e as PileEvent).events);
    });
    return layer;
  }

  /** Events that share a spot with this one. */
  protected others(id: string): readonly string[] {
    return this.payload.sites.find((site) => site.events.includes(id))?.events.filter((other) => other !== id) ?? [];
  }

  protected keep({ ids }: Found): void {
    this.list.keep(ids, this.strings.figures);
  }

  protected show({ ids }: Found): void {
    (this.layer as SceneLayer | null)?.setFilter((id) => ids.has(id));
  }
}
