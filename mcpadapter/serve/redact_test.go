package serve

import "testing"

func TestWordsAreRedacted(t *testing.T) {
	t.Parallel()
	redact := RedactWords("k$_")
	for text, want := range map[string]string{
		"": "", "no key": "no key", "k$_": "k$_", "k$_ a": "k$_ a", "k_a": "k_a",
		"k$_a": "k$_…", "a k$_live_1A, k$_b.": "a k$_…, k$_….", "xk$_a-b": "xk$_…-b",
	} {
		if got := redact(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
