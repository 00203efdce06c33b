package serve

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
)

func TestOneHeaderIsReadAtMostOnce(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   int
		err    string
	}{
		{nil, 0, ""},
		{[]string{" 7 "}, 7, ""},
		{[]string{"x"}, 0, `X-N: strconv.Atoi: parsing "x": invalid syntax`},
		{[]string{"7", "7"}, 0, "X-N: the header occurs 2 times"},
		{[]string{"7", "8", "9"}, 0, "X-N: the header occurs 3 times"},
	} {
		got, err := oneHeader(http.Header{"X-N": c.values}, "X-N", strconv.Atoi)
		if text := fmt.Sprint(err); got != c.want || (err == nil) != (c.err == "") || err != nil && text != c.err {
			t.Errorf("%q: got %d and %v, want %d and %q", c.values, got, err, c.want, c.err)
		}
	}
}
