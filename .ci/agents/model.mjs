// A model on loopback that does what a test says: it calls the tools that the test names, one after another, and then
// says that it is done. It remembers what the client offered it and what became of the calls.
import http from "node:http";
import { once } from "node:events";

import { shapes } from "./shapes.mjs";

/**
 * Starts a model. `steps` are functions from the offered tools and the results so far to { tool, args }, or to nothing
 * when the model has enough. A request that offers none of the tools that `ours` accepts is one that the client makes
 * for itself, such as for a title, and gets a sentence.
 */
export async function startModel(ours, steps) {
  const seen = { offered: [], results: [], requests: [] };
  const server = http.createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const { pathname } = new URL(req.url, "http://localhost");
    const shape = shapes.find(({ path }) => path.test(pathname));
    seen.requests.push(`${req.method} ${req.url}`);
    if (req.method !== "POST" || !shape) {
      res.writeHead(pathname.endsWith("/models") ? 200 : 404, { "Content-Type": "application/json" });
      res.end(JSON.stringify({ object: "list", data: [{ id: "fake", object: "model" }], models: [] }));
      return;
    }
    const request = JSON.parse(Buffer.concat(chunks));
    const offered = shape.offered(request).filter(ours);
    let events = shape.say("Done.");
    if (offered.length > 0) {
      seen.offered = offered;
      seen.results = shape.results(request);
      const next = steps[seen.results.length]?.(offered, seen.results);
      if (next) {
        events = shape.call({ ...next.tool, args: JSON.stringify(next.args), id: `call_${seen.results.length}` });
      }
    }
    res.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const event of events) {
      if (event.type) res.write(`event: ${event.type}\n`);
      res.write(`data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`);
    }
    res.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    seen,
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
