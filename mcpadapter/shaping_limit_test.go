package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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

func TestValuesOfAProgramAreLimited(t *testing.T) {
	t.Parallel()
	const tooLarge = "the program makes a value that is much larger than the answer"
	const tooMany = "the program gathers many more values than the answer has"
	text := func(n int) string { return `{"a":"` + strings.Repeat("x", n) + `"}` }
	array := func(n int) string { return `{"a":[0` + strings.Repeat(",0", n-1) + `]}` }
	const small, large = (1<<20 - 32) / 4, 1 << 20 // bytes, of which twice is less and more than a mebibyte
	const gathered = `([.a[] as $a | .a[] | 1] | length)`
	power := func(bits int) string { return fmt.Sprintf("(%q|tonumber)", twoTo(bits)) }
	for what, c := range map[string]struct{ order, program, outputs, failure string }{
		"a mebibyte":  {text(small), `.a+.a+.a+.a | length`, fmt.Sprintf("[%d]}", 4*small), ""},
		"a byte more": {text(small), `.a+.a+.a+.a+"x" | length`, "", tooLarge},
		"twice the answer": {
			text(large), `.a+.a+"` + strings.Repeat("x", 98) + `" | length`, fmt.Sprintf("[%d]}", 2*large+98), "",
		},
		"and a byte more":  {text(large), `.a+.a+"` + strings.Repeat("x", 99) + `" | length`, "", tooLarge},
		"an array":         {text(small - 32), `[.a,.a,.a,.a] | length`, "[4]}", ""},
		"a larger array":   {text(small - 31), `[.a,.a,.a,.a] | length`, "", tooLarge},
		"an object":        {text(small - 34), `{a:.a,bb:.a,cc:.a,ddd:.a} | length`, "[4]}", ""},
		"a larger object":  {text(small - 34), `{a:.a,bb:.a,cc:.a,dddd:.a} | length`, "", tooLarge},
		"as many gathered": {array(128), gathered + "," + gathered, "[16384,16384]}", ""},
		"one more":         {array(128), gathered + "," + gathered + ",[1]", "", tooMany},
		"one more mapped":  {array(128), gathered + "," + gathered + ",([1]|map(.))", "", tooMany},
		"499 deep":         {array(499), `reduce .a[] as $x (0; [.]) | length`, "[1]}", ""},
		"500 deep":         {array(500), `reduce .a[] as $x (0; [.]) | length`, "", tooLarge},
		"499 objects deep": {array(499), `reduce .a[] as $x (0; {a:.}) | length`, "[1]}", ""},
		"500 objects deep": {array(500), `reduce .a[] as $x (0; {a:.}) | length`, "", tooLarge},
		"4096 bits": {
			text(1), power(1024) + "*" + power(1024) + "*" + power(1024) + "*" + power(1023) + " > 0", "[true]}", "",
		},
		"4097 bits": {
			text(1), power(1024) + "*" + power(1024) + "*" + power(1024) + "*" + power(1024) + " > 0", "", tooLarge,
		},
		"texts multiplied":    {text(1), `.a * 2`, "", "a program may not multiply texts"},
		"multiplied by texts": {text(1), `2 * .a`, "", "a program may not multiply texts"},
		"objects multiplied":  {text(1), `{a:1} * {b:2}`, `[{"a":1,"b":2}]}`, ""},
	} {
		wantJQ(t, what, runJQ(t, c.order, c.program), c.outputs, c.failure)
	}
}

// twoTo is a power of two in digits.
func twoTo(bits int) string {
	digits := []byte{1}
	for range bits {
		carry := byte(0)
		for i := range digits {
			d := digits[i]*2 + carry
			digits[i], carry = d%10, d/10
		}
		if carry > 0 {
			digits = append(digits, carry)
		}
	}
	var b strings.Builder
	for _, digit := range slices.Backward(digits) {
		b.WriteByte('0' + digit)
	}
	return b.String()
}

// jqSizes are what functions work on in one step, as $x, and how many bytes of that they take at most.
func jqSizes() map[string]int {
	const shortText, sortKey, someText, subject = 256, 4 << 10, 32 << 10, 256 << 10
	sizes := map[string]int{
		`$x | tonumber`:      400,
		`"a" | sub("a"; $x)`: someText, `"a" | sub("a"; $x; "g")`: someText,
		`"a" | gsub("a"; $x)`: shortText, `"a" | gsub("a"; $x; "g")`: shortText,
		`. | getpath($x)`: someText, `error($x)`: someText,
		`"\($x)"`: someText, `"a\(1)\($x)"`: someText, `@json "\($x)"`: someText, `{"\($x)": 1}`: someText,
		`1 - $x`: someText, `"a" / $x`: someText, `[$x] - [$x]`: someText - 32,
		`"a" | strptime($x)`: shortText, `$x | strptime("%Y")`: someText,
	}
	for _, name := range []string{"split", "test", "match", "capture", "scan"} {
		sizes[`$x | `+name+`("a")`] = subject
		sizes[`$x | `+name+`("a"; "g")`] = subject
		sizes[`"a" | `+name+`($x)`] = shortText
		sizes[`"a" | `+name+`($x; "g")`] = shortText
		sizes[`"a" | `+name+`("a"; $x)`] = shortText
	}
	for _, name := range []string{"sub", "gsub"} {
		sizes[`$x | `+name+`("a"; "b")`] = subject
		sizes[`$x | `+name+`("a"; "b"; "g")`] = subject
		sizes[`"a" | `+name+`($x; "b")`] = shortText
		sizes[`"a" | `+name+`("a"; "b"; $x)`] = shortText
	}
	for _, name := range []string{"sort_by", "group_by", "unique_by", "min_by", "max_by"} {
		sizes[`[1] | `+name+`($x)`] = sortKey
	}
	for _, name := range []string{"startswith", "endswith", "ltrimstr", "rtrimstr", "trimstr"} {
		sizes[`"a" | `+name+`($x)`] = someText
	}
	for _, name := range []string{"contains", "index", "rindex", "indices", "join", "has", "in"} {
		sizes[`"a" | `+name+`($x)`] = shortText
	}
	sizes[`0 | strftime($x)`] = shortText
	return sizes
}

func TestEachFunctionOfAProgramWorksOnSoMuchAtOnce(t *testing.T) {
	t.Parallel()
	for program, most := range jqSizes() {
		for _, n := range []int{most, most + 1} {
			r := runJQ(t, `{"x":"`+strings.Repeat("x", n)+`"}`, ".x as $x | "+program)
			if r.Failure != nil && r.Failure.Code != mcpadapter.CodeProgramFailed {
				t.Fatalf("%s: got %s", program, r.Text())
			}
			const beside = 32 // bytes of a value beside its text
			bound := most + beside
			if strings.HasPrefix(program, "[") && strings.Contains(program, " - ") {
				bound += beside
			}
			tooLarge := fmt.Sprintf("the program uses a value of more than %d bytes where it may not", bound)
			if got := strings.Contains(r.Text(), tooLarge); got != (n > most) {
				t.Errorf("%s of %d bytes: got %.200s, want %q: %t", program, n, r.Text(), tooLarge, n > most)
			}
		}
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
