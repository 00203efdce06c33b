package mcpadapter

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// usualFrom is how many operations must end in a verb for the verb to imply the effect of those that are not marked.
const usualFrom = 3

// Catalogue lists the names of all operations that the filters of the context permit, in few words: by toolset, with a
// line for each path and the verbs that follow it.
func (a *Adapter) Catalogue(ctx context.Context) string {
	filters := a.engine.filtersIn(ctx)
	var b strings.Builder
	b.WriteString("# Operations\n\nA name is what stands before a colon and a word behind it, with a dot between.")
	verbs, usual := usualEffects(a.tools)
	var effects []string
	for e := EffectRead; e <= EffectDestructive; e++ {
		list := slices.DeleteFunc(slices.Clone(verbs), func(verb string) bool { return usual[verb] != e })
		if len(list) > 0 {
			effects = append(effects, strings.Join(list, ", ")+": "+e.String())
		}
	}
	if effects != nil {
		b.WriteString(" Effects, unless marked: " + strings.Join(effects, "; ") + ".")
	}
	b.WriteString("\n")
	permitted := a.permitted(filters)
	for _, set := range toolsetsOf(permitted) {
		if description := descriptionOf(set, a.engine.table.Toolsets); description != "" {
			b.WriteString("\n## " + set + ": " + description + "\n")
		} else if set != "" {
			b.WriteString("\n## " + set + "\n")
		}
		writePaths(&b, slices.DeleteFunc(slices.Clone(permitted), func(t *tool) bool { return t.toolset != set }), usual)
	}
	return b.String()
}

// usualEffects returns the verbs that many names end in, with the effect that most of those operations have.
func usualEffects(tools []*tool) (verbs []string, usual map[string]Effect) {
	counts := map[string][EffectDestructive + 1]int{}
	for _, t := range tools {
		_, verb := cutLast(t.name)
		count, known := counts[verb]
		if !known {
			verbs = append(verbs, verb)
		}
		count[t.risk.Effect()]++
		counts[verb] = count
	}
	usual = map[string]Effect{}
	verbs = slices.DeleteFunc(verbs, func(verb string) bool {
		all, most := 0, EffectRead
		for e, n := range counts[verb] {
			all += n
			if n > counts[verb][most] {
				most = Effect(e)
			}
		}
		usual[verb] = most
		return all < usualFrom
	})
	for verb := range usual {
		if !slices.Contains(verbs, verb) {
			delete(usual, verb)
		}
	}
	return verbs, usual
}

// writePaths writes a line for each path, in the order of the tools. A path with a single verb joins the path above it.
func writePaths(b *strings.Builder, tools []*tool, usual map[string]Effect) {
	ends := map[string]int{}
	for _, t := range tools {
		path, _ := cutLast(t.name)
		ends[path]++
	}
	var order []string
	lines := map[string][]string{}
	for _, t := range tools {
		path, verb := cutLast(t.name)
		end := verb
		if above, last := cutLast(path); above != "" && ends[path] == 1 && ends[above] > 0 {
			path, end = above, last+"."+verb
		}
		if effect, known := usual[verb]; !known || effect != t.risk.Effect() {
			end += "(" + t.risk.Effect().String() + ")"
		}
		if lines[path] == nil {
			order = append(order, path)
		}
		lines[path] = append(lines[path], end)
	}
	for _, path := range order {
		if path != "" {
			b.WriteString(path + ": ")
		}
		b.WriteString(strings.Join(lines[path], " ") + "\n")
	}
}

// cutLast splits a name at its last dot.
func cutLast(name string) (before, after string) {
	i := strings.LastIndexByte(name, '.')
	return name[:max(0, i)], name[i+1:]
}

// toolsetsOf returns the toolsets of tools, each once, in their order.
func toolsetsOf(tools []*tool) []string {
	var sets []string
	for _, t := range tools {
		if !slices.Contains(sets, t.toolset) {
			sets = append(sets, t.toolset)
		}
	}
	return sets
}

// ProgramGuide returns instructions for a model that has [Adapter.ProgramTools], to put before those of
// [Adapter.Guide].
func (a *Adapter) ProgramGuide() string {
	return "Operations are called by programs: find them with " + searchTool + ", call them with " + programTool +
		", all that a request needs in as few programs as possible. The resource " + a.CatalogueURI() + " names them all.\n"
}

// Guide returns instructions for a model that apply to many tools: what the filters of the context permit, what a
// person confirms, and the meaning of those [Adapter.CommonArguments] whose names do not explain them; with dynamic,
// also how to use [Adapter.DynamicTools]. A server adds it to its instructions. It ends in a line break, and is "" if
// there is nothing to say.
func (a *Adapter) Guide(ctx context.Context, dynamic bool) string {
	var b strings.Builder
	if dynamic {
		b.WriteString("Call what " + searchTool + " finds with the tool at the end of its line; " + describeTool +
			" has schemas. The resource " + a.CatalogueURI() + " names all.\n")
	}
	var rules []string
	for _, f := range a.engine.filtersIn(ctx) {
		rules = append(rules, f.rules()...)
	}
	if rules != nil {
		b.WriteString("Permitted here: " + strings.Join(rules, "; ") + ". No call can relax this.\n")
	}
	if confirmed := max(a.engine.confirmation.Policy, requiredConfirmation(ctx)); confirmed != ConfirmNone {
		what := "calls that replace, destroy or send something, or read a secret"
		if confirmed == ConfirmWrites {
			what = "every call that changes something or reads a secret"
		}
		b.WriteString("A person first confirms " + what + ".\n")
	}
	if a.engine.terse && a.engine.profile == ProfileStandard {
		b.WriteString(a.engine.guideToArguments())
	}
	heading := "Arguments of many tools:\n"
	for _, argument := range a.telling {
		b.WriteString(heading + "- " + argument.Name + ": " + argument.Described() + "\n")
		heading = ""
	}
	return b.String()
}

// defaultScheme is the default of [WithResourceScheme].
const defaultScheme = "operations"

// uriScheme matches the scheme of a URI (RFC 3986 section 3.1).
var uriScheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)

// WithResourceScheme sets the scheme of the URIs of MCP resources, such as the name of the API, in lower case. Clients
// with several servers tell their resources apart by it. The default is operations.
func WithResourceScheme(scheme string) Option {
	return func(o *options) error {
		if !uriScheme.MatchString(scheme) {
			return fmt.Errorf("WithResourceScheme: invalid scheme %q: want lower-case letters, digits, '+', '-' and '.'",
				scheme)
		}
		o.scheme = scheme
		return nil
	}
}

// CatalogueURI returns the URI of the MCP resource with [Adapter.Catalogue], such as operations://catalogue.
func (a *Adapter) CatalogueURI() string { return a.engine.catalogueURI() }

func (e *engine) catalogueURI() string { return e.scheme + "://catalogue" }

// DocumentationURI returns the URI of the MCP resource with [Tool.Documentation] for the name of an operation, such as
// operations://operations/teas.get. The name may be {name}, for a URI template (RFC 6570).
func (a *Adapter) DocumentationURI(name string) string {
	return a.engine.scheme + "://operations/" + name
}
