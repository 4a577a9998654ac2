// node pixelmatch.js MODULES A.raw B.raw WIDTH HEIGHT INCLUDE_AA: prints the best of five, milliseconds of processor time.
const path = require("path");
const fs = require("fs");
const [modules, fileA, fileB, width, height, aa] = process.argv.slice(2);
const file = path.join(modules, "pixelmatch", "index.js");
(async () => {
  const pixelmatch = (await import("file://" + file)).default;
  const a = new Uint8Array(fs.readFileSync(fileA)), b = new Uint8Array(fs.readFileSync(fileB));
  const w = Number(width), h = Number(height), out = new Uint8Array(w * h * 4);
  let best = Infinity, count = 0;
  for (let i = 0; i < 5; i++) {
    const start = process.cpuUsage();
    count = pixelmatch(a, b, out, w, h, { threshold: 0.1, includeAA: aa === "1" });
    const used = process.cpuUsage(start);
    best = Math.min(best, (used.user + used.system) / 1e3);
  }
  console.log(best + " " + count);
})();
