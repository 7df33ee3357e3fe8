// Bundles the front end: node esbuild.mjs OUTDIR. Scripts are ASCII, so a page's hashes never depend on its encoding.
import { build } from "esbuild";
import { existsSync, readFileSync } from "node:fs";
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

const common = {
  absWorkingDir: here,
  outdir,
  bundle: true,
  minify: true,
  charset: "ascii",
  legalComments: "inline",
  logLevel: "warning",
  loader: { ".png": "dataurl", ".svg": "dataurl" },
};
const script = { ...common, format: "iife", target: ["es2020", "chrome100", "firefox100", "safari15"] };
// Leaflet's own minifier knows it better than ours does: 2 KB in every page.
const alias = { leaflet: "leaflet/dist/leaflet.js" };
const banner = { js: `/*!\nLeaflet\n${licence}\n*/` };
const style = { ...common, target: ["chrome100", "firefox100", "safari15"] };
const css = (name) => join(here, "css", `${name}.css`);

await Promise.all([
  build({ ...script, entryPoints: { page: join(here, "src/page.ts") }, alias, banner }),
  build({ ...script, entryPoints: { layers: join(here, "src/layers.ts") }, plugins: [external] }),
  ...["page", "layers"].filter((name) => existsSync(css(name))).map((name) => build({ ...style, entryPoints: { [name]: css(name) } })),
]);
