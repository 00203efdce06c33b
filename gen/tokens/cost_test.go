package main

import (
	"bytes"
	"slices"
	"testing"
)

// priced is a tool of a group.
func priced(group, name, description, schema string) tool {
	return tool{Name: name, Description: description, InputSchema: []byte(schema), group: group, size: len(schema)}
}

func TestCostsAreAddedUpByGroup(t *testing.T) {
	texts := []string{"get", "list", "Gets one.", "Lists them all.", `{"type":"object"}`, `{}`}
	n, err := tokens(texts...)
	if err != nil {
		t.Fatal(err)
	}
	get, list, gets, lists, object, empty := n[0], n[1], n[2], n[3], n[4], n[5]
	for i, text := range texts {
		if n[i] < 1 || n[i] > len(text) {
			t.Errorf("%q: got %d tokens", text, n[i])
		}
	}
	costs, err := count([]tool{
		priced("b", "get", "Gets one.", `{}`),
		priced("a", "get", "Gets one.", `{}`),
		priced("c", "get", "Gets one.", `{"type":"object"}`),
		priced("c", "list", "Lists them all.", `{}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	one := cost{"a", 1, get, gets, empty, get + gets + empty}
	other := one
	other.name = "b"
	both := cost{"c", 2, get + list, gets + lists, object + empty, get + list + gets + lists + object + empty}
	total := cost{"total", 4, 3*get + list, 3*gets + lists, object + 3*empty, 0}
	total.all = total.names + total.descriptions + total.schemas
	if want := []cost{both, one, other, total}; !slices.Equal(costs, want) {
		t.Errorf("got %+v, want %+v", costs, want)
	}
	none, err := count(nil)
	if want := []cost{{name: "total"}}; !slices.Equal(none, want) || err != nil {
		t.Errorf("got %+v and %v, want %+v", none, err, want)
	}
}

func TestTheListHasTheBytesOfItsTools(t *testing.T) {
	one := priced("a", "get", "Gets one.", `{"type":"object"}`)
	if got, want := listBytes([]tool{one, one, one}), 3*len(one.InputSchema); got != want {
		t.Errorf("got %d for three, want %d", got, want)
	}
	if none := listBytes(nil); none != 0 {
		t.Errorf("got %d for none", none)
	}
}

func TestCostsArePrintedInColumns(t *testing.T) {
	costs := []cost{{"users", 12, 3, 400, 5, 408}, {"total", 12, 3, 400, 5, 408}}
	const want = "" +
		"  tools  name  description  input schema  tokens \n" +
		"     12     3          400             5     408 users\n" +
		"     12     3          400             5     408 total\n"
	var out bytes.Buffer
	if err := writeCosts(&out, costs); err != nil || out.String() != want {
		t.Errorf("got %q and %v, want %q", &out, err, want)
	}
}
