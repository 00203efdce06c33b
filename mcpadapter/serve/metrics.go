package serve

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Metrics counts what a server does. It serves the counts in the text format of Prometheus, version 0.0.4, with those
// of the process. One Metrics is for one [Handler]. It is safe for concurrent use; make it with [NewMetrics].
type Metrics struct {
	// What is used of the metrics.Set. A reference to the set would link all of it, down to what pushes compressed
	// metrics to a server: it is in a program where a type that refers to it is in an interface.
	counter   func(name string) *metrics.Counter
	gauge     func(name string, value func() float64) *metrics.Gauge // value is read when it is served
	histogram func(name string, upperBounds []float64) *metrics.PrometheusHistogram
	write     func(w io.Writer)

	// The set finds metrics by their text, which is costly to write.
	counters sync.Map // *metrics.Counter by series
	requests sync.Map // *metrics.PrometheusHistogram by method: the duration of requests
	// upstreams is the duration of requests to the API. Like the others it appears with its first value.
	upstreams func() *metrics.PrometheusHistogram
}

// series names a counter with at most two labels.
type series struct{ format, first, second string }

// NewMetrics returns metrics that are all zero.
func NewMetrics() *Metrics {
	set := metrics.NewSet()
	return &Metrics{
		counter: set.GetOrCreateCounter, gauge: set.GetOrCreateGauge, histogram: set.GetOrCreatePrometheusHistogramExt,
		write: set.WritePrometheus,
		upstreams: sync.OnceValue(func() *metrics.PrometheusHistogram {
			return set.GetOrCreatePrometheusHistogramExt("mcp_upstream_duration_seconds", durations())
		}),
	}
}

// count counts by a format of Prometheus, whose verbs are the labels: one, or two.
func (m *Metrics) count(c series) {
	known, ok := m.counters.Load(c)
	if !ok {
		labels := []any{c.first, c.second}
		name := fmt.Sprintf(c.format, labels[:strings.Count(c.format, "%q")]...)
		known, _ = m.counters.LoadOrStore(c, m.counter(name))
	}
	known.(*metrics.Counter).Inc() //nolint:errcheck,forcetypeassert // nothing else is stored
}

// ServeHTTP serves the metrics.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	m.write(w)
	metrics.WriteProcessMetrics(w)
}

// durations are the bounds of histograms in seconds: those of a call that does nothing to those of one that times out.
func durations() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 50}
}

// refused counts a request that was not handled.
func (m *Metrics) refused(reason refusalReason) {
	m.count(series{"mcp_refusals_total{reason=%q}", string(reason), ""})
}

// request counts a request that was handled.
func (m *Metrics) request(method, outcome string, taken time.Duration) {
	method = methodLabel(method)
	m.count(series{"mcp_requests_total{method=%q,outcome=%q}", method, outcome})
	known, ok := m.requests.Load(method)
	if !ok {
		name := fmt.Sprintf("mcp_request_duration_seconds{method=%q}", method)
		known, _ = m.requests.LoadOrStore(method, m.histogram(name, durations()))
	}
	known.(*metrics.PrometheusHistogram).Update(taken.Seconds()) //nolint:errcheck,forcetypeassert // as above
}

// call counts a call of an operation by its outcome: ok or the code of its failure.
func (m *Metrics) call(o mcpadapter.Observation) {
	m.count(series{"mcp_tool_calls_total{tool=%q,outcome=%q}", o.Tool.Name(), outcomeOf(o)})
}

// upstream counts a request to the API.
func (m *Metrics) upstream(status int, taken time.Duration) {
	m.count(series{"mcp_upstream_requests_total{status=%q}", statusClass(status), ""})
	m.upstreams().Update(taken.Seconds())
}

// methodLabel returns a method as a label: clients may send any text as one.
func methodLabel(method string) string {
	known := []mcp.MCPMethod{
		mcp.MethodInitialize, mcp.MethodPing, mcp.MethodToolsList, mcp.MethodToolsCall, mcp.MethodResourcesList,
		mcp.MethodResourcesTemplatesList, mcp.MethodResourcesRead, mcp.MethodPromptsList, mcp.MethodPromptsGet,
		"server/discover", "completion/complete", "logging/setLevel", methodListen,
	}
	if slices.Contains(known, mcp.MCPMethod(method)) {
		return method
	}
	return "other"
}

// outcomeOf returns the outcome of a call as a label: ok, the code of a failure of the adapter, or the class of the
// status of the API.
func outcomeOf(o mcpadapter.Observation) string {
	switch f := o.Result.Failure; {
	case f == nil:
		return outcomeOK
	case f.Status == 0:
		return f.Code
	default:
		return statusClass(f.Status)
	}
}
