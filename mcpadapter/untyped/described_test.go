package untyped_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/spec"
	"github.com/seed-f165d83c/workos/mcpadapter/untyped"
)

// described returns the tools of a document, which call an API that records.
func described(t *testing.T, document string) (*mcpadapter.Adapter, *api) {
	t.Helper()
	a := newAPI(t)
	client, err := untyped.NewClient(a.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := spec.New(client, []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	for _, skipped := range adapter.Skipped() {
		t.Error(skipped)
	}
	return adapter, a
}

// wantSent calls a tool and compares what arrives; "": nothing does.
func wantSent(t *testing.T, adapter *mcpadapter.Adapter, a *api, tool, arguments, want string) {
	t.Helper()
	a.got = nil
	called, err := adapter.Tool(tool)
	if err != nil {
		t.Fatal(err)
	}
	result := called.Invoke(t.Context(), json.RawMessage(arguments))
	if (result.Failure != nil) != (want == "") || strings.Join(a.got, "") != want {
		t.Errorf("%s %s: got %s %q, want %q", tool, arguments, result.Text(), a.got, want)
	}
}

const station = `openapi: 3.0.3
info: {title: Station, version: '1'}
paths:
  /badge:
    put:
      operationId: badge
      requestBody: {required: true, content: {image/png: {schema: {type: string, format: byte}}}}
      responses: {'204': {description: Done.}}
  /photo:
    put:
      operationId: photo
      requestBody: {required: true, content: {image/png: {schema: {type: string, format: binary}}}}
      responses: {'204': {description: Done.}}
  /query:
    post:
      operationId: query
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: string}}}}
      responses: {'204': {description: Done.}}
  /free:
    post:
      operationId: free
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {}}}
      responses: {'204': {description: Done.}}
  /parcel:
    post:
      operationId: parcel
      requestBody:
        required: true
        content:
          multipart/related:
            schema:
              type: object
              properties: {about: {type: object, properties: {name: {type: string}}}, note: {type: string}}
      responses: {'204': {description: Done.}}
  /bundle:
    post:
      operationId: bundle
      requestBody: {required: true, content: {multipart/mixed: {schema: {type: string}}}}
      responses: {'204': {description: Done.}}
  /shelves/{id}:
    get:
      operationId: shelf
      parameters:
      - {name: id, in: query, schema: {type: integer}}
      responses: {'204': {description: Done.}}
  /settings:
    patch:
      operationId: settings
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties: {name: {type: string, enum: [a, b]}, size: {type: integer}}
              anyOf: [{required: [name]}, {required: [size]}]
      responses: {'204': {description: Done.}}
`

func TestRequestsAreWhatTheirDescriptionsSay(t *testing.T) {
	t.Parallel()
	adapter, a := described(t, station)
	const crlf = "\r\n"
	about := "--boundary" + crlf + `Content-Disposition: form-data; name="about"` + crlf + "Content-Type: application/json" +
		crlf + crlf + `{"name":"x"}` + crlf
	note := "--boundary" + crlf + `Content-Disposition: form-data; name="note"` + crlf + crlf + "n" + crlf
	for _, c := range []struct{ tool, arguments, want string }{
		{"badge", `{"body":"iQ=="}`, "PUT /badge?\n\n\nimage/png\niQ=="}, // the body is base64
		{"badge", `{"body":"?"}`, ""},
		{"photo", `{"body":"iQ=="}`, "PUT /photo?\n\n\nimage/png\n\x89"},
		{"query", `{"body":"a=1&b"}`, "POST /query?\n\n\napplication/x-www-form-urlencoded\na=1&b"},
		{"free", `{"body":{"a":1,"b":"c d"}}`, "POST /free?\n\n\napplication/x-www-form-urlencoded\na=1&b=c+d"},
		{"free", `{"body":["a"]}`, ""},
		{
			"parcel", `{"note":"n","about":{"name":"x"}}`, "POST /parcel?\n\n\n" + `multipart/related; type="application/json"` +
				"\n" + about + note + "--boundary--" + crlf,
		},
		{"bundle", `{"body":"LS14DQoNCmENCi0teC0tDQo="}`, "POST /bundle?\n\n\nmultipart/mixed\n" +
			"--boundary" + crlf + crlf + "a" + crlf + "--boundary--" + crlf},
		{"shelf", `{"id":"a/b","query_id":7}`, "GET /shelves/a%2Fb?id=7\n\n\n\n"},
		{"shelf", `{"id":7,"query_id":"a"}`, ""},
		{"settings", `{"body":{"size":1}}`, "PATCH /settings?\n\n\napplication/json\n" + `{"size":1}`},
		{"settings", `{"body":{}}`, ""},
	} {
		wantSent(t, adapter, a, c.tool, c.arguments, c.want)
	}
	tool, err := adapter.Tool("settings")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(sample(t, tool, false)); got != `{"body":{"name":"a"}}` {
		t.Errorf("got %s, want what one of the alternatives requires", got)
	}
}

// TestStylesWriteWhatTheyLeaveUndefined has what documents describe nevertheless.
func TestStylesWriteWhatTheyLeaveUndefined(t *testing.T) {
	t.Parallel()
	var parameters []string
	for _, p := range []struct{ name, style string }{
		{"deep", "deepObject"}, {"spaced", "spaceDelimited"}, {"piped", "pipeDelimited"}, {"form", "form"},
	} {
		parameters = append(parameters, fmt.Sprintf("{name: %s, in: query, style: %s, explode: false, schema: {}}", p.name, p.style))
	}
	adapter, a := described(t, "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /x:\n    get:\n      operationId: x\n"+
		"      parameters: ["+strings.Join(parameters, ", ")+"]\n      responses: {'204': {description: D.}}\n")
	for arguments, want := range map[string][]string{
		`{"deep":{"a":1}}`:            {"deep[a]=1"},
		`{"deep":"","spaced":"a b"}`:  {"deep=", "spaced=a+b"},
		`{"piped":true}`:              {"piped=true"},
		`{"piped":["a",{"b":1}]}`:     {"piped=a|%7B%22b%22%3A1%7D"},
		`{"piped":{"b":2,"a":[1]}}`:   {"piped=a|%5B1%5D|b|2"},
		`{"form":{"a":{"b":[1]}}}`:    {"form=a,%7B%22b%22%3A%5B1%5D%7D"},
		`{"deep":{"a":{"b":["c"]}}}`:  {"deep[a][b][0]=c"},
		`{"form":"a,b","piped":"c|"}`: {"form=a%2Cb", "piped=c%7C"},
	} {
		slices.Sort(want)
		wantSent(t, adapter, a, "x", arguments, "GET /x?"+strings.Join(want, "&")+"\n\n\n\n")
	}
}

// What a parameter is called in the API may be another spelling of the argument for another parameter.
func TestNamesOfTheAPIComeBeforeOtherSpellings(t *testing.T) {
	t.Parallel()
	adapter, a := described(t, `
openapi: 3.1.0
info: {title: Times, version: "1"}
paths:
  /calls:
    get:
      operationId: calls
      parameters:
        - {name: StartTime, in: query, schema: {type: string}}
        - {name: StartTime<, in: query, schema: {type: string}}
        - {name: filter, in: query, schema: {type: string}}
        - {name: $filter, in: query, schema: {type: string}}
        - {name: X-Basket, in: header, schema: {type: string}}
        - {name: X-Basket, in: query, schema: {type: string}}
        - {name: a<, in: query, schema: {type: string}}
        - {name: a<, in: header, schema: {type: string}}
      responses: {"204": {description: ""}}
`)
	const calls = "GET /calls?"
	for _, c := range []struct{ arguments, want string }{
		{`{"StartTime<":"1"}`, calls + "StartTime%3C=1\n\n\n\n"},
		{`{"StartTime<":"1","StartTime":"2"}`, calls + "StartTime%3C=1&StartTime=2\n\n\n\n"},
		{`{"start_time":"2"}`, calls + "StartTime=2\n\n\n\n"},
		{`{"$filter":"1"}`, calls + "%24filter=1\n\n\n\n"},
		{`{"$filter":"1","filter":"2"}`, calls + "%24filter=1&filter=2\n\n\n\n"},
		{`{"$filter":"1","query_filter":"2"}`, ""},
		{`{"a<":"1"}`, ""},
		{`{"X-Basket":"h","query_X-Basket":"q"}`, calls + "X-Basket=q\nh\n\n\n"},
	} {
		wantSent(t, adapter, a, "calls", c.arguments, c.want)
	}
}

// A path that is not escaped itself takes no escape from the values in it.
func TestValuesStaySegmentsOfPathsThatAreNotEscaped(t *testing.T) {
	t.Parallel()
	parameters := func(names ...string) string {
		for i, name := range names {
			names[i] = `{name: "` + name + `", in: path, required: true, schema: {type: string}}`
		}
		return "parameters: [" + strings.Join(names, ", ") + `], responses: {"204": {description: ""}}}}`
	}
	adapter, a := described(t, `
openapi: 3.1.0
info: {title: Rooms, version: "1"}
paths:
  /große räume/{id}/{a b}: {get: {operationId: room, `+parameters("id", "a b")+`
  /a%20b|c/{id}?x=ü: {get: {operationId: mixed, `+parameters("id")+`
  /ö/{id}: {get: {operationId: matrix, parameters: [{name: id, in: path, required: true, style: matrix, schema: {
    type: string}}], responses: {"204": {description: ""}}}}
  /plain/{id}: {get: {operationId: plain, `+parameters("id")+`
`)
	for _, c := range []struct{ tool, arguments, want string }{
		{"room", `{"id":"x/y","a_b":"%2F ü?"}`, "/gro%C3%9Fe%20r%C3%A4ume/x%2Fy/%252F%20%C3%BC%3F?"},
		{"mixed", `{"id":"x/y"}`, "/a%20b%7Cc/x%2Fy?x=ü"},
		{"matrix", `{"id":"x/y,z"}`, "/%C3%B6/;id=x%2Fy,z?"},
		{"plain", `{"id":"x/y ü"}`, "/plain/x%2Fy%20%C3%BC?"},
	} {
		wantSent(t, adapter, a, c.tool, c.arguments, "GET "+c.want+"\n\n\n\n")
	}
}

func TestCookiesAreBesideThoseOfAHeader(t *testing.T) {
	t.Parallel()
	adapter, a := described(t, `
openapi: 3.1.0
info: {title: Visits, version: "1"}
paths:
  /visits:
    get:
      operationId: visits
      parameters: [{name: visit, in: cookie, schema: {type: string}}, {name: Cookie, in: header, schema: {type: string}}]
      responses: {"204": {description: ""}}
`)
	for arguments, want := range map[string]string{
		`{"visit":"1","Cookie":"a=b; c=d"}`: "a=b; c=d; visit=1", `{"Cookie":"a=b"}`: "a=b", `{"visit":"1"}`: "visit=1",
	} {
		wantSent(t, adapter, a, "visits", arguments, "GET /visits?\n\n"+want+"\n\n")
	}
}

// {} stands for a body that is omitted, but not in a media type that has no {}.
func TestARequiredBodyIsRequiredInEachMediaType(t *testing.T) {
	t.Parallel()
	adapter, a := described(t, `
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    post:
      operationId: notes
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, properties: {a: {type: integer}}}}
          application/xml: {schema: {type: string}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: integer}}}}
      responses: {"204": {description: ""}}
`)
	const notes = "POST /notes?\n\n\n"
	for arguments, want := range map[string]string{
		`{}`: notes + "application/json\n{}", `{"content_type":"application/json"}`: notes + "application/json\n{}",
		`{"content_type":"application/xml"}`:                   "",
		`{"content_type":"application/x-www-form-urlencoded"}`: "",
		`{"content_type":"application/xml","body":"<a/>"}`:     notes + "application/xml\n<a/>",
	} {
		wantSent(t, adapter, a, "notes", arguments, want)
	}
}

// Without a parameter is not what null would mean, and nothing in a query means it.
func TestNoParameterIsNull(t *testing.T) {
	t.Parallel()
	adapter, a := described(t, `
openapi: 3.1.0
info: {title: Wishes, version: "1"}
paths:
  /wishes:
    get:
      operationId: wishes
      parameters: [{name: any, in: query, schema: true}, {name: text, in: query, schema: {type: [string, "null"]}}]
      responses: {"204": {description: ""}}
`)
	for arguments, want := range map[string]string{
		`{"any":null}`: "", `{"any":[]}`: "", `{"any":{}}`: "", `{"text":null}`: "",
		`{"any":"null"}`: "any=null", `{"any":0.50}`: "any=0.50", `{"any":false}`: "any=false", `{"any":[1,2]}`: "any=1&any=2",
	} {
		if want != "" {
			want = "GET /wishes?" + want + "\n\n\n\n"
		}
		wantSent(t, adapter, a, "wishes", arguments, want)
	}
}
