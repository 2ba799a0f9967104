// Builds each entry on its own into the folder given: one file a page loads is all of its code, so that its
// hash says everything about what runs (no shared chunks behind it).
import tailwindcss from "@tailwindcss/vite";
import { build, type InlineConfig } from "vite";

const SCRIPTS = ["app", "login", "bid", "sign", "passkeys", "selftest"];

function settings(outDir: string, input: string, format: "es" | "iife"): InlineConfig {
  return {
    configFile: false,
    root: import.meta.dirname,
    logLevel: "warn",
    plugins: [tailwindcss()],
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2023",
      modulePreload: false,
      rolldownOptions: {
        input,
        output: {
          format,
          codeSplitting: false,
          entryFileNames: "[name].js",
          assetFileNames: "[name][extname]",
        },
        // htmx carries an eval for hx-vals; src/app.ts turns it off, and the page's policy forbids it.
        checks: { eval: false },
      },
    },
  };
}

const outDir = process.argv[2];
if (outDir === undefined) throw new Error("usage: node frontend/build.ts FOLDER");

for (const name of SCRIPTS) await build(settings(outDir, `src/${name}.ts`, "es"));
// The preferences run before the first paint, so they are a classic script that blocks.
await build(settings(outDir, "src/prefs.ts", "iife"));
await build(settings(outDir, "css/app.css", "es"));
