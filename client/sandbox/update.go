package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// update changes the thing that the path ends in.
func (c *call) update() (any, error) { return c.change(c.item()) }

// change merges the body into a thing.
func (c *call) change(r *record) (any, error) {
	if err := c.checkVersion(r, c.body["version_check"]); err != nil {
		return nil, err
	}
	fields := maps.Clone(r.fields)
	for name, v := range c.accepted(r.kind) {
		fields[name] = merge(fields[name], v)
	}
	for name, v := range c.body {
		if p := r.kind.property(name); p == nil || v != nil || nullable(p.Schema) {
			continue
		}
		if c.compatible(r.kind.property(name).Schema, map[string]any{}) {
			fields[name] = map[string]any{} // null empties an object that must be there
		} else if !r.kind.property(name).Required {
			delete(fields, name)
		}
	}
	if err := c.unique(r, fields); err != nil {
		return nil, err
	}
	c.store.replace(r, fields)
	c.touch(r)
	c.about = r
	if err := c.revise(r); err != nil {
		return nil, err
	}
	return c.view(r, c.plan.answer), nil
}

// merge applies a JSON merge patch (RFC 7386): null deletes a field of an object.
func merge(old, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	before, _ := old.(map[string]any)
	merged := maps.Clone(before)
	if merged == nil {
		merged = map[string]any{}
	}
	for name, v := range changes {
		if v == nil {
			delete(merged, name)
		} else {
			merged[name] = merge(merged[name], v)
		}
	}
	return merged
}

// touch sets the time of the latest change.
func (c *call) touch(r *record) {
	if r.kind.property("updated_at") != nil {
		c.store.set(r, "updated_at", timestamp(c.now))
	}
}

// checkVersion refuses a change of a thing that somebody else has changed.
func (c *call) checkVersion(r *record, expected any) error {
	if v := text(expected); v != "" && v != r.text("version_id") {
		return refusal(http.StatusConflict, "version_mismatch", "The object has another version than '"+v+"'.")
	}
	return nil
}

// remove deletes the thing that the path ends in, and all that belongs to it.
func (c *call) remove() (any, error) {
	r := c.item()
	if err := c.checkVersion(r, c.query.Get("version_check")); err != nil {
		return nil, err
	}
	if c.hasParam("cascade_delete") && c.query.Get("cascade_delete") != "true" && len(c.store.children(r)) > 0 {
		return nil, refusal(http.StatusConflict, "resource_has_dependents", strings.ToLower(r.kind.title())+
			" has children or role assignments; give cascade_delete=true to delete them too.")
	}
	c.about = r
	c.emitAll() // while what belongs to it is still there
	c.forget(r)
	c.store.remove(r)
	fields := maps.Clone(r.fields)
	fields["success"] = true
	return c.wrap(fields), nil
}

// replace puts the entries that the body lists in the place of those of a collection.
func (c *call) replace() (any, error) {
	old := c.entries(c.plan.kind)
	for _, name := range sortedKeys(c.body) {
		list, _ := c.body[name].([]any)
		for _, entry := range list {
			one := *c
			one.body, _ = entry.(map[string]any)
			err := one.checkPointers()
			if err == nil {
				_, err = one.keep(c.plan.kind, one.given(c.plan.kind))
			}
			if err != nil {
				return nil, c.undo(old, err)
			}
		}
	}
	for _, r := range old {
		c.store.remove(r)
	}
	return c.list()
}

// undo removes what a collection holds beside the old entries.
func (c *call) undo(old []*record, err error) error {
	for _, r := range c.entries(c.plan.kind) {
		if !slices.Contains(old, r) {
			c.store.remove(r)
		}
	}
	return err
}
