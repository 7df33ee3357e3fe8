/** The payload as it stands in the page: plain JSON, or JSON that holds base64 of the DEFLATEd payload. */

import type { Payload } from "./payload";

/** `ground` is the base map's own data, which is packed already. */
interface Packed { v: 1; deflate: string; ground: string }

/** Rejects when the text is not JSON or the data is damaged; nothing of it is ever run. */
export async function unpack(text: string): Promise<Payload> {
  const found = JSON.parse(text) as Payload | Packed;
  if (!("deflate" in found)) return found;
  const bytes = Uint8Array.from(atob(found.deflate), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const payload = JSON.parse(await new Response(stream).text()) as Payload;
  payload.base.data = found.ground;
  return payload;
}
