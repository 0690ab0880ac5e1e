// Bundles the pages into web/dist, which is committed; run it after each change: `npm ci && npm run bundle`.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const ROOT = dirname(fileURLToPath(import.meta.url));
const OUT = join(ROOT, "dist");
const TARGET = ["chrome100", "firefox100", "safari15.4"];

// `import css from "./x.css?text"`: the bundled, minified style sheet as a string, for a shadow root.
const cssAsText = {
  name: "css-as-text",
  setup(build) {
    build.onResolve({ filter: /\.css\?text$/ }, (args) => ({
      path: join(args.resolveDir, args.path.replace(/\?text$/, "")),
      namespace: "css-text",
    }));
    build.onLoad({ filter: /.*/, namespace: "css-text" }, async (args) => {
      const result = await esbuild.build({
        entryPoints: [args.path], bundle: true, minify: true, write: false, metafile: true, target: TARGET, absWorkingDir: ROOT,
      });
      const watchFiles = Object.keys(result.metafile.inputs).map((file) => join(ROOT, file));
      return { contents: result.outputFiles[0].text, loader: "text", watchFiles };
    });
  },
};

const options = {
  absWorkingDir: ROOT,
  entryPoints: {
    widget: "widget/main.js",
    desk: "desk/main.js",
    "desk-style": "desk/desk.css",
    knowledge: "knowledge/main.js",
    "knowledge-style": "knowledge/knowledge.css",
    theme: "shared/theme.js",
    demo: "demo/demo.js",
    "demo-style": "demo/demo.css",
  },
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "iife",
  target: TARGET,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "info",
  plugins: [cssAsText],
};

function sources() {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === "node_modules" || entry.name === "dist") continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(m?js|css|json)$/.test(entry.name)) found.push(relative(ROOT, path).split(sep).join("/"));
    }
  };
  walk(ROOT);
  return found.sort();
}

// A test compares these with the files, so that a forgotten bundle is seen without Node.
function writeSources() {
  const lines = sources().map((file) => `${createHash("sha256").update(readFileSync(join(ROOT, file))).digest("hex")}  ${file}`);
  writeFileSync(join(OUT, "SOURCES.sha256"), lines.join("\n") + "\n");
}

function writeLicences(metafile) {
  const packages = new Set();
  for (const file of Object.keys(metafile.inputs)) {
    const match = file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (match) packages.add(match[1]);
  }
  const parts = [...packages].sort().map((name) => {
    const folder = join(ROOT, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    const text = licence ? readFileSync(join(folder, licence), "utf8").trim() : "";
    return `${about.name} ${about.version} (${about.license})\n\n${text}\n`;
  });
  writeFileSync(join(OUT, "LICENSES.txt"), "Bundled in these files:\n\n" + parts.join(`\n${"-".repeat(80)}\n\n`));
}

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, minify: false });
  await context.watch();
} else {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const result = await esbuild.build(options);
  writeLicences(result.metafile);
  writeSources();
}
