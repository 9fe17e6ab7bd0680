import { defineConfig } from "vite";

// The pages are built ahead and lie in the Python package; while writing, `npm run dev` serves them
// from the sources and hands /api to a running `hinomi serve`.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/hinomi/web/static",
    emptyOutDir: true,
    target: "es2022",
    manifest: "manifest.json",
    license: { fileName: "licenses.md" }, // what the pages are made of travels with them
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
  },
  server: { host: "127.0.0.1", proxy: { "/api": "http://127.0.0.1:8765" } },
});
