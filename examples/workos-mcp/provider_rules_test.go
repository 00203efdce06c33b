package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func rules() []rule {
	return slices.Concat(nameRules(), generalRules(), openAIRules(), geminiRules())
}

func nameRules() []rule {
	const written, short = mcpadapter.NamesUnderscore, mcpadapter.NamesShort
	dotless := []mcpadapter.NameStyle{written, short}
	matches := func(prefix, pattern string) func(offer) []string {
		re := regexp.MustCompile(pattern)
		return func(o offer) []string {
			return breach(!re.MatchString(prefix+o.name), "%s%s does not match %s", prefix, o.name, pattern)
		}
	}
	return []rule{
		{
			// https://modelcontextprotocol.io/specification/2025-11-25/server/tools, "Tool Names".
			who: "MCP", check: matches("", `^[a-zA-Z0-9_.-]{1,128}$`), broken: offer{name: "get an organization"},
		},
		{
			// The API takes 128: https://github.com/github/copilot-cli/issues/2581. Claude Desktop and claude.ai take 64:
			// https://github.com/mims-harvard/ToolUniverse/issues/3.
			who: "Anthropic", styles: dotless, check: matches("", `^[a-zA-Z0-9_-]{1,64}$`),
			broken: offer{name: "organizations.get"},
		},
		{
			// https://github.com/anthropics/claude-code/issues/22327.
			who: "Claude Code", styles: []mcpadapter.NameStyle{short},
			check:  matches("mcp__"+serverName+"__", `^[a-zA-Z0-9_-]{1,64}$`),
			broken: offer{name: strings.Repeat("x", 60)},
		},
		{
			// https://github.com/openai/codex/issues/8174, https://github.com/nanbingxyz/5ire/issues/403.
			who: "OpenAI", styles: dotless, check: matches("", `^[a-zA-Z0-9_-]{1,64}$`),
			broken: offer{name: "organizations.get"},
		},
		{
			// https://ai.google.dev/api/caching#FunctionDeclaration, https://github.com/google-gemini/gemini-cli/issues/7869.
			who: "Gemini", styles: dotless, check: matches("", `^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$`),
			broken: offer{name: "1_organization"},
		},
		{
			// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html. That of agents
			// takes no dash and no digit in front: API_agent_ToolSpecification.html.
			who: "Bedrock", styles: dotless, check: matches("", `^[a-zA-Z][a-zA-Z0-9_]{0,63}$`),
			broken: offer{name: "organizations-get"},
		},
		{
			// https://github.com/webstudio-is/webstudio/issues/5960, https://github.com/ComposioHQ/composio/issues/2788:
			// 60 characters with the name of the server.
			who: "Cursor", styles: []mcpadapter.NameStyle{short},
			check:  matches("", `^[a-zA-Z0-9_]{1,`+strconv.Itoa(60-len(serverName+":"))+`}$`),
			broken: offer{name: strings.Repeat("x", 54)},
		},
	}
}

func generalRules() []rule {
	described := func(most int) func(offer) []string {
		return func(o offer) []string {
			n := utf8.RuneCountInString(o.description)
			return breach(n == 0 || n > most, "the description has %d characters, not 1 to %d", n, most)
		}
	}
	return []rule{
		{
			// https://modelcontextprotocol.io/specification/2025-11-25/schema, Tool. Bedrock says so on each request:
			// https://github.com/aaif-goose/goose/pull/5064. OpenAI and Codex want properties too:
			// https://github.com/inboxapi/cli/issues/106.
			who: "MCP, Bedrock, OpenAI", broken: offer{schema: json.RawMessage(`{"type":"object"}`)},
			check: func(o offer) []string {
				root := decoded(o)
				return breach(root["type"] != "object" || root["properties"] == nil, "the root is no object with properties")
			},
		},
		{
			// Anthropic: https://github.com/anthropics/claude-code/issues/40075. OpenAI: "schema must have type 'object' and
			// not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level". Both:
			// https://github.com/microsoft/vscode-copilot-chat, src/extension/tools/common/toolSchemaNormalizer.ts.
			who: "Anthropic, OpenAI, VS Code",
			check: func(o offer) []string {
				return unknown(decoded(o), "type", "description", "properties", "required", "additionalProperties")
			},
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{},"anyOf":[{"required":["id"]}]}`)},
		},
		{
			// https://github.com/n8n-io/n8n/issues/30590, https://github.com/anthropics/claude-code/issues/79418.
			who:    "Anthropic",
			check:  propertiesNamed(`^[a-zA-Z0-9_.-]{1,64}$`),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"filter[id]":{"type":"string"}}}`)},
		},
		{
			// "JSON schema is invalid. It must match JSON Schema draft 2020-12":
			// https://github.com/anthropics/claude-code/issues/63673.
			who: "Anthropic", broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"pattern":"("}}}`)},
			check: func(o offer) []string {
				var s jsonschema.Schema
				if err := json.Unmarshal(o.schema, &s); err != nil {
					return []string{err.Error()}
				}
				_, err := s.Resolve(nil)
				return breach(err != nil, "%v", err)
			},
		},
		{
			// "extraneous key [$defs] is not permitted": https://github.com/lastmile-ai/mcp-agent/pull/126. Gemini before
			// 2025-11: https://github.com/tanaikech/ToolsForMCPServer/issues/9.
			who:    "Bedrock, Gemini",
			check:  without("$ref", "$defs", "definitions", "$schema", "$id", "allOf", "oneOf", "not", "if"),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{}}`)},
		},
		{
			// https://github.com/anthropics/claude-code/issues/41593 cuts off at 2048 characters, OpenAI refuses more than
			// 1024: https://github.com/modelcontextprotocol/servers/issues/799. VS Code and Bedrock want a description:
			// toolSchemaNormalizer.ts, API_runtime_ToolSpecification.html.
			who: "Claude Code, OpenAI, VS Code, Bedrock", check: described(1024),
			broken: offer{description: strings.Repeat("x", 1025)},
		},
		{
			// toolSchemaNormalizer.ts cuts them off for GPT-4.
			who: "VS Code", broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"description":"` +
				strings.Repeat("x", 1025) + `"}}}`)},
			check: inEach(func(s map[string]any) []string {
				text, _ := s["description"].(string)
				return breach(utf8.RuneCountInString(text) > 1024, "a description has more than 1024 characters")
			}),
		},
		{
			// https://github.com/microsoft/vscode/issues/246119. OpenAI too:
			// https://github.com/digitalocean-labs/mcp-digitalocean/issues/265, and Gemini:
			// https://github.com/cline/cline/issues/7339.
			who: "VS Code, OpenAI, Gemini",
			check: inEach(func(s map[string]any) []string {
				_, ok := s["items"].(map[string]any)
				return breach(is(s, "array") && !ok, "an array has no items, or several kinds of them")
			}),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":["array","null"]}}}`)},
		},
		{
			// toolSchemaNormalizer.ts drops the name; Gemini refuses it: https://github.com/vercel/ai/pull/11319.
			who: "VS Code, Gemini", broken: offer{schema: json.RawMessage(`{"type":"object","required":["a"]}`)},
			check: inEach(func(s map[string]any) []string {
				properties, _ := s["properties"].(map[string]any)
				var list []string
				for _, name := range anys(s["required"]) {
					text, _ := name.(string)
					list = append(list, breach(properties[text] == nil, "%v is required and not described", name)...)
				}
				return list
			}),
		},
	}
}

// openAIRules are those of https://platform.openai.com/docs/guides/structured-outputs#supported-schemas, save that all
// properties must be required, and for objects with names of the caller's choice, which that mode has no way to say.
func openAIRules() []rule {
	list := []rule{
		{
			check: inEach(func(s map[string]any) []string {
				return unknown(s, "type", "description", "enum", "const", "anyOf", "properties", "required",
					"additionalProperties", "items", "minItems", "maxItems", "pattern", "format", "minimum", "maximum",
					"exclusiveMinimum", "exclusiveMaximum", "multipleOf")
			}),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"uniqueItems":true}}}`)},
		},
		{
			// "'uri' is not a valid format": https://github.com/cyanheads/git-mcp-server/issues/47.
			check: formats("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"),
			broken: offer{
				schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string","format":"uri"}}}`),
			},
		},
		{
			// Without additionalProperties the Agents SDK closes an object, even one with names of the caller's choice:
			// https://github.com/openai/openai-agents-python/pull/4310.
			check: inEach(func(s map[string]any) []string {
				_, ok := s["additionalProperties"]
				return breach(is(s, "object") && (s["properties"] == nil || !ok),
					"an object lacks properties or additionalProperties")
			}),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"object"}}}`)},
		},
		{
			check:  limits(5000, 10, 1000, 120_000),
			broken: offer{schema: deep(11)},
		},
		{
			// One enum of more than 250 strings.
			check: inEach(func(s map[string]any) []string {
				members, length := anys(s["enum"]), 0
				for _, m := range members {
					length += len(fmt.Sprint(m))
				}
				return breach(len(members) > 250 && length > 15_000,
					"an enum has %d members of %d characters", len(members), length)
			}),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"enum":["` +
				strings.Repeat(strings.Repeat("x", 60)+`","`, 251) + `"]}}}`)},
		},
	}
	for i := range list {
		list[i].who, list[i].profiles = "OpenAI", []mcpadapter.Profile{mcpadapter.ProfileOpenAI}
	}
	return list
}

// geminiRules are those of https://ai.google.dev/api/caching#Schema and of Vertex AI,
// https://docs.cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/Schema.
func geminiRules() []rule {
	list := []rule{
		{
			// An unknown keyword: https://github.com/zendev-sh/goai/pull/108. The default is known and ignored.
			check: inEach(func(s map[string]any) []string {
				return unknown(s, "type", "format", "description", "nullable", "enum", "items", "minItems", "maxItems",
					"properties", "required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern",
					"minimum", "maximum", "anyOf")
			}),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string","const":"b"}}}`)},
		},
		{
			// https://github.com/BerriAI/litellm/issues/11164, and each schema has one type:
			// https://github.com/P0luz/Ombre-Brain/issues/119.
			check: inEach(func(s map[string]any) []string {
				if s["anyOf"] != nil {
					return breach(len(s) > 1, "something stands beside anyOf")
				}
				name, _ := s["type"].(string)
				return breach(!slices.Contains([]string{"object", "array", "string", "integer", "number", "boolean"}, name),
					"the type is %v", s["type"])
			}),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":["string","null"]}}}`)},
		},
		{
			// "only 'enum' and 'date-time' are supported for STRING type":
			// https://github.com/google-gemini/gemini-cli/issues/3178.
			check: formats("date-time", "enum", "int32", "int64", "float", "double"),
			broken: offer{
				schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string","format":"email"}}}`),
			},
		},
		{
			// https://github.com/decolua/9router/issues/359, https://github.com/Bobsilvio/ha-claude/pull/32.
			check: inEach(func(s map[string]any) []string {
				var list []string
				for _, m := range anys(s["enum"]) {
					text, _ := m.(string)
					list = append(list, breach(text == "" || s["type"] != "string", "the enum member %v is no string, or empty", m)...)
				}
				return list
			}),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"integer","enum":[1]}}}`)},
		},
		{
			// "properties: should be non-empty for OBJECT type": https://github.com/MarkusPfundstein/mcp-obsidian/issues/21.
			// Later models take such an object and send it empty: https://github.com/livekit/agents/issues/7170. For
			// the root, clients leave the parameters out.
			check: func(o offer) []string {
				return inEach(func(s map[string]any) []string {
					properties, _ := s["properties"].(map[string]any)
					return breach(s["type"] == "object" && len(properties) == 0, "an object has no properties")
				})(offer{schema: nested(o)})
			},
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"object","properties":{}}}}`)},
		},
		{
			// https://docs.cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1beta1/FunctionDeclaration. The
			// dash of idempotency-key, a header's name, is not known to be refused.
			check:  propertiesNamed(`^([a-zA-Z_][a-zA-Z0-9_]{0,63}|idempotency-key)$`),
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a-b":{"type":"string"}}}`)},
		},
		{
			// Observed: "exceeds the maximum allowed nesting depth" (https://github.com/google-gemini/gemini-cli/issues/5923),
			// where the depth is not told, and above some 960 in the sum of maxItems
			// (https://github.com/googleapis/python-genai/issues/2170).
			check:  limits(500, 6, 500, 15_000),
			broken: offer{schema: deep(7)},
		},
		{
			check: func(o offer) []string {
				sum := 0.0
				visit(decoded(o), "", func(_ string, s map[string]any) {
					most, _ := s["maxItems"].(float64)
					sum += most
				})
				return breach(sum > 960, "the sum of maxItems is %v", sum)
			},
			broken: offer{schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"array","maxItems":1000}}}`)},
		},
	}
	for i := range list {
		list[i].who, list[i].profiles = "Gemini", []mcpadapter.Profile{mcpadapter.ProfileGemini}
	}
	return list
}

// deep returns objects in objects.
func deep(levels int) json.RawMessage {
	const begin, end = `{"type":"object","properties":{"a":`, "}}"
	return json.RawMessage(strings.Repeat(begin, levels) + "{}" + strings.Repeat(end, levels))
}
