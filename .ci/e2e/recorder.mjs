// A proxy on loopback between workos-mcp and the emulator that remembers each request, so that a test can tell what
// reached the wire, and above all that nothing did.
import http from "node:http";
import { once } from "node:events";

/** Starts the proxy; `requests` grows by { method, url, authorization, body } for each request it has passed on. */
export async function record(upstream) {
  const requests = [];
  const target = new URL(upstream);
  const server = http.createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method, url, headers } = req;
    requests.push({ method, url, authorization: headers.authorization, body: body.toString() });
    const onward = http.request({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", (err) => res.writeHead(502).end(String(err)));
    onward.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
