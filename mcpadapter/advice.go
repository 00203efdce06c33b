package mcpadapter

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// needsFeature is the extension that names the feature flag an operation requires.
const needsFeature = "x-feature-flag"

// neighbours finds related tools by their paths, to suggest the next call after a failure.
type neighbours struct {
	byRoute map[string]*tool // by method and the shape of the path
	lists   map[string]*tool // by the last segment of the path, in the singular
	namers  map[string]*tool // by the prefix of the ID that they take
	byID    map[string]*tool // by operationId
}

func newNeighbours(tools []*tool) *neighbours {
	n := &neighbours{
		byRoute: map[string]*tool{}, lists: map[string]*tool{}, namers: map[string]*tool{}, byID: map[string]*tool{},
	}
	for _, t := range tools {
		n.byID[t.operation.ID] = t
		n.addNamer(t)
		path := t.operation.Path
		n.byRoute[t.operation.Method+" "+pathShape(path)] = t
		if t.operation.Method != http.MethodGet || t.engine.listOf(t.operation).Items == "" {
			continue
		}
		// Prefer the list with the fewest path parameters.
		name := strings.Join(phrase.Singulars(path[strings.LastIndexByte(path, '/')+1:]), "_")
		if other := n.lists[name]; other == nil || len(t.bound.paths) < len(other.bound.paths) {
			n.lists[name] = t
		}
	}
	return n
}

// finder returns the tool that lists what an argument identifies, or nil.
func (n *neighbours) finder(t *tool, argument string) *tool {
	prefix, _, found := strings.Cut(t.operation.Path, "/{"+argument+"}")
	if found {
		prefix = strings.TrimSuffix(strings.TrimSuffix(prefix, argument), "/") // as in /users/external_id/{external_id}
		if list := n.byRoute[http.MethodGet+" "+pathShape(prefix)]; list != nil {
			return list
		}
	}
	words := phrase.Singulars(argument)
	switch {
	case len(words) == 0:
		return nil
	case found && len(words) == 1: // as in /flags/{slug}, where another toolset's flags may be others
		name := strings.Join(phrase.Singulars(prefix[strings.LastIndexByte(prefix, '/')+1:]), "_")
		if list := n.lists[name]; list != nil && list.toolset == t.toolset {
			return list
		}
		return nil
	}
	switch words[len(words)-1] {
	case "id", "slug", "key", "name":
	default:
		return nil
	}
	for words = words[:len(words)-1]; len(words) > 0; words = words[1:] { // a parent_resource is a resource
		if list := n.lists[strings.Join(words, "_")]; list != nil {
			return list
		}
	}
	return nil
}

// getter returns the tool that gets the resource of a call, or nil: by the path of the call, or the longest prefix of
// it that ends with a parameter.
func (n *neighbours) getter(t *tool) *tool {
	for path := pathShape(t.operation.Path); path != ""; path = path[:strings.LastIndexByte(path, '/')] {
		if get := n.byRoute[http.MethodGet+" "+path]; get != nil && get != t && strings.HasSuffix(path, "}") {
			return get
		}
	}
	return nil
}

// change returns the tool that changes an item of the collection that a call adds to, or nil.
func (n *neighbours) change(t *tool) *tool {
	for _, method := range []string{http.MethodPatch, http.MethodPut} {
		if change := n.byRoute[method+" "+pathShape(t.operation.Path)+"/{}"]; change != nil {
			return change
		}
	}
	return nil
}

// advise adds to a failure of the API what it means for this operation and what to call next, unless the failure has
// advice already. It names only tools that may be called, and no value.
func (c *call) advise(ctx context.Context, failure *Failure) *Failure {
	if failure.Advice != "" {
		return failure
	}
	var advice []string
	say := func(format string, tools ...*tool) {
		names := make([]any, len(tools))
		for i, t := range tools {
			if t == nil || t.filtered(ctx) != nil {
				return
			}
			names[i] = t.name
		}
		advice = append(advice, fmt.Sprintf(format, names...))
	}
	t, n := c.tool, c.tool.engine.neighbours()
	schemes := optable.Alternatives(t.operation.Security)
	open := slices.Contains(schemes, optable.NoCredential)
	about := n.getter(t)
	switch {
	case failure.Status == http.StatusUnauthorized:
		say("The credential is missing, wrong, expired or of another environment. Calling again with it will not help.")
		if len(schemes) > 0 && !open {
			say("This operation takes " + strings.ReplaceAll(strings.Join(schemes, " or "), "%", "%%") + ", unlike most others.")
		}
	case failure.Status == http.StatusForbidden && open:
		say("This does not depend on the credential: the code says what is missing, and the details what it takes.")
	case failure.Status == http.StatusForbidden:
		say("The credential is valid but may not do this. Ask for the permission or use another one.")
		if feature := t.operation.Extension(needsFeature); feature != "" {
			say("It works only where the feature " + strings.ReplaceAll(feature, "%", "%%") + " is switched on.")
		}
	case failure.Status == http.StatusNotFound:
		say("Nothing has this ID or name here.")
		c.adviseFinders(n, say)
		if t.operation.Method == http.MethodDelete {
			say("If it was deleted before, nothing is left to do.")
		}
	case failure.Status == http.StatusConflict && about == nil:
		say("A resource like it exists already.")
		say("Find it with %s.", n.byRoute[http.MethodGet+" "+pathShape(t.operation.Path)])
		say("Change it with %s, or choose another value.", n.change(t))
	case failure.Status == http.StatusConflict:
		say("The current state does not allow it, or a resource like it exists already.")
		say("%s shows the current state.", about)
	case failure.Status == http.StatusBadRequest, failure.Status == http.StatusUnprocessableEntity:
		say("The API refused the values. Correct what the message names before calling again.")
		if !t.annotations.ReadOnly {
			say("%s shows the current state.", about)
		}
	case failure.Status == http.StatusTooManyRequests && failure.RetryAfter == 0:
		say("Too many requests. Wait some seconds before calling again, and longer each time.")
	case failure.RetryAfter > 0:
		say("Wait " + phrase.Plural(failure.RetryAfter, "second") + " before calling again.")
	case (failure.Status == 0 || failure.Status >= http.StatusInternalServerError) && !t.annotations.ReadOnly:
		c.uncertain(n, about, say)
	case failure.Status >= http.StatusInternalServerError:
		say("The API failed. The call may be repeated in a moment.")
	}
	switch failure.Status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity:
		advice = append(advice, t.limits()...)
	}
	failure.Advice = strings.Join(advice, " ")
	return failure
}

// uncertain advises how to check whether a call that changes something took effect.
func (c *call) uncertain(n *neighbours, about *tool, say func(string, ...*tool)) {
	say("It may have taken effect. Check before calling again.")
	if about != nil {
		say("%s shows the current state.", about)
	} else {
		say("%s shows the current state.", n.byRoute[http.MethodGet+" "+pathShape(c.tool.operation.Path)])
	}
}

// adviseFinders names, for the arguments of the call, the tools that list what they identify.
func (c *call) adviseFinders(n *neighbours, say func(string, ...*tool)) {
	const most = 4
	told := 0
	for _, arguments := range c.arguments() {
		for _, name := range value.SortedNames(arguments) {
			place := c.tool.input().locations[name]
			if found := n.finder(c.tool, name); found != nil && found != c.tool && told < most &&
				(place == "" || place == optable.InPath || place == optable.InQuery) {
				told++
				say(strings.ReplaceAll(name, "%", "%%")+" is found with %s.", found)
			}
		}
	}
}

// maxLimits is how many limits a search returns.
const maxLimits = 2

// placedLimit is a limit with the tools that people try for it: one, or those of a toolset.
type placedLimit struct {
	limit *optable.Limit
	tools []*tool
}

// limitsOf returns what the API cannot do by any of the tools: first by operation, then by toolset.
func limitsOf(tools []*tool, table *optable.Table) []placedLimit {
	var list []placedLimit
	for _, t := range tools {
		for i := range t.operation.Limits {
			list = append(list, placedLimit{&t.operation.Limits[i], []*tool{t}})
		}
	}
	for i := range table.Toolsets {
		set := &table.Toolsets[i]
		if len(set.Limits) == 0 {
			continue
		}
		members := slices.DeleteFunc(slices.Clone(tools), func(t *tool) bool { return t.toolset != set.Name })
		for j := range set.Limits {
			list = append(list, placedLimit{&set.Limits[j], members})
		}
	}
	return list
}

// Limits returns what the API cannot do of a request in plain words, with what to do instead: the limits of operations
// and toolsets (x-limits) of which all words of a request are asked for. It omits those of tools that the filters of
// the context reject. There are at most two, the most exact first.
func (a *Adapter) Limits(ctx context.Context, query string) []string {
	filters := a.engine.filtersIn(ctx)
	var texts []string
	for _, i := range a.searchIndex().Search(query, func(int) bool { return false }).Notes {
		l := a.limits[i]
		permitted := slices.ContainsFunc(l.tools, func(t *tool) bool { return passes(filters, t) })
		if permitted && len(texts) < maxLimits && !slices.Contains(texts, l.limit.Text) {
			texts = append(texts, l.limit.Text)
		}
	}
	return texts
}

// Limits returns what people try with the operation and the API cannot do, with what to do instead (x-limits).
func (t Tool) Limits() []string {
	if t.operation == nil {
		return nil
	}
	return t.limits()
}

func (t *tool) limits() []string {
	texts := make([]string, len(t.operation.Limits))
	for i, l := range t.operation.Limits {
		texts[i] = l.Text
	}
	return texts
}

// adviseLimits returns the limits as advice, for a call that may have run into one.
func (t *tool) adviseLimits() string { return strings.Join(t.limits(), " ") }
