package phrase_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": nil, " .,_-": nil, "organization_id": {"organization", "id"}, "organizationId": {"organization", "id"},
		"The ID's, of: a.b-c": {"the", "id", "s", "of", "a", "b", "c"}, "HTTPServer2x": {"httpserver2x"},
		"Größe 2Ä": {"größe", "2ä"}, "aB C": {"a", "b", "c"},
	} {
		if got := phrase.Words(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestSingulars(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Directories and users": {"directory", "and", "user"}, "address": {"address"}, "ies s": {"y", ""}, "sheep": {"sheep"},
	} {
		if got := phrase.Singulars(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Who looks for one word reads no further than that.
func TestSingularsSeqStops(t *testing.T) {
	t.Parallel()
	var got []string
	for word := range phrase.SingularsSeq("Users, their addresses") {
		if got = append(got, word); word == "their" {
			break
		}
	}
	if want := []string{"user", "their"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for range phrase.SingularsSeq("one") { // the last word as well
		break
	}
}
