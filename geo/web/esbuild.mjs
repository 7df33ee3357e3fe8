// Bundles the front end: node esbuild.mjs OUTDIR. Scripts are ASCII, so a page's hashes never depend on its encoding.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = process.argv[2];
if (!outdir) throw new Error("usage: node esbuild.mjs OUTDIR");

// BSD-2-Clause asks that its whole text goes with every copy, and every page is one.
const licence = readFileSync(join(here, "node_modules/leaflet/LICENSE"), "utf8").trim();

// Somebody else's map brings its own Leaflet: ours must then be that one.
const external = {
  name: "leaflet-from-window",
  setup(b) {
    b.onResolve({ filter: /^leaflet$/ }, () => ({ path: "leaflet", namespace: "window" }));
    b.onLoad({ filter: /.*/, namespace: "window" }, () => ({ contents: "module.exports = window.L;", loader: "js" }));
  },
};

// Selectors of leaflet.css that nothing of ours meets: they go into foreign.css, for a page with other people's layers.
const FOREIGN = /layers|popup|tooltip|vml|icon|marker|shadow|oldie|safari|scale|image-layer|crosshair/;
const leafletRules = (foreign) => ({
  name: "leaflet-rules",
  setup(b) {
    b.onLoad({ filter: /leaflet[\\/]dist[\\/]leaflet\.css$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8").replace(/\/\*[^]*?\*\//g, "");
      const kept = [];
      for (const [, head, body] of text.matchAll(/\s*(@media[^{]*|[^{}]+)(\{(?:[^{}]|\{[^}]*\})*\})/g)) {
        const mine = head.split(",").filter((one) => FOREIGN.test(one) === foreign);
        if (mine.length) kept.push(mine.join(",") + body);
      }
      return { contents: kept.join("\n"), loader: "css" };
    });
  },
});

// A page may hold several copies of Leaflet, which count their listeners each for itself: copies that kept them in one
// place, on the window or the document, would take each other's for their own.
const listenersApart = {
  name: "listeners-apart",
  setup(b) {
    b.onLoad({ filter: /leaflet[\\/]src[\\/]dom[\\/]DomEvent\.js$/ }, ({ path }) => {
      const parts = readFileSync(path, "utf8").split("'_leaflet_events'");
      if (parts.length !== 2) throw new Error("DomEvent.js does not name the place of its listeners once");
      return { contents: parts.join("Symbol()"), loader: "js" };
    });
  },
};

/** The page's style for a fragment: widths are those of its column, sizes do not follow the page's root element. */
function fragmentStyle(page) {
  const rules = page
    .replace(/(^|[{}])body[^{}]*\{[^{}]*\}/g, "$1")
    .replace(/@supports[^{]*\{\s*\}/g, "")
    .replace(/@media\s*(?=\((min|max)-width)/g, "@container ")
    .replace(/(?<![\w#.])(-?\d*\.?\d+)rem\b/g, (_, n) => `${+(n * 16).toFixed(3)}px`);
  if (/rem\b|[{},](body|html)\b/.test(rules)) throw new Error("a rule of page.css reaches beyond .strikemap");
  return `:host{display:block}.sm-room{all:initial;display:block;container-type:inline-size;isolation:isolate}${rules}`;
}

const common = {
  absWorkingDir: here,
  outdir,
  bundle: true,
  minify: true,
  charset: "ascii",
  legalComments: "inline",
  logLevel: "warning",
  loader: { ".png": "dataurl" },
};
const script = { ...common, format: "iife", target: ["es2020", "chrome100", "firefox100", "safari15"] };
// Pages of ours carry the parts of Leaflet that they use; with other people's layers, which may use anything, all of it.
const parts = {
  name: "parts-of-leaflet",
  setup(b) {
    b.onResolve({ filter: /^leaflet$/ }, () => ({ path: join(here, "src/leaflet.js") }));
  },
};
const alias = { leaflet: "leaflet/dist/leaflet.js" };
const banner = { js: `/*!\nLeaflet\n${licence}\n*/` };
const style = { ...common, target: ["chrome100", "firefox100", "safari15"] };
const css = (name) => join(here, "css", `${name}.css`);

await Promise.all([
  build({ ...script, entryPoints: { page: join(here, "src/page.ts") }, banner, plugins: [parts] }),
  build({ ...script, entryPoints: { foreign: join(here, "src/page.ts") }, alias, banner }),
  build({ ...script, entryPoints: { fragment: join(here, "src/fragment.ts") }, banner, plugins: [parts, listenersApart] }),
  build({ ...script, entryPoints: { crowd: join(here, "src/crowd/page.ts") }, banner, plugins: [parts] }),
  build({ ...script, entryPoints: { layers: join(here, "src/layers.ts") }, plugins: [external] }),
  build({ ...style, entryPoints: { page: css("page") }, plugins: [leafletRules(false)] }),
  build({ ...style, entryPoints: { layers: css("layers") } }),
  build({ ...style, entryPoints: { crowd: css("crowd") } }),
  build({ ...style, entryPoints: { foreign: join(here, "node_modules/leaflet/dist/leaflet.css") }, plugins: [leafletRules(true)] }),
]);
writeFileSync(join(outdir, "fragment.css"), fragmentStyle(readFileSync(join(outdir, "page.css"), "utf8")));
