// The four wire formats in which command-line clients talk to a model. Each knows what a request offers and reports, and
// how to write a call of a tool and a plain sentence, as a stream of server-sent events.

const chat = {
  path: /\/chat\/completions$/,
  offered: ({ tools = [] }) =>
    tools.filter(({ function: f }) => f).map(({ function: f }) => ({ name: f.name, schema: f.parameters })),
  results: ({ messages }) => messages.filter(({ role }) => role === "tool").map(({ content }) => flat(content)),
  call: ({ name, args, id }) => [
    chunk({ role: "assistant", tool_calls: [{ index: 0, id, type: "function", function: { name, arguments: args } }] }),
    chunk({}, "tool_calls"),
    "[DONE]",
  ],
  say: (text) => [chunk({ role: "assistant", content: text }), chunk({}, "stop"), "[DONE]"],
};

function chunk(delta, finish_reason = null) {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  return {
    id: "chatcmpl-1", object: "chat.completion.chunk", created: 0, model: "fake",
    choices: [{ index: 0, delta, finish_reason }], ...(finish_reason && { usage }),
  };
}

const responses = {
  path: /\/responses$/,
  // A namespace holds the tools of one server, whose names the client joins with its own.
  offered: ({ tools = [] }) =>
    tools.flatMap((tool) =>
      tool.type === "namespace"
        ? tool.tools.map(({ name, parameters }) => ({ name, namespace: tool.name, schema: parameters }))
        : [{ name: tool.name, schema: tool.parameters }],
    ),
  results: ({ input }) =>
    input.filter(({ type }) => type === "function_call_output").map(({ output }) => flat(output)),
  call: ({ name, namespace, args, id }) =>
    turn({ type: "function_call", id: "fc_1", call_id: id, name, ...(namespace && { namespace }), arguments: args }),
  say: (text) =>
    turn({ type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text, annotations: [] }] }),
};

function turn(item) {
  const response = { id: "resp_1", object: "response", status: "completed", model: "fake", output: [item] };
  const usage = {
    input_tokens: 1, input_tokens_details: { cached_tokens: 0 }, output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 2,
  };
  return [
    { type: "response.created", response: { ...response, status: "in_progress", output: [] } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { ...response, usage } },
  ];
}

const messages = {
  path: /\/messages$/,
  offered: ({ tools = [] }) =>
    tools.filter((tool) => tool.input_schema).map(({ name, input_schema }) => ({ name, schema: input_schema })),
  results: ({ messages }) =>
    messages
      .flatMap(({ content }) => (Array.isArray(content) ? content : []))
      .filter(({ type }) => type === "tool_result")
      .map(({ content }) => flat(content)),
  call: ({ name, args, id }) =>
    block({ type: "tool_use", id, name, input: {} }, { type: "input_json_delta", partial_json: args }, "tool_use"),
  say: (text) => block({ type: "text", text: "" }, { type: "text_delta", text }, "end_turn"),
};

function block(content_block, delta, stop_reason) {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "fake", content: [], stop_reason: null, usage };
  return [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage },
    { type: "message_stop" },
  ];
}

const gemini = {
  path: /:(streamG|g)enerateContent$/,
  offered: ({ tools = [] }) =>
    tools
      .flatMap(({ functionDeclarations = [] }) => functionDeclarations)
      .map(({ name, parametersJsonSchema, parameters }) => ({ name, schema: parametersJsonSchema ?? parameters })),
  results: ({ contents }) =>
    contents
      .flatMap(({ parts = [] }) => parts)
      .filter(({ functionResponse }) => functionResponse)
      .map(({ functionResponse }) => JSON.stringify(functionResponse.response)),
  call: ({ name, args }) => [candidate({ functionCall: { name, args: JSON.parse(args) } })],
  say: (text) => [candidate({ text })],
};

function candidate(part) {
  return {
    candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  };
}

/** Text of a result, which is a string or a list of blocks. */
function flat(content) {
  return typeof content === "string" ? content : content.map(({ text = "" }) => text).join("\n");
}

export const shapes = [chat, responses, messages, gemini];
