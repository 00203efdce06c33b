package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// runJQ runs a program on an order and returns its result.
func runJQ(t *testing.T, order, program string) (r mcpadapter.Result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { // whose clock stands still while the program runs
		a := shoptest.NewWith(t, bodies(order), mcpadapter.WithShapingArguments())
		r = shoptest.Invoke(t, a, "orders.get", `{"order_id":"1","jq":`+shoptest.Quoted(program)+`}`)
	})
	return r
}

// wantJQ checks what a program gives, or why it fails.
func wantJQ(tb testing.TB, what string, r mcpadapter.Result, outputs, failure string) {
	tb.Helper()
	switch {
	case failure == "" && string(r.JSON) != `{"jq":`+outputs:
		tb.Errorf("%s: got %.300s, want %.300s", what, r.Text(), outputs)
	case failure != "" && (r.Failure == nil || r.Failure.Code != mcpadapter.CodeProgramFailed ||
		r.Failure.Message != "the call succeeded, but the jq program failed: "+failure):
		tb.Errorf("%s: got %.300s, want %s", what, r.Text(), failure)
	}
}

func TestAProgramsTextIsLimited(t *testing.T) {
	t.Parallel()
	for n, sent := range map[int]int{4095: 1, 4096: 1, 4097: 0} {
		requests := 0
		a := shoptest.NewWith(t, shoptest.Counting(&requests), mcpadapter.WithShapingArguments())
		r := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1","jq":"1`+strings.Repeat(" ", n-1)+`"}`)
		if requests != sent || (r.Failure == nil) != (sent == 1) {
			t.Errorf("%d bytes: got %d requests and %s, want %d", n, requests, r.Text(), sent)
		}
	}
}

// It runs alone, as a program that makes so many outputs needs most of its two seconds on a busy machine.
func TestOutputsOfAProgramAreLimited(t *testing.T) {
	const left = `],"left_out":{"more":true,"reason":"A program may give 10000 outputs of 4194304 bytes in all."}}`
	list := `{"data":[1` + strings.Repeat(",1", 99) + `]}`
	ones := strings.Repeat("1,", 9_999) + "1"
	const squared = `(.data[] as $a | .data[])`
	wantJQ(t, "10000 outputs", runJQ(t, list, squared), "["+ones+"]}", "")
	wantJQ(t, "10001 outputs", runJQ(t, list, squared+`, 2`), "["+ones+left, "")

	quarter := `"` + strings.Repeat("x", 1<<20-2) + `"`
	more := `"` + strings.Repeat("x", 1<<20-1) + `"`
	four := strings.Repeat(quarter+",", 3) + quarter
	wantJQ(t, "4 MiB", runJQ(t, `{"id":`+quarter+`}`, `.id,.id,.id,.id`), "["+four+"]}", "")
	wantJQ(t, "a byte more", runJQ(t, `{"id":`+quarter+`}`, `.id,.id,.id,.id,1`), "["+four+left, "")
	three := strings.Repeat(more+",", 2) + more
	wantJQ(t, "4 bytes more", runJQ(t, `{"id":`+more+`}`, `.id,.id,.id,.id`), "["+three+left, "")
}

// TestValuesOfAProgramAreLimited has a program for each limit of package jq on values; its tests have all programs.
func TestValuesOfAProgramAreLimited(t *testing.T) {
	t.Parallel()
	text := func(n int) string { return `{"a":"` + strings.Repeat("x", n) + `"}` }
	array := func(n int) string { return `{"a":[0` + strings.Repeat(",0", n-1) + `]}` }
	const small = (1<<20 - 32) / 4 // bytes, of which four times is a mebibyte
	const gathered = `([.a[] as $a | .a[] | 1] | length)`
	for what, c := range map[string]struct{ order, program, outputs, failure string }{
		"a mebibyte": {text(small), `.a+.a+.a+.a | length`, fmt.Sprintf("[%d]}", 4*small), ""},
		"a byte more": {
			text(small), `.a+.a+.a+.a+"x" | length`, "", "the program makes a value that is much larger than the answer",
		},
		"as many gathered": {array(128), gathered + "," + gathered, "[16384,16384]}", ""},
		"one more": {
			array(128), gathered + "," + gathered + ",[1]", "", "the program gathers many more values than the answer has",
		},
		"a text of so many bytes at once": {text(32<<10 + 1), `1 - .a`, "", "the program uses a value of more than 32800 bytes where it may not"},
		"texts multiplied":                {text(1), `.a * 2`, "", "a program may not multiply texts"},
	} {
		wantJQ(t, what, runJQ(t, c.order, c.program), c.outputs, c.failure)
	}
}

func TestAProgramEndsWithItsCall(t *testing.T) {
	t.Parallel()
	ctx, network := endingAfterRead(t, someOrders)
	a := shoptest.NewWith(t, network, mcpadapter.WithShapingArguments())
	r := shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(`{"jq":`+shoptest.Quoted(endless)+`}`))
	shoptest.WantFailure(t, r, mcpadapter.CodeProgramFailed, http.StatusOK)
	wantJQ(t, "a call that ends", r, "", "the call ended before the program did")
}

func TestAProgramEndsInTime(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, bodies(someOrders), mcpadapter.WithShapingArguments()) // on the real clock, or it would not end
	r := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1","jq":`+shoptest.Quoted(endless)+`}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeProgramFailed, http.StatusOK)
	wantJQ(t, "a program without end", r, "", "the program took longer than 2s")
}
