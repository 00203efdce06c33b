package serve

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"runtime"
	"strings"
)

// pageClient is how a client connects to the server.
type pageClient struct {
	ID, Title string
	File      string // of its configuration; "": it has none for servers with a URL
	Text      string // what goes there
	Command   string // which writes it there
	After     string // what else is to do
	// Install is a link that has the client add the server. "": the client has no such links.
	Install template.URL
}

// clients returns the known clients with the configuration for a server at a URL, as the command init writes it.
func (p people) clients(endpoint string) []pageClient {
	all := hosts()
	list := make([]pageClient, 0, len(all))
	for _, h := range all {
		c := pageClient{ID: h.name, Title: h.title, After: h.after}
		l := launch{url: endpoint}
		if name := p.credentialVariable(); name != "" {
			value := placeholder
			if h.reference != "" {
				value = fmt.Sprintf(h.reference, name)
			}
			l.env = []variable{{name, value}}
		}
		if text, err := h.fragment(p.serverName(), l); err == nil {
			c.Text = string(text)
			c.File = h.file(func(string) string { return "" }, runtime.GOOS, homeOf(h))
			c.Command = p.api.Name + " init " + h.name + " --url " + endpoint
			c.Install = installLink(h, p.serverName(), l)
		}
		list = append(list, c)
	}
	return list
}

// homeOf returns what stands for the directory of a client's file.
func homeOf(h host) string {
	if h.project {
		return ""
	}
	return "~"
}

// credentialVariable returns the environment variable with what callers send as a bearer token, or "" if they sign in
// or send nothing.
func (p people) credentialVariable() string {
	switch {
	case p.opts.signIn != nil:
	case p.auth.auth == authShared:
		if p.getenv(p.variable(inboundSecret)) != "" {
			return p.variable(inboundSecret)
		}
	case len(p.api.Setup.Keys) > 0:
		return p.api.Setup.Keys[0].Variable
	}
	return ""
}

// installLink returns the link with which a client adds the server, as its documentation describes it, or "".
func installLink(h host, server string, l launch) template.URL {
	if h.name != "vscode" && h.name != "cursor" {
		return ""
	}
	entry, err := h.definition(l)
	if err != nil {
		return ""
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return ""
	}
	if h.name == "cursor" {
		//nolint:gosec // G203: all that is not fixed is escaped
		return template.URL("cursor://anysphere.cursor-deeplink/mcp/install?name=" + url.QueryEscape(server) +
			"&config=" + url.QueryEscape(base64.StdEncoding.EncodeToString(text)))
	}
	members, _ := readMembers(text)
	named, err := json.Marshal(append(object{}.with("name", server), members...))
	if err != nil {
		return ""
	}
	//nolint:gosec // G203: as above
	return template.URL("vscode:mcp/install?" + strings.ReplaceAll(url.QueryEscape(string(named)), "+", "%20"))
}

// settingsShown returns the limits in force.
func (p people) settingsShown() []pageSetting {
	a, _ := p.opts.Admission.withDefaults() // invalid ones were refused
	number := func(n any) string { return fmt.Sprint(n) }
	noLimit := func(n float64) string {
		if n == 0 {
			return "no limit"
		}
		return fmt.Sprint(n)
	}
	callers := p.auth.auth
	if callers == authPassthrough {
		callers += ": each caller brings a credential of the API"
	}
	settings := []pageSetting{
		{"Callers", callers, authFlag},
		{"Mode", p.flags.mode.String(), modeFlag},
		{"Result, bytes", noLimit(float64(p.flags.limits.maxResult)), maxResultFlag},
		{"Secrets in results are hidden", number(p.flags.limits.hideSecrets), hideFlag},
		{"Request, bytes", number(a.MaxRequestBytes), maxRequestFlag},
		{"Requests at once", number(a.MaxCalls), maxCallsFlag},
		{"Requests of one caller at once", number(a.MaxCallerCalls), maxCallerFlag},
		{"Requests of one caller in a second", noLimit(a.Rate), rateFlag},
	}
	if confirmation, err := p.confirmation(p.flags.confirm); err == nil {
		settings = append(settings, pageSetting{"A person confirms", confirmation.Policy.String(), confirmFlag})
	}
	filters, _ := p.filters(p.flags) // as above
	for _, f := range filters {
		for flag, entries := range map[string][]string{toolsetsFlag: f.Toolsets, allowFlag: f.Allow, denyFlag: f.Deny} {
			if len(entries) > 0 {
				settings = append(settings, pageSetting{"Filter", strings.Join(entries, ", "), flag})
			}
		}
		if f.ReadOnly {
			settings = append(settings, pageSetting{"Filter", "only what changes nothing", readOnlyFlag})
		}
	}
	return settings
}
