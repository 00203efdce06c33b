package sandbox

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"sync"
	"time"
)

// pageFiles are the page about the sandbox, its style and its script.
//
//go:embed page
var pageFiles embed.FS

// pagePolicy permits the page its own style and script, and requests to the sandbox, and nothing else.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

const htmlMedia = "text/html; charset=utf-8"

// pageTemplate is that of the page.
//
//nolint:gochecknoglobals // parsed once, when the first is asked for, of what is embedded
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "page/page.html"))
})

// pageData is what the page shows: an overview, or the things of a type in an environment.
type pageData struct {
	Now          string
	Environments []pageEnvironment
	Outbox       []Message
	Requests     []pageRequest
	Deliveries   []Delivery
	Faults       []Fault

	Type        string // "": the overview
	Environment int
	Things      []pageThing
}

type pageEnvironment struct {
	Index int    `json:"index"`
	Key   string `json:"key"`
	Kinds []pageKind
}

type pageKind struct {
	Name, Link string
	Count      int
}

type pageRequest struct {
	Request

	At, Body, Response string
	Class              int
}

type pageThing struct {
	ID, Title string
	Fields    []pageField
}

type pageField struct{ Name, Value, Link string }

// page shows the sandbox to a person. Secrets are masked; the codes and links of the outbox are not.
func (s *Sandbox) page(r request) reply {
	query, err := url.ParseQuery(r.query)
	if err != nil {
		return newProblemReply(badRequest("The query is not escaped as it should be."))
	}
	data := pageData{Now: s.Time().Format("2006-01-02 15:04:05 MST"), Type: query.Get("type")}
	if data.Type != "" {
		data.Environment, _ = strconv.Atoi(query.Get("environment"))
		rep := s.getEnvironments(strconv.Itoa(data.Environment), r.query)
		if rep.status != http.StatusOK {
			return rep
		}
		data.Things = s.pageThings(rep.body, data.Environment, data.Type)
	} else {
		s.overview(&data)
	}
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, data); err != nil {
		return newProblemReply(err)
	}
	return reply{status: http.StatusOK, media: htmlMedia, body: b.Bytes()}
}

func (s *Sandbox) overview(data *pageData) {
	const most = 200
	data.Outbox, data.Deliveries, data.Faults = newest(s.Outbox(), most), newest(s.Deliveries(), most), s.Faults()
	for _, r := range newest(s.Requests(), most) {
		data.Requests = append(data.Requests, pageRequest{
			Request: r, At: r.Time.Format(time.TimeOnly), Class: r.Status / 100,
			Body: indented(r.Body), Response: indented(r.Response),
		})
	}
	var environments []struct {
		pageEnvironment

		Things map[string]int `json:"things"`
	}
	_ = json.Unmarshal(s.getEnvironments("", "").body, &environments) // of our own making
	for _, e := range environments {
		for name, n := range e.Things {
			e.Kinds = append(e.Kinds, pageKind{name, thingLink(e.Index, name, ""), n})
		}
		sort.Slice(e.Kinds, func(i, j int) bool { return e.Kinds[i].Name < e.Kinds[j].Name })
		data.Environments = append(data.Environments, e.pageEnvironment)
	}
}

// newest returns the last entries of a list in reverse.
func newest[T any](list []T, most int) []T {
	list = slices.Clone(list[max(0, len(list)-most):])
	slices.Reverse(list)
	return list
}

func (s *Sandbox) pageThings(body []byte, environment int, kind string) []pageThing {
	things, _ := literal(string(body)).([]any)
	shown := make([]pageThing, 0, len(things))
	for _, v := range things {
		fields, _ := v.(map[string]any)
		t := pageThing{ID: text(fields["id"])}
		for _, name := range []string{fieldName, fieldEmail, fieldSlug, fieldDomain, kindEvent, "state", "status"} {
			if v, ok := fields[name].(string); ok {
				t.Title = v
				break
			}
		}
		for _, name := range sortedKeys(fields) {
			f := pageField{Name: name, Value: text(fields[name])}
			if id, ok := fields[name].(string); ok {
				if k := s.ready().namedIn(kind, name); k != nil {
					f.Link = thingLink(environment, k.name, id)
				}
			}
			t.Fields = append(t.Fields, f)
		}
		shown = append(shown, t)
	}
	slices.Reverse(shown)
	return shown
}

func thingLink(environment int, kind, id string) string {
	u := url.URL{Path: controlPath, Fragment: id, RawQuery: url.Values{
		"environment": {strconv.Itoa(environment)}, "type": {kind},
	}.Encode()}
	return u.String()
}

func indented(text json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return string(text)
	}
	return b.String()
}

// pageFile returns the style or the script of the page.
func pageFile(name, media string) reply {
	text, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		return noSuchPath()
	}
	return reply{status: http.StatusOK, media: media, body: text}
}
