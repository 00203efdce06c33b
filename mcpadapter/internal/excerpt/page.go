package excerpt

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// List describes how an operation responds with a list. The zero value is no list.
type List struct {
	Items    string // property with the items
	Metadata string // property with the cursors; "": none
	Limit    int    // maximum of the parameter for the size of a page; 0: unknown
	After    string // property with the cursor of the next page, and the parameter for it
	Before   string // property with the cursor of the page before; "": none
}

// Page is one response of a list, or several combined.
type Page struct {
	Members  []jsontext.Member
	Elements []json.RawMessage
	Rest     LeftOut

	list List
	// cursorKey is the property of an item that serves as cursor: the only one that has, in the item at each end of the
	// page, the value of the cursor for that end. "": unknown.
	cursorKey string
	gathered  bool // whether it combines several
}

// CursorOf returns the cursor that follows an item, or nil if it is not known.
func (p Page) CursorOf(element json.RawMessage) json.RawMessage {
	if p.cursorKey == "" {
		return nil
	}
	cursor := jsontext.Lookup(jsontext.Members(element), p.cursorKey)
	if text, ok := jsontext.String(cursor); !ok || text == "" {
		return nil
	}
	return cursor
}

// Read reads a response as a page of the list. It returns false if the response does not have that shape.
func (l List) Read(response json.RawMessage) (Page, bool) {
	p := Page{Members: jsontext.Members(response), list: l}
	if l.Items == "" {
		return p, false
	}
	p.Elements = jsontext.Elements(jsontext.Lookup(p.Members, l.Items))
	if p.Elements == nil {
		return p, false
	}
	if n := len(p.Elements); n > 0 && l.Metadata != "" {
		metadata := jsontext.Members(jsontext.Lookup(p.Members, l.Metadata))
		p.cursorKey = keyOf(
			end{p.Elements[n-1], jsontext.Lookup(metadata, l.After)},
			end{p.Elements[0], jsontext.Lookup(metadata, l.Before)},
		)
	}
	return p, true
}

// end is an end of a page: the item there, and the cursor that leads beyond it.
type end struct{ element, cursor json.RawMessage }

// keyOf returns the property whose value is the cursor at each end that has one. It returns "" if several are, because
// third parties choose the values of some properties, and the wrong one would lead elsewhere.
func keyOf(ends ...end) string {
	var keys []string
	without := func(e end) bool { text, _ := jsontext.String(e.cursor); return text == "" }
	for i, e := range slices.DeleteFunc(ends, without) {
		var here []string
		for _, m := range jsontext.Members(e.element) {
			if bytes.Equal(m.Value, e.cursor) && (i == 0 || slices.Contains(keys, m.Name)) {
				here = append(here, m.Name)
			}
		}
		keys = here
	}
	if len(keys) != 1 {
		return ""
	}
	return keys[0]
}

// Next returns the cursor of the next page, or "" on the last.
func (p Page) Next() string {
	metadata := jsontext.Members(jsontext.Lookup(p.Members, p.list.Metadata))
	cursor, _ := jsontext.String(jsontext.Lookup(metadata, p.list.After))
	return cursor
}

// SetNext sets the cursor of the next page, which the pages that share the members have as well.
func (p Page) SetNext(cursor json.RawMessage) {
	metadata := jsontext.Members(jsontext.Lookup(p.Members, p.list.Metadata))
	p.set(p.list.Metadata, jsontext.AppendObject(nil, jsontext.Set(metadata, p.list.After, cursor)))
}

func (p Page) set(name string, value json.RawMessage) {
	for i := range p.Members {
		if p.Members[i].Name == name {
			p.Members[i].Value = value
		}
	}
}

// JSON returns the page with its current items.
func (p Page) JSON() json.RawMessage {
	size := 0
	for _, e := range p.Elements {
		size += len(e) + 1
	}
	p.set(p.list.Items, jsontext.AppendArray(make([]byte, 0, size+2), p.Elements))
	return jsontext.AppendObject(make([]byte, 0, size+512), p.Members)
}

// Continue returns the arguments that continue from a cursor, as an object.
func (l List) Continue(cursor string) json.RawMessage {
	return append(jsontext.AppendMember([]byte{'{'}, l.After, string(jsontext.AppendString(nil, cursor))), '}')
}

// Continuation returns the arguments that continue where reading pages ended early, or nil.
func (p Page) Continuation() json.RawMessage {
	if cursor := p.Next(); cursor != "" && p.Rest.More {
		return p.list.Continue(cursor)
	}
	return nil
}

// Gathered reports whether the page combines several.
func (p Page) Gathered() bool { return p.gathered }

// Gather returns a page that combines the page with those that are added to it.
func (p Page) Gather() Page {
	p.Elements, p.gathered = slices.Clone(p.Elements), true
	return p
}

// Add returns the page with the items and the cursor of the one that follows. It must have been gathered.
func (p Page) Add(next Page) Page {
	p.Elements = append(p.Elements, next.Elements...)
	if p.cursorKey == "" {
		p.cursorKey = next.cursorKey
	}
	p.SetNext(next.nextJSON())
	return p
}

// EndsEarly returns the page with the reason why those that follow are missing.
func (p Page) EndsEarly(format string, args ...any) Page {
	p.Rest.More = true
	p.Rest.AddReasonf(format, args...)
	return p
}

// nextJSON returns the cursor of the next page as it came.
func (p Page) nextJSON() json.RawMessage {
	metadata := jsontext.Members(jsontext.Lookup(p.Members, p.list.Metadata))
	if cursor := jsontext.Lookup(metadata, p.list.After); cursor != nil {
		return cursor
	}
	return json.RawMessage("null")
}

// First returns a page with the first items alone, whose members can be set without a change of this one's.
func (p Page) First(n int) Page {
	p.Members, p.Elements, p.gathered = slices.Clone(p.Members), p.Elements[:n], false
	return p
}
