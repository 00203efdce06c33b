package serve

import (
	"strconv"
	"strings"
	"testing"
)

// metricValue returns the value of a metric in the text format.
func metricValue(t *testing.T, text, name string) float64 {
	t.Helper()
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			value, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			if err != nil {
				t.Fatal(err)
			}
			return value
		}
	}
	t.Fatalf("got %s, want the metric %s", text, name)
	return 0
}
