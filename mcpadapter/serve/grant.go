package serve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

const grantFlag = "grant"

// everybody is the name of the grant that everybody has who has signed in.
const everybody = "*"

// grant is what callers with a role or permission may call.
type grant struct {
	name    string // of the role or permission
	filter  mcpadapter.Filter
	confirm mcpadapter.ConfirmationPolicy
}

// parseGrant reads a grant, as in viewer=read-only,toolset:directory_sync. Each part narrows it.
func parseGrant(text string) (grant, error) {
	name, parts, ok := strings.Cut(text, "=")
	g := grant{name: strings.TrimSpace(name), filter: mcpadapter.Filter{
		Name: func(mcpadapter.FilterPart) string { return "--" + grantFlag + " " + strings.TrimSpace(name) },
	}}
	if !ok || g.name == "" {
		return g, fmt.Errorf("%.80q: want a role or permission and what it permits, as in viewer=read-only", text)
	}
	for part := range strings.SplitSeq(parts, ",") {
		if err := g.add(strings.TrimSpace(part)); err != nil {
			return g, fmt.Errorf("%s: %w", g.name, err)
		}
	}
	return g, nil
}

func (g *grant) add(part string) error {
	kind, value, _ := strings.Cut(part, ":")
	switch kind {
	case "all":
	case readOnlyFlag:
		g.filter.ReadOnly = true
	case "toolset":
		g.filter.Toolsets = append(g.filter.Toolsets, value)
	case allowFlag:
		g.filter.Allow = append(g.filter.Allow, value)
	case denyFlag:
		g.filter.Deny = append(g.filter.Deny, value)
	case confirmFlag:
		policy, err := confirmationPolicy(value)
		g.confirm = policy
		return err
	default:
		kinds := []string{"all", readOnlyFlag, "toolset", allowFlag, denyFlag, confirmFlag}
		problem := fmt.Sprintf("unknown part %.40q: want all, read-only, toolset:…, allow:…, deny:… or confirm:…", part)
		if near := phrase.Nearest(kind, kinds, 1); len(near) > 0 {
			problem += "; did you mean " + near[0] + "?"
		}
		return errors.New(problem)
	}
	if takesNone := kind == "all" || kind == readOnlyFlag; takesNone != (value == "") {
		return fmt.Errorf("part %.40q: want a value after toolset:, allow: and deny: and after no other", part)
	}
	return nil
}

// grants are those of a server. They are safe for concurrent use.
type grants struct {
	adapter *mcpadapter.Adapter
	list    []grant

	mu   sync.Mutex
	sets map[string]context.Context // the limits of each set of grants that a caller had
}

// maxGrants limits the grants of a server, so that their sets stay few.
const maxGrants = 100

func newGrants(texts []string, adapter *mcpadapter.Adapter) (*grants, error) {
	g := &grants{adapter: adapter, sets: map[string]context.Context{}}
	if len(texts) > maxGrants {
		return nil, usageError{fmt.Errorf("--%s: %d grants: want at most %d", grantFlag, len(texts), maxGrants)}
	}
	for _, text := range texts {
		one, err := parseGrant(text)
		if err == nil && slices.ContainsFunc(g.list, func(other grant) bool { return other.name == one.name }) {
			err = fmt.Errorf("%s: it occurs twice", one.name)
		}
		if err == nil {
			_, err = adapter.Narrow(context.Background(), one.filter)
		}
		if err != nil {
			return nil, usageError{fmt.Errorf("--%s: %w", grantFlag, err)}
		}
		g.list = append(g.list, one)
	}
	return g, nil
}

// apply returns a context for the calls of somebody with these roles and permissions, limited to what any of their
// grants permits, with the strictest confirmation among them, and the names of the grants. It fails without a grant.
func (g *grants) apply(ctx context.Context, names []string) (_ context.Context, scope string, err error) {
	var found []grant
	var held []string
	for _, one := range g.list {
		if one.name == everybody || slices.Contains(names, one.name) {
			found = append(found, one)
			held = append(held, one.name)
		}
	}
	if found == nil {
		return nil, "", errors.New("no role or permission of the caller has a grant on this server")
	}
	scope = strings.Join(held, "\n")
	limits, err := g.limits(scope, found)
	if err != nil {
		return nil, "", err
	}
	for _, one := range found {
		ctx = mcpadapter.RequireConfirmation(ctx, one.confirm) //nolint:fatcontext // one value a grant
	}
	return granted{ctx, limits}, scope, nil
}

// limits returns a context with the filter for a set of grants.
func (g *grants) limits(scope string, set []grant) (context.Context, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if limits, ok := g.sets[scope]; ok {
		return limits, nil
	}
	permitted := map[string]bool{}
	for _, one := range set {
		ctx, err := g.adapter.Narrow(context.Background(), one.filter)
		if err != nil {
			return nil, err
		}
		for _, tool := range g.adapter.Tools() {
			if tool.Permitted(ctx) {
				permitted[tool.Name()] = true
			}
		}
	}
	union := mcpadapter.Filter{Name: func(mcpadapter.FilterPart) string { return "--" + grantFlag }}
	for _, tool := range g.adapter.Tools() {
		if permitted[tool.Name()] {
			union.Allow = append(union.Allow, tool.Name())
		} else {
			union.Deny = append(union.Deny, tool.Name())
		}
	}
	if len(union.Allow) > len(union.Deny) { // the shorter of the two says the same
		union.Allow = nil
	} else {
		union.Deny = nil
	}
	if len(permitted) == 0 {
		union.Deny = []string{"*"}
	}
	limits, err := g.adapter.Narrow(context.Background(), union)
	if err != nil {
		return nil, err
	}
	const most = 1000
	if len(g.sets) < most {
		g.sets[scope] = limits //nolint:fatcontext // no context grows
	}
	return limits, nil
}

// granted is a context with the limits of a caller's grants. They come first, so that no value of the request can take
// the place of a limit.
type granted struct {
	context.Context //nolint:containedctx // it is one

	limits context.Context //nolint:containedctx // for its values
}

func (c granted) Value(key any) any {
	if value := c.limits.Value(key); value != nil {
		return value
	}
	return c.Context.Value(key)
}
