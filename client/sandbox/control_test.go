package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// TestControlDoesWhatItsDescriptionSays sends a request to each operation of the description.
func TestControlDoesWhatItsDescriptionSays(t *testing.T) {
	t.Parallel()
	sb := fixed()
	subscribe(t, sb, "https://a.example/hook", "organization.created")
	create(t, sb, "/organizations", fields{"name": "Acme"})
	fault := addFault(t, sb, sandbox.Fault{Status: 503, Operation: "none"})
	device := must(t, sb, http.StatusOK, "POST", "/user_management/authorize/device", fields{"client_id": "c"})
	user := create(t, sb, "/user_management/users", fields{"email": "eve@example.com"})
	directory := fields{
		"id": "directory_1", "name": "Acme", "organization_id": create(t, sb, "/organizations", fields{"name": "Globex"}),
	}
	must(t, sb, http.StatusNoContent, "POST", "/_sandbox/seed", fields{"directory": []any{directory}})
	var snapshot any
	if err := json.Unmarshal(sb.Snapshot(), &snapshot); err != nil {
		t.Fatal(err)
	}
	bodies := map[string]any{
		"faults.create": fields{"status": 500, "path": "/none"}, "clock.advance": fields{"advance": "1h30m"},
		"snapshot.restore": snapshot, "seed.create": fields{"user": []any{fields{"email": "ada@example.com"}}},
		"impersonations.create": fields{
			"user_id": user, "email": "admin@example.com", "client_id": "c", "redirect_uri": "https://a.example/callback",
		},
		"tenant.seed.create": fields{"user": []any{fields{"email": "eva@example.com"}}}, "things.update": fields{"name": "Globex"},
		"device.decide": fields{"user_code": device["user_code"], "email": "ada@example.com"},
	}
	paths := strings.NewReplacer(
		"/faults/{id}", "/faults/"+fault, "{id}", sb.Deliveries()[0].ID, "{index}", "0?type=organization",
		"{type}/{thing}", "directory/directory_1")
	var description struct {
		Paths map[string]map[string]struct {
			OperationID string                     `json:"operationId"` //nolint:tagliatelle // of OpenAPI
			Responses   map[string]json.RawMessage `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal([]byte(send(t, sb, "GET", "/_sandbox/openapi.json", nil).text), &description); err != nil {
		t.Fatal(err)
	}
	type operation struct{ method, path, id, status string }
	var operations []operation
	for path, methods := range description.Paths {
		for method, op := range methods {
			for status := range op.Responses {
				if status != "default" {
					operations = append(operations, operation{strings.ToUpper(method), paths.Replace(path), op.OperationID, status})
				}
			}
		}
	}
	order := []string{ // the others need what is there
		"seed.create", "things.update", "things.delete", "faults.clear", "tenant.reset.create", "reset.create",
	}
	slices.SortFunc(operations, func(a, b operation) int {
		if n := slices.Index(order, a.id) - slices.Index(order, b.id); n != 0 {
			return n
		}
		return strings.Compare(a.id, b.id)
	})
	for _, op := range operations {
		a := send(t, sb, op.method, op.path, bodies[op.id])
		if op.status != strconv.Itoa(a.status) {
			t.Errorf("%s %s: got %d %s, want %s", op.method, op.path, a.status, a.text, op.status)
		}
		if op.status == "204" && a.text != "" || op.status != "204" && !json.Valid([]byte(a.text)) {
			t.Errorf("%s %s: got %s", op.method, op.path, a.text)
		}
	}
	if len(operations) < 20 {
		t.Errorf("got %d operations, want 20 at least", len(operations))
	}
	if len(sb.Faults()) > 0 || !sb.Empty() {
		t.Error("faults.clear or reset.create did nothing")
	}
}

func TestControlShowsNoSecretsOfThings(t *testing.T) {
	t.Parallel()
	sb := fixed()
	endpoint := subscribe(t, sb, "https://a.example/hook", "organization.created")
	a := send(t, sb, "GET", "/_sandbox/environments/0?type=webhook_endpoint", nil)
	if strings.Contains(a.text, str(endpoint["secret"])) || !strings.Contains(a.text, `"secret":"***"`) {
		t.Errorf("got %s, want the secret masked", a.text)
	}
	if a := send(t, sb, "GET", "/_sandbox/environments", nil); !strings.Contains(a.text, `"webhook_endpoint":1`) ||
		strings.Contains(a.text, "sk_test") {
		t.Errorf("got %s, want the number of endpoints and no key", a.text)
	}
}

func TestWrongControlRequestsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path string
		body         any
		status       int
	}{
		{"GET", "/_sandbox/none", nil, 404},
		{"POST", "/_sandbox/outbox", nil, 404},
		{"POST", "/_sandbox/faults", fields{"status": 1}, 400},
		{"POST", "/_sandbox/faults", fields{"statsu": 500}, 400},
		{"POST", "/_sandbox/faults", "[", 400},
		{"DELETE", "/_sandbox/faults/fault_1", nil, 404},
		{"POST", "/_sandbox/clock", fields{"advance": "soon"}, 400},
		{"POST", "/_sandbox/deliveries/x/redeliver", nil, 404},
		{"POST", "/_sandbox/deliveries/x", nil, 404},
		{"PUT", "/_sandbox/snapshot", fields{}, 400},
		{"POST", "/_sandbox/seed", fields{"x": 1}, 400},
		{"PATCH", "/_sandbox/things/directory/none", fields{}, 404},
		{"PATCH", "/_sandbox/things/organization/none", fields{}, 400},
		{"PATCH", "/_sandbox/things/directory", "[]", 400},
		{"DELETE", "/_sandbox/things/directory/none", nil, 404},
		{"GET", "/_sandbox/environments/7?type=user", nil, 404},
		{"GET", "/_sandbox/environments/0?type=none", nil, 404},
	} {
		sb := fixed()
		create(t, sb, "/organizations", fields{"name": "Acme"})
		if a := refused(t, sb, c.status, c.method, c.path, c.body); a.json["message"] == "" || a.json == nil {
			t.Errorf("%s %s: got %s, want a message", c.method, c.path, a.text)
		}
	}
}

func TestPagesOfOtherOriginsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host, from, origin string
		status             int
	}{
		{"127.0.0.1:4100", "127.0.0.1:9", "", 204},
		{"localhost:4100", "127.0.0.1:9", "http://localhost:4100", 204},
		{"[::1]:4100", "[::1]:9", "", 204},
		{"sandbox:4100", "172.17.0.2:9", "", 204},
		{"sandbox.internal", "172.17.0.2:9", "", 204},
		{"127.0.0.1:4100", "127.0.0.1:9", "https://evil.example", 403},
		{"evil.example:4100", "127.0.0.1:9", "", 403},
		{"evil.example:4100", "[::1]:9", "", 403},
	} {
		sb := fixed()
		create(t, sb, "/organizations", fields{"name": "Acme"})
		req := httptest.NewRequestWithContext(t.Context(), "POST", "http://"+c.host+"/_sandbox/reset", nil)
		req.RemoteAddr = c.from
		if c.origin != "" {
			req.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		sb.ServeHTTP(w, req)
		if w.Code != c.status || sb.Empty() != (c.status == 204) {
			t.Errorf("%+v: got %d %s, empty %t", c, w.Code, w.Body, sb.Empty())
		}
	}
}
