package sandbox

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// controlPath is where the sandbox itself is reached over HTTP, beside the API.
const controlPath = "/_sandbox/"

func isControl(path string) bool {
	return strings.HasPrefix(path, controlPath) || path == strings.TrimSuffix(controlPath, "/")
}

// controlDescription describes the control API.
//
//go:embed control.json
var controlDescription []byte

// control responds to a request about the sandbox itself, as control.json describes. Web pages of other origins can do
// nothing.
func (s *Sandbox) control(r request) reply {
	if r.foreign {
		return newProblemReply(refusal(http.StatusForbidden, "cross_origin", "The request is of a page of another origin."))
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.path, controlPath), "/")
	switch {
	case name == "tenant":
		return s.tenantControl(r, rest)
	case name == "device" && (r.method == http.MethodGet || r.method == http.MethodPost && r.form):
		return s.devicePage(r)
	case r.method == http.MethodGet:
		return s.controlGet(r, name, rest)
	}
	var err error
	switch r.method + " " + name {
	case "POST device":
		var decision struct {
			UserCode string `json:"user_code"`
			Email    string `json:"email"`
		}
		if err = readControl(r.body, &decision); err == nil {
			err = s.DecideDevice(decision.UserCode, decision.Email)
		}
	case "POST impersonations":
		var i Impersonation
		callback := ""
		if err = readControl(r.body, &i); err == nil {
			callback, err = s.Impersonate(i)
		}
		if err == nil {
			return jsonReply(http.StatusCreated, map[string]string{"url": callback})
		}
	case "POST seed":
		err = s.Seed(r.body)
	case "POST reset":
		s.mu.Lock()
		defer s.mu.Unlock()
		err = s.replace(newContent(s.start))
	case "PATCH things":
		typ, id, _ := strings.Cut(rest, "/")
		err = s.Change(typ, id, r.body)
	case "DELETE things":
		typ, id, _ := strings.Cut(rest, "/")
		err = s.Remove(typ, id)
	case "PUT snapshot":
		err = s.Restore(r.body)
	case "POST clock":
		var move struct {
			Advance string `json:"advance"`
		}
		var d time.Duration
		if err = readControl(r.body, &move); err == nil {
			d, err = time.ParseDuration(move.Advance)
		}
		if err == nil {
			err = s.Advance(d)
		}
	case "POST faults":
		return s.postFault(r)
	case "DELETE faults":
		if rest == "" {
			s.ClearFaults()
		} else if !s.RemoveFault(rest) {
			err = notFound("Fault", rest)
		}
	case "POST deliveries":
		id, verb, _ := strings.Cut(rest, "/")
		if verb != "redeliver" {
			return noSuchPath()
		}
		err = s.Redeliver(id)
	default:
		return noSuchPath()
	}
	return outcome(err)
}

func (s *Sandbox) controlGet(r request, name, rest string) reply {
	switch name {
	case "", strings.Trim(controlPath, "/"):
		return s.page(r)
	case "page.css":
		return pageFile(name, "text/css; charset=utf-8")
	case "page.js":
		return pageFile(name, "text/javascript; charset=utf-8")
	case "outbox":
		return jsonReply(http.StatusOK, s.Outbox())
	case "requests":
		query, _ := url.ParseQuery(r.query)
		return jsonReply(http.StatusOK, s.Requests(query["operation"]...))
	case "deliveries":
		return jsonReply(http.StatusOK, s.Deliveries())
	case "faults":
		return jsonReply(http.StatusOK, s.Faults())
	case "clock":
		return jsonReply(http.StatusOK, map[string]string{"now": timestamp(s.Time())})
	case "snapshot":
		return reply{status: http.StatusOK, media: jsonMedia, body: s.Snapshot()}
	case "environments":
		return s.getEnvironments(rest, r.query)
	case "openapi.json":
		return reply{status: http.StatusOK, media: jsonMedia, body: controlDescription}
	case "exports":
		return s.exportFile(strings.TrimSuffix(rest, ".csv"))
	default:
		return noSuchPath()
	}
}

func noSuchPath() reply {
	return newProblemReply(&problem{status: http.StatusNotFound, code: "not_found", message: "No such path."})
}

// readControl reads the body of a request. What is unknown is refused.
func readControl(body []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

func (s *Sandbox) postFault(r request) reply {
	var f Fault
	err := readControl(r.body, &f)
	id := ""
	if err == nil {
		id, err = s.AddFault(f)
	}
	if err != nil {
		return outcome(err)
	}
	return jsonReply(http.StatusCreated, map[string]string{"id": id})
}

// getEnvironments lists the environments with how many things of each type they have, or the things of one type in one.
func (s *Sandbox) getEnvironments(rest, rawQuery string) reply {
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	if rest == "" {
		list := make([]any, 0, len(s.environments))
		for i, env := range s.environments {
			counts := map[string]any{}
			for _, k := range env.store.kinds {
				if n := len(env.store.tables[k].byID); n > 0 && !k.internal {
					counts[k.name] = n
				}
			}
			key := ""
			if env.key != "" {
				key = "…" + env.key[max(0, len(env.key)-4):]
			}
			list = append(list, object{{"index", i}, {"key", key}, {"things", counts}})
		}
		return reply{status: http.StatusOK, media: jsonMedia, body: encode(list)}
	}
	n, err := strconv.Atoi(rest)
	if err != nil || n < 0 || n >= len(s.environments) {
		return newProblemReply(notFound("Environment", rest))
	}
	query, _ := url.ParseQuery(rawQuery)
	k := ix.kinds[query.Get("type")]
	if k == nil {
		return newProblemReply(notFound("Type", query.Get("type")))
	}
	const most = 200
	env := s.environments[n]
	c := newAct(ix, env, s.time())
	all := env.store.all(k)
	list := []any{}
	for _, r := range all[max(0, len(all)-most):] {
		list = append(list, ix.maskValue(plainValue(c.view(r, k.views[0]))))
	}
	return reply{status: http.StatusOK, media: jsonMedia, body: encode(list)}
}

// plainValue returns a value as it is decoded from JSON.
func plainValue(v any) any { return literal(string(encode(v))) }

// Reset forgets all that the sandbox has stored, the environments of its keys included. The random part of IDs and
// secrets begins anew, see [WithSeed].
func (s *Sandbox) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content = newContent(s.start)
	if err := s.rewrite(); err != nil {
		s.journal.broken = true // the next write reports it, or succeeds
	}
}

// exportFile returns the file of an audit log export, from whichever environment has it.
func (s *Sandbox) exportFile(id string) reply {
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, env := range s.environments {
		if r := env.store.get(ix.kinds[kindExport], id); r != nil && r.text(fieldState) == "ready" {
			return reply{status: http.StatusOK, media: "text/csv; charset=utf-8", body: []byte(exportCSV(env.store, r))}
		}
	}
	return newProblemReply(notFound("Audit log export", id))
}

// outcome is the response to a change: no body, or what went wrong.
func outcome(err error) reply {
	var p *problem
	switch {
	case err == nil:
		return reply{status: http.StatusNoContent}
	case errors.As(err, &p):
		return newProblemReply(p)
	default:
		return newProblemReply(badRequest(err.Error()))
	}
}

func jsonReply(status int, v any) reply {
	body, err := json.Marshal(v)
	if err != nil {
		return newProblemReply(err)
	}
	return reply{status: status, media: jsonMedia, body: body}
}
