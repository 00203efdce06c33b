package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// abuses lists them.
func abuses() []abuse {
	get := callBody("1", "organizations.get", oneOrganization)
	array := `{"id":"org_01","domains":[` + strings.Repeat("\"abcde\",", 300_000) + `""]}`
	large := callBody("1", "organizations.create", array)
	values := callBody("1", "organizations.create", `{"name":"A","domains":[`+strings.Repeat("0,", 100_000)+`0]}`)
	var unknown strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&unknown, `"key_%d":"some value of an unknown key",`, i)
	}
	unknownKeys := callBody("1", "organizations.create", `{`+unknown.String()+`"name":"Acme"}`)
	send := func(key, text string) func(int64) (string, http.Header, io.Reader) {
		return func(int64) (string, http.Header, io.Reader) { return key, nil, strings.NewReader(text) }
	}
	withHeader := func(header http.Header) func(int64) (string, http.Header, io.Reader) {
		return func(int64) (string, http.Header, io.Reader) {
			return key(kindGood, abusers), header.Clone(), strings.NewReader(get)
		}
	}
	list := func(jq string) string { return `{"limit":100,"jq":` + fmt.Sprintf("%q", jq) + `}` }
	return []abuse{
		{"nobody", "nobody (for comparison)", func(ctx context.Context, _ *target) { <-ctx.Done() }},
		{"array", "six bodies of 2.4 MB at once, with 300,000 elements", flood(6, send(key(kindGood, abusers), large))},
		{"values", "bodies of 200 kB with 100,000 values", flood(6, send(key(kindGood, abusers), values))},
		{"unknown keys", "calls with 4,000 unknown arguments",
			flood(6, send(key(kindGood, abusers), unknownKeys))},
		{"anonymous array", "the same 2.4 MB without a credential", flood(6, send("", large))},
		{"duplicate keys", `"name" and "NAME" in one call`, flood(6, send(key(kindGood, abusers),
			strings.Replace(get, `"name"`, `"NAME":"organizations.delete","name"`, 1)))},
		{"forged host", "requests for another host", flood(6, withHeader(http.Header{"Host": {"evil.example.com"}}))},
		{"forged origin", "requests of another origin",
			flood(6, withHeader(http.Header{"Origin": {"https://evil.example.com"}}))},
		{"forged headers", "unknown X-MCP-… headers",
			flood(6, withHeader(http.Header{"X-Mcp-Read-Onyl": {"true"}}))}, //nolint:misspell // on purpose
		{"large headers", "60 kB of headers",
			flood(6, withHeader(http.Header{"X-Padding": {strings.Repeat("x", 60_000)}}))},
		{"invalid keys", "calls with ever new keys that the API rejects",
			flood(64, func(n int64) (string, http.Header, io.Reader) {
				return key(kindInvalid, int(n)), nil, strings.NewReader(get)
			})},
		{"valid keys", "calls with ever new keys that the API accepts",
			flood(64, func(n int64) (string, http.Header, io.Reader) {
				return key(kindGood, abusers+int(n)), nil, strings.NewReader(get)
			})},
		{"one key", "512 calls at once with one key", calls(512, kindGood, 1, "organizations.get", oneOrganization)},
		{"idle", "5,000 connections that send nothing", held(5000, idle)},
		{"slow headers", "2,000 connections that send a header in small pieces",
			held(2000, slowly("POST /mcp HTTP/1.1\r\nX-Slow: ", "x"))},
		{"slow bodies", "2,000 connections that send a body in small pieces", held(2000, slowly("", " "))},
		{"slow readers of lists", "500 connections that ask for the list of tools and read nothing",
			held(500, unread(listTools))},
		{"slow readers of results", "500 connections that ask for large results and read nothing",
			held(500, unread(callBody("1", "organizations.list", `{"limit":100}`)))},
		{"jq loop", "jq programs that do not end", calls(64, kindWide, 64, "organizations.list",
			list("["+strings.Repeat(".. as $x|", 40)+"select(false)]"))},
		{"jq memory", "jq programs that gather what they can", calls(64, kindWide, 64, "organizations.list",
			list("[.data[] as $a | .data[] as $b | .data[] | [., $a, $b]]"))},
		{"jq of numbers", "jq programs for responses of 15 MB",
			calls(64, kindNumbers, 64, "organizations.list", list(".data|length"))},
		{"cursors", "512 calls with all_pages of lists whose cursors do not end",
			calls(512, kindCursors, 64, "organizations.list", `{"limit":100,"all_pages":true}`)},
		{"upstream gigabyte", "512 calls whose response has a gigabyte",
			calls(512, kindLarge, 64, "organizations.list", `{}`)},
		{"upstream endless", "512 calls whose response does not end",
			calls(512, kindEndless, 64, "organizations.list", `{}`)},
		{"upstream bomb", "512 calls whose response is a gigabyte in a megabyte of gzip",
			calls(512, kindBomb, 64, "organizations.list", `{}`)},
		{"upstream numbers", "512 calls whose response is 15 MB of numbers",
			calls(512, kindNumbers, 64, "organizations.list", `{}`)},
		{"upstream hung", "512 calls without a response, with 64 keys", calls(512, kindHung, 64, "organizations.list", `{}`)},
		{"upstream drip", "512 calls whose response comes a byte a second",
			calls(512, kindDrip, 64, "organizations.list", `{}`)},
	}
}
