package main

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
)

// priced is a tool of a group, each part of so many tokens: "a b" is two.
func priced(group, name, description, schema string) told {
	return told{group, mcp.Tool{Name: name, Description: description, RawInputSchema: []byte(schema)}}
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
	costs, err := count([]told{
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
	first, err := listBytes([]told{one})
	text, marshalErr := one.tool.MarshalJSON()
	if first != len(text) || err != nil || marshalErr != nil {
		t.Errorf("got %d, %v and %v, want %d", first, err, marshalErr, len(text))
	}
	if three, err := listBytes([]told{one, one, one}); three != 3*first || err != nil {
		t.Errorf("got %d and %v for three, want %d", three, err, 3*first)
	}
	if none, err := listBytes(nil); none != 0 || err != nil {
		t.Errorf("got %d and %v for none", none, err)
	}
	if _, err := listBytes([]told{one, priced("a", "get", "", `{`)}); err == nil {
		t.Error("got no error for a schema that is no JSON")
	}
}

func TestCostsArePrintedInColumns(t *testing.T) {
	costs := []cost{{"users", 12, 3, 400, 5, 408}, {"total", 12, 3, 400, 5, 408}}
	const want = "" +
		"  tools  name  description  input schema  tokens \n" +
		"     12     3          400             5     408 users\n" +
		"     12     3          400             5     408 total\n" +
		"9 bytes of JSON\n"
	var out bytes.Buffer
	if err := writeCosts(&out, costs, 9); err != nil || out.String() != want {
		t.Errorf("got %q and %v, want %q", &out, err, want)
	}
	// A writer that fails at each write in turn.
	full := errors.New("no space left on device")
	adapter := withoutEnvironment(t)
	for left := range 200 {
		n := left
		failing := writerFunc(func(b []byte) (int, error) {
			if n--; n < 0 {
				return 0, full
			}
			return len(b), nil
		})
		err := writeCosts(failing, costs, 9)
		if err == nil {
			err = writeTexts(t.Context(), failing, adapter, modeDynamic)
		}
		if n >= 0 {
			if err != nil || left == 0 {
				t.Errorf("%d writes: got %v", left, err)
			}
			return
		}
		if !errors.Is(err, full) || err.Error() != "write the costs: "+full.Error() {
			t.Errorf("%d writes: got %v, want %v", left, err, full)
		}
	}
	t.Error("got more than 200 writes")
}
