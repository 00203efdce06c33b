package serve

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

func TestThePageForPeople(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	api := store.api()
	api.Short, api.Title = "<b>Tea</b>", "Shop & Co"
	api.Setup.Keys = []Key{{Variable: "SHOP_KEY", Required: true}}
	inner := api.Adapter
	api.Adapter = func(settings Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
		return inner(settings, append(opts, mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"teas.delete"}}))...)
	}
	handler := store.site(t, api, listening{addr: "127.0.0.1:8080"})
	const site = "http://127.0.0.1:8080"
	all := len(shop.Operations.Operations)
	counts := fmt.Sprintf("%d of %d operations", all-1, all)
	for path, want := range map[string][]string{
		"/": {
			"Shop &amp; Co MCP server", "&lt;b&gt;Tea", site + "/mcp", "teas.list", `href="page/operations/teas.list"`,
			counts, "cursor://anysphere.cursor-deeplink/mcp/install?name=shop-mcp&amp;config=",
			"vscode:mcp/install?%7B", "${env:SHOP_KEY}", "[mcp_servers.shop-mcp]", "shop-mcp init zed --url " + site + "/mcp",
			"--max-caller-calls", "passthrough",
		},
		"/?q=remove+a+basket":           {"Best matches", "checkout.delete", "show all"},
		"/?q=%3Cscript%3Ealert":         {`value="&lt;script&gt;alert"`},
		"/page/operations/teas.list":    {"List teas", "in_stock", "JSON Schema", "shop-mcp tool call teas.list", `href="../../"`},
		"/page/operations/teas_list":    {"List teas"},
		"/page/operations/parcels.slip": {"Print a packing slip"},
		"/page/page.css":                {":focus-visible"},
		"/page/page.js":                 {"use strict"},
	} {
		w := visit(t, handler, site+path)
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != http.StatusOK || !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: got %d and the policy %s", path, w.Code, policy)
		}
		for _, part := range want {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s: got no %s", path, part)
			}
		}
		for _, never := range []string{"<script>alert", "<b>Tea", "teas.delete", "ZgotmplZ", "style=", "onclick"} {
			if strings.Contains(w.Body.String(), never) {
				t.Errorf("%s: the page has %s", path, never)
			}
		}
	}
	for path, want := range map[string]int{
		"/page/operations/teas.delete": http.StatusNotFound, "/page/operations/no": http.StatusNotFound,
		"/page/": http.StatusNotFound, "/page/page.html": http.StatusNotFound, "/other": http.StatusNotFound,
	} {
		if w := visit(t, handler, site+path); w.Code != want {
			t.Errorf("%s: got %d, want %d", path, w.Code, want)
		}
	}
	for _, path := range []string{"/", "/page/operations/teas.list", "/mcp/server-card"} {
		if w := visit(t, handler, "http://evil.example"+path); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "teas") {
			t.Errorf("%s: got %d %s, want another host refused", path, w.Code, w.Body)
		}
	}
	if n := store.requests.Load(); n != 0 {
		t.Errorf("got %d requests on the wire, want none", n)
	}
}

func TestWhereThePageIsServed(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	const loopback, everywhere = "127.0.0.1:8080", "0.0.0.0:8080"
	for name, c := range map[string]struct {
		listening listening
		want      int
	}{
		"loopback":           {listening{addr: loopback}, http.StatusOK},
		"switched off":       {listening{addr: loopback, pageSet: true}, http.StatusNotFound},
		"with credentials":   {listening{addr: loopback, opts: HTTPOptions{RequireCredential: true}}, http.StatusNotFound},
		"elsewhere":          {listening{addr: everywhere}, http.StatusNotFound},
		"switched on":        {listening{addr: everywhere, pageSet: true, page: true}, http.StatusOK},
		"below a base path":  {listening{addr: loopback, basePath: "/tools"}, http.StatusNotFound},
		"nobody listens yet": {listening{}, http.StatusNotFound},
	} {
		handler := store.site(t, store.api(), c.listening)
		if w := visit(t, handler, "http://127.0.0.1:8080/"); w.Code != c.want {
			t.Errorf("%s: got %d, want %d", name, w.Code, c.want)
		}
		if w := visit(t, handler, "http://127.0.0.1:8080"+c.listening.basePath+"/mcp/server-card"); w.Code != http.StatusOK ||
			!strings.Contains(w.Body.String(), c.listening.basePath+`/mcp"`) {
			t.Errorf("%s: got %d %s, want the card", name, w.Code, w.Body)
		}
	}
}

// What callers have to send is shown as a reference, if they have to send anything.
func TestCredentialsOfThePage(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	api := store.api()
	api.Setup.Keys = []Key{{Variable: "SHOP_KEY"}}
	l := listening{addr: "127.0.0.1:8080", auth: authSettings{auth: authShared}}
	w := visit(t, store.site(t, api, l), "http://127.0.0.1:8080/")
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "Bearer") {
		t.Errorf("got %d %s, want no credential, as the server has its own", w.Code, w.Body)
	}
}
