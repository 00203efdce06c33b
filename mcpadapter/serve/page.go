package serve

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// pageFiles are the page for people, its style and its script.
//
//go:embed page
var pageFiles embed.FS

// pagePolicy permits the page its own style and script, and nothing else.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; " +
	"frame-ancestors 'none'"

const (
	pageFlag = "page"
	pagePath = "/page/"
	// maxFound limits the operations that a search shows.
	maxFound = 50
	maxQuery = 200 // bytes
)

// pageTemplates are those of the overview and of an operation.
//
//nolint:gochecknoglobals // parsed once, when the first page is asked for, of what is embedded
var pageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"code": inlineCode}).ParseFS(pageFiles, "page/*.html"))
})

// inlineCode returns a text as HTML, with what stands in backquotes as code.
func inlineCode(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			b.WriteString("<code>" + template.HTMLEscapeString(part) + "</code>")
		} else {
			b.WriteString(template.HTMLEscapeString(part))
		}
	}
	return template.HTML(b.String()) //nolint:gosec // G203: every part is escaped
}

// people serves a page for people: what the server is, how clients connect to it, and what they may call.
type people struct {
	program

	flags   flags
	auth    authSettings
	opts    HTTPOptions
	adapter *mcpadapter.Adapter
	base    func(*http.Request) string
}

// pageData is what both pages show.
type pageData struct {
	Name, Title, Version, Description, Website string

	Root     string // where the page is, relative to the one that is shown
	Endpoint string

	// Of the overview.
	Clients          []pageClient
	Query            string
	Sets             []pageSet
	Permitted, Total int
	Settings         []pageSetting

	Tool *pageTool // of the page of an operation
}

type pageSet struct {
	Name  string
	Tools []pageTool
}

type pageTool struct {
	Name, Title, Effect string

	// Of the page of an operation.
	Toolset, Description, Signature, Schema, Example, Command string
	Risks, Limits                                             []string
	Confirmed                                                 bool
	Arguments                                                 []mcpadapter.ArgumentDescription
}

type pageSetting struct{ Name, Value, Flag string }

func (p people) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.overview)
	mux.HandleFunc("GET "+pagePath+"operations/{name}", p.operation)
	for name, media := range map[string]string{"page.css": "text/css", "page.js": "text/javascript"} {
		mux.HandleFunc("GET "+pagePath+name, func(w http.ResponseWriter, _ *http.Request) {
			text, _ := pageFiles.ReadFile("page/" + name) // it is embedded
			pageHeader(w, media)
			_, _ = w.Write(text)
		})
	}
}

// pageHeader sets the header of a response that is for this page alone.
func pageHeader(w http.ResponseWriter, media string) {
	h := w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
}

func (p people) write(w http.ResponseWriter, name string, data pageData) {
	data.Name, data.Title, data.Version = p.api.Name, p.api.Title, p.api.Version
	data.Description, data.Website = p.api.Short, p.api.Website
	var b bytes.Buffer
	if err := pageTemplates().ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page cannot be written", http.StatusInternalServerError)
		return
	}
	pageHeader(w, "text/html")
	_, _ = w.Write(b.Bytes())
}

func (p people) overview(w http.ResponseWriter, r *http.Request) {
	base := p.base(r)
	data := pageData{
		Root: "", Endpoint: base + mcpPath, Clients: p.clients(base + mcpPath),
		Total: len(p.adapter.AllTools()), Settings: p.settingsShown(),
	}
	tools := p.adapter.Tools()
	data.Permitted = len(tools)
	if data.Query = strings.TrimSpace(r.URL.Query().Get("q")); len(data.Query) > maxQuery {
		data.Query = data.Query[:maxQuery]
	}
	if data.Query != "" {
		data.Sets = []pageSet{{"Best matches", nil}}
		for _, t := range p.adapter.Search(r.Context(), data.Query, maxFound) {
			data.Sets[0].Tools = append(data.Sets[0].Tools, rowOf(t))
		}
	} else {
		data.Sets = setsOf(tools)
	}
	p.write(w, "page.html", data)
}

// setsOf groups tools by toolset, in their order.
func setsOf(tools []mcpadapter.Tool) []pageSet {
	var sets []pageSet
	at := map[string]int{}
	for _, t := range tools {
		i, known := at[t.Toolset()]
		if !known {
			i = len(sets)
			at[t.Toolset()] = i
			sets = append(sets, pageSet{Name: t.Toolset()})
		}
		sets[i].Tools = append(sets[i].Tools, rowOf(t))
	}
	return sets
}

func rowOf(t mcpadapter.Tool) pageTool {
	return pageTool{Name: t.Name(), Title: t.Title(), Effect: t.Risk().Effect().String()}
}

func (p people) operation(w http.ResponseWriter, r *http.Request) {
	t, err := p.adapter.Tool(r.PathValue("name"))
	if err != nil || !t.Permitted(r.Context()) {
		http.NotFound(w, r)
		return
	}
	tool := rowOf(t)
	tool.Toolset, tool.Description = t.Toolset(), t.Description()
	tool.Signature = strings.TrimSuffix(t.Signature(), " // "+t.Title())
	tool.Risks, tool.Limits, tool.Confirmed = t.Risk().Names(), t.Limits(), t.MayConfirm(r.Context())
	tool.Arguments = t.Arguments()
	tool.Schema = indented(t.InputSchema())
	if example := t.Example(); example != nil {
		tool.Example = indented(example)
		tool.Command = p.api.Name + " tool call " + t.Name() + " '" + strings.ReplaceAll(string(example), "'", `'\''`) + "'"
	}
	p.write(w, "operation.html", pageData{Root: "../../", Endpoint: p.base(r) + mcpPath, Tool: &tool})
}

// indented returns a JSON text for people.
func indented(text json.RawMessage) string {
	var b bytes.Buffer
	if json.Indent(&b, text, "", "  ") != nil {
		return string(text)
	}
	return b.String()
}
