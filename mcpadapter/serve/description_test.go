package serve

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// museum is an API that records the credentials that reach it.
type museum struct {
	*httptest.Server

	got []string
}

func newMuseum(t *testing.T) *museum {
	t.Helper()
	m := &museum{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.got = append(m.got, r.Method+" "+r.URL.String()+" "+r.Header.Get("X-Key")+r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	t.Cleanup(m.Close)
	return m
}

// table describes the museum.
func (m *museum) table() *optable.Table {
	one := func(names ...string) []optable.Requirement {
		var r optable.Requirement
		for _, name := range names {
			r = append(r, optable.Credential{Scheme: name})
		}
		return []optable.Requirement{r}
	}
	return &optable.Table{
		Servers: []string{m.URL + "/v1"}, Security: one("key"),
		SecuritySchemes: []optable.SecurityScheme{
			{Name: "key", Type: optable.APIKey, In: optable.InHeader, Parameter: "X-Key"},
			{Name: "user", Type: optable.HTTP, Scheme: "basic"},
		},
		Operations: []optable.Operation{
			{ID: "hours.list", Method: http.MethodGet, Path: "/hours", Summary: "List opening hours"},
			{ID: "tickets.buy", Method: http.MethodPost, Path: "/tickets", Security: one("user")},
		},
	}
}

func runMuseum(t *testing.T, api API, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(t.Context(), api, Process{
		Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
	})
	return code, out.String(), errs.String()
}

func TestADescriptionIsAllThatAServerNeeds(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	api := API{Name: "museum-mcp", Table: m.table()}
	environ := []string{"MUSEUM_MCP_KEY=k1", "MUSEUM_MCP_USER=ada:pw"}
	if code, stdout, _ := runMuseum(t, api, nil, "tool", "list"); code != ExitOK || !strings.Contains(stdout, "List opening hours") {
		t.Errorf("got %d %s", code, stdout)
	}
	for _, args := range [][]string{{"hours.list"}, {"tickets.buy", "{}", "--yes"}} {
		code, stdout, stderr := runMuseum(t, api, environ, append([]string{"tool", "call"}, args...)...)
		if code != ExitOK || !strings.Contains(stdout, `"ok": true`) {
			t.Errorf("%v: got %d %s%s", args, code, stdout, stderr)
		}
	}
	want := []string{"GET /v1/hours k1", "POST /v1/tickets Basic YWRhOnB3"}
	if !slices.Equal(m.got, want) {
		t.Errorf("got %q, want %q", m.got, want)
	}
}

func TestASourceAndAClientServeToo(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	read := 0
	fromSource := API{Name: "museum-mcp", Spec: func() (*optable.Table, []mcpadapter.SourceProblem, error) {
		read++
		return m.table(), []mcpadapter.SourceProblem{{Line: 7, Found: "an odd thing", Cure: "an even one"}}, nil
	}}
	code, _, stderr := runMuseum(t, fromSource, []string{"MUSEUM_MCP_KEY=k1"}, "tool", "call", "hours.list")
	if code != ExitOK || read != 1 || !strings.Contains(stderr, `line=7 found="an odd thing" cure="an even one"`) {
		t.Errorf("got %d %s after %d readings, want one and the problem", code, stderr, read)
	}
	alone := API{Name: "shop-mcp", Server: m.URL, Client: func(server string, doer *http.Client) (any, error) {
		return shop.NewClientWithResponses(server, shop.WithHTTPClient(doer))
	}}
	code, _, stderr = runMuseum(t, alone, []string{"SHOP_MCP_AUTHORIZATION=Bearer t1"}, "tool", "call", "teasList")
	if code != ExitOK {
		t.Errorf("got %d %s", code, stderr)
	}
	if want := []string{"GET /v1/hours k1", "GET /teas Bearer t1"}; !slices.Equal(m.got, want) {
		t.Errorf("got %q, want %q", m.got, want)
	}
}

func TestAFileHasACredential(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	api := API{Name: "museum-mcp", Table: m.table()}
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("k2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := runMuseum(t, api, []string{"MUSEUM_MCP_KEY=k1"}, "tool", "call", "hours.list",
		"--credential-file", "key="+file, "--server", m.URL+"/v2/")
	if want := []string{"GET /v2/hours k2"}; code != ExitOK || !slices.Equal(m.got, want) {
		t.Errorf("got %d %s %q, want %q", code, stderr, m.got, want)
	}
	for arg, want := range map[string]string{
		"key": "want SCHEME=FILE", "kye=" + file: `unknown security scheme "kye": want key, user`,
		"key=" + file + "x": "no such file", "user=" + file: `credential for "user": want the user and the password`,
	} {
		code, _, stderr := runMuseum(t, api, nil, "tool", "call", "hours.list", "--credential-file", arg)
		if code != ExitUsage || !strings.Contains(stderr, want) || strings.Contains(stderr, "k2") {
			t.Errorf("%s: got %d %s, want %s", arg, code, stderr, want)
		}
	}
	code, _, stderr = runMuseum(t, api, nil, "http", "--credential-file", "key="+file)
	if code != ExitUsage || !strings.Contains(stderr, "over HTTP each request brings its own credentials") {
		t.Errorf("got %d %s", code, stderr)
	}
	if len(m.got) != 1 {
		t.Errorf("got %q, want nothing more", m.got)
	}
}

func TestAMissingCredentialSendsNothing(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	api := API{Name: "museum-mcp", Table: m.table()}
	code, _, stderr := runMuseum(t, api, nil, "tool", "call", "hours.list")
	const want = `no_credentials: operation "hours.list" needs a credential: key; nothing was sent`
	if code != ExitFailed || !strings.Contains(stderr, want) || !strings.Contains(stderr, "MUSEUM_MCP_KEY") || len(m.got) > 0 {
		t.Errorf("got %d %s %q", code, stderr, m.got)
	}
	code, _, stderr = runMuseum(t, api, []string{"MUSEUM_MCP_KYE=k1"}, "tool", "call", "hours.list")
	if code != ExitUsage || !strings.Contains(stderr, "did you mean MUSEUM_MCP_KEY?") || len(m.got) > 0 {
		t.Errorf("got %d %s %q", code, stderr, m.got)
	}
	if code, stdout, _ := runMuseum(t, api, nil, "--help"); code != ExitOK ||
		!strings.Contains(stdout, "MUSEUM_MCP_USER") || !strings.Contains(stdout, "X-Key") {
		t.Errorf("got %d %s, want the variables and headers", code, stdout)
	}
}

func TestEveryProgramHasAVersion(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	for version, want := range map[string]string{"v1.2.3": `^museum-mcp v1\.2\.3 \(go`, "": `^museum-mcp \S+ \(go`} {
		api := API{Name: "museum-mcp", Table: m.table(), Version: version}
		for _, arg := range []string{"--version", "version"} {
			code, stdout, stderr := runMuseum(t, api, nil, arg)
			if code != ExitOK || !regexp.MustCompile(want).MatchString(stdout) {
				t.Errorf("%s of %q: got %d %q %s, want %s", arg, version, code, stdout, stderr, want)
			}
		}
	}
}

func TestRequestsBringTheirCredentials(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	environ := []string{"MUSEUM_MCP_KEY=of the server"}
	p := newProgram(API{Name: "museum-mcp", Table: m.table()}, Process{Stderr: io.Discard, Environ: environ})
	handler, err := p.httpHandler(flags{}, listening{auth: authSettings{auth: authPassthrough}, opts: HTTPOptions{Metrics: NewMetrics()}}, p.logger(flags{}))
	if err != nil {
		t.Fatal(err)
	}
	call := func(header, value string) string {
		r := request(t, strings.NewReader(callBody(1, "hours.list", "{}")))
		if r.Header.Del("X-Key"); header != "" {
			r.Header.Set(header, value)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Body.String()
	}
	call("X-Key", "k1")
	call("X-Credential-Key", "k2")
	if want := []string{"GET /v1/hours k1", "GET /v1/hours k2"}; !slices.Equal(m.got, want) {
		t.Errorf("got %q, want %q", m.got, want)
	}
	body := call("", "")
	if !strings.Contains(body, "no credential") || !strings.Contains(body, "X-Credential-Key, X-Key") || len(m.got) != 2 {
		t.Errorf("got %s %q, want the headers and no further request", body, m.got)
	}
}

func TestAnAPIHasSomethingToServe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		api  API
		want string
	}{
		{API{Name: "x"}, "serve: API has none of Adapter, Table, Spec and Client"},
		{API{Name: "x", Table: &optable.Table{}}, "the description names no server: set --server or X_SERVER"},
		{API{Name: "x", Table: &optable.Table{Servers: []string{"/v1"}}}, `base URL "/v1": want an absolute http or https URL`},
	} {
		code, _, stderr := runMuseum(t, c.api, nil, "tool", "list")
		if code == ExitOK || !strings.Contains(stderr, c.want) {
			t.Errorf("got %d %s, want %s", code, stderr, c.want)
		}
	}
}
