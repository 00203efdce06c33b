package events_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	aUser = `{"object":"user","id":"user_01","email":"ada@example.com","email_verified":true,"first_name":"Ada",` +
		`"last_name":null,"profile_picture_url":null,"external_id":null,"last_sign_in_at":null,"nickname":"Countess",` +
		`"created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}`
	anEvent = `{"object":"event","id":"event_01","event":"user.created","data":` + aUser +
		`,"created_at":"2026-01-02T03:04:05.678Z","context":{"client_id":"client_01"},"future":[1.10,12345678901234567890]}`
)

func parse(tb testing.TB, text string) *events.Event {
	tb.Helper()
	e, err := events.Parse([]byte(text))
	if err != nil {
		tb.Fatalf("Parse of %s: %v", text, err)
	}
	return e
}

func TestEventKeepsAllThatCame(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		anEvent,
		`{"id":"event_02","event":"a.type.to.come","data":{"n":12345678901234567890,"x":null}}`,
		`{"data":{},"event":"user.created","id":"event_03","created_at":"yesterday"}`,
		`{"id":"event_04","event":"user.created","data":{},"created_at":17}`,
	} {
		e := parse(t, text)
		if string(e.Raw) != text {
			t.Errorf("Raw: got %s, want %s", e.Raw, text)
		}
		again, err := json.Marshal(e)
		if err != nil || string(again) != text {
			t.Errorf("encoded: got %s, %v; want %s", again, err, text)
		}
		if value, err := json.Marshal(*e); err != nil || string(value) != text {
			t.Errorf("value encoded: got %s, %v; want %s", value, err, text)
		}
	}
	e := parse(t, anEvent)
	want := &events.Event{
		ID: "event_01", Type: "user.created", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
		Data: []byte(aUser), Context: []byte(`{"client_id":"client_01"}`), Raw: []byte(anEvent),
	}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("got %+v, want %+v", e, want)
	}
}

func TestCircumstancesTellWhoDidIt(t *testing.T) {
	t.Parallel()
	const actor = `{"id":"user_01","source":"dashboard","name":null}`
	e := events.Event{ID: "event_01", Context: []byte(`{"actor":` + actor + `,"previous_attributes":{"data":{"x":1}}}`)}
	c, err := e.Circumstances()
	if err != nil || c.Actor == nil || c.Actor.ID != "user_01" || c.Actor.Source != gen.EventActorSourceDashboard ||
		c.Actor.Name != nil || c.PreviousAttributes["data"] == nil {
		t.Errorf("got %+v, %v; want the actor and what was before", c, err)
	}
	if c, err := new(events.Event).Circumstances(); err != nil || c == nil || c.Actor != nil {
		t.Errorf("without a context: got %+v, %v; want an empty one", c, err)
	}
	for _, text := range []string{`[]`, `{"actor":1}`} {
		e := events.Event{Context: []byte(text)}
		if c, err := e.Circumstances(); c != nil || !errors.Is(err, events.ErrMalformedData) {
			t.Errorf("%s: got %+v, %v; want ErrMalformedData", text, c, err)
		}
	}
}

func TestLogShowsNoPayload(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("got", "event", parse(t, anEvent))
	const want = "event.id=event_01 event.type=user.created"
	if got := out.String(); strings.Contains(got, "ada") || !strings.Contains(got, want) {
		t.Errorf("got %s, want ID and type alone", got)
	}
}

func TestEventDoesNotShareItsBytes(t *testing.T) {
	t.Parallel()
	text := []byte(anEvent)
	e, err := events.Parse(text)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	clear(text)
	if string(e.Raw) != anEvent || string(e.Data) != aUser {
		t.Errorf("the event has changed with its source: %s", e.Raw)
	}
}

func TestMadeEventIsEncodedFromItsFields(t *testing.T) {
	t.Parallel()
	made := events.Event{ID: "event_09", Type: "user.created", CreatedAt: time.Unix(0, 0).UTC(), Data: []byte(aUser)}
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatalf("Marshal: %v", err)
	}
	e := parse(t, string(text))
	if e.ID != made.ID || e.Type != made.Type || !e.CreatedAt.Equal(made.CreatedAt) || string(e.Data) != aUser {
		t.Errorf("got %s, want the fields of %+v", text, made)
	}
	bare, err := json.Marshal(events.Event{ID: "event_10", Type: "x"})
	if want := `{"object":"event","id":"event_10","event":"x","data":{}}`; err != nil || string(bare) != want {
		t.Errorf("got %s, %v; want %s", bare, err, want)
	}
}

func TestWhatIsNoEventIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "null", "[]", `"event"`, "{}", `{"id":"e"}`, `{"event":"x","data":{}}`, `{"id":"","event":"x","data":{}}`,
		`{"id":1,"event":"x","data":{}}`, `{"id":"e","event":{},"data":{}}`, anEvent + "}", anEvent[:len(anEvent)-1],
		strings.Repeat("[", 20000),
	} {
		e, err := events.Parse([]byte(text))
		if e != nil || !errors.Is(err, events.ErrMalformedEvent) {
			t.Errorf("Parse of %.40q: got %v, %v; want ErrMalformedEvent", text, e, err)
		}
		var into events.Event
		if err := json.Unmarshal([]byte(text), &into); err == nil && text != "null" {
			t.Errorf("Unmarshal of %.40q: got %+v, want an error", text, into)
		}
	}
}

func TestEventWithAnOddPayloadIsNotLost(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", `,"data":null`, `,"data":[]`, `,"data":"{}"`, `,"data":7`} {
		text := `{"id":"e","event":"user.created"` + data + `}`
		e := parse(t, text)
		if again, err := json.Marshal(e); err != nil || string(again) != text {
			t.Errorf("%s: encodes as %s, %v; want it as it came", text, again, err)
		}
		if user, err := events.UserCreated.Data(e); user != nil || !errors.Is(err, events.ErrMalformedData) {
			t.Errorf("%s: got the user %v, %v; want ErrMalformedData", text, user, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(anEvent))
	f.Add([]byte(`{"id":"e","event":"x","data":{},"created_at":null,"context":"?"}`))
	f.Add([]byte(` { "data" : { "a" : [ ] } , "id":"\ud800", "event":"<" } `))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			t.Skip("too large")
		}
		e, err := events.Parse(data)
		if err != nil {
			if !errors.Is(err, events.ErrMalformedEvent) {
				t.Errorf("Parse(%q): %v is no ErrMalformedEvent", data, err)
			}
			return
		}
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatalf("Marshal of %q: %v", data, err)
		}
		again, err := events.Parse(text)
		if err != nil {
			t.Fatalf("Parse of what was encoded, %q: %v", text, err)
		}
		if again.ID != e.ID || again.Type != e.Type || !again.CreatedAt.Equal(e.CreatedAt) || !sameJSON(again.Data, e.Data) {
			t.Errorf("got %+v after encoding, want %+v", again, e)
		}
	})
}

// sameJSON compares but for space and the escapes that encoding/json writes for the sake of HTML.
func sameJSON(a, b []byte) bool {
	normal := func(text []byte) []byte {
		var out bytes.Buffer
		if err := json.Compact(&out, text); err != nil {
			return nil
		}
		escaped := new(bytes.Buffer)
		json.HTMLEscape(escaped, out.Bytes())
		return escaped.Bytes()
	}
	return bytes.Equal(normal(a), normal(b))
}

func TestNullIsNoPayload(t *testing.T) {
	t.Parallel()
	e, err := events.Parse([]byte(`{"id":"event_01","event":"x","data":null,"context":null}`))
	if err != nil || e.Data != nil || e.Context != nil {
		t.Errorf("got data %q, context %q and error %v, want nil", e.Data, e.Context, err)
	}
}
