#!/usr/bin/env node
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(`grimoire needs Node 24 or later, this is ${process.versions.node}: https://nodejs.org`);
  process.exit(2);
}
const { run } = await import("../dist/cli/main.js");
await run();
