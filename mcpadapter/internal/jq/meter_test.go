package jq_test

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
)

func TestValuesAreLimited(t *testing.T) {
	t.Parallel()
	const tooLarge = "the program makes a value that is much larger than the answer"
	const tooMany = "the program gathers many more values than the answer has"
	text := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	slashes := func(n int) string { return `"` + strings.Repeat(`\\`, n) + `"` } // which writing doubles
	array := func(n int) string { return `[0` + strings.Repeat(",0", n-1) + `]` }
	power := func(bits uint) string {
		return fmt.Sprintf("(%q|tonumber)", new(big.Int).Lsh(big.NewInt(1), bits).String())
	}
	product := func(bits uint) string { return strings.Repeat(power(1024)+"*", 3) + power(bits) + ">0" }
	const small, large = (1<<20 - 32) / 4, 1 << 20 // bytes, of which twice is less and more than a mebibyte
	const gathered = `([.[] as $a | .[] | 1] | length)`
	for what, c := range map[string]struct{ input, program, output, failure string }{
		"a mebibyte":  {text(small), `.+.+.+. | length`, strconv.Itoa(4 * small), ""},
		"a byte more": {text(small), `.+.+.+.+"x" | length`, "", tooLarge},
		"twice the input": {
			text(large), `.+.+"` + strings.Repeat("x", 32) + `" | length`, strconv.Itoa(2*large + 32), "",
		},
		"a byte more than that": {text(large), `.+.+"` + strings.Repeat("x", 33) + `" | length`, "", tooLarge},
		"an array":              {text(small - 32), `[.,.,.,.] | length`, "4", ""},
		"a larger array":        {text(small - 31), `[.,.,.,.] | length`, "", tooLarge},
		"an object":             {text(small - 34), `{a:.,bb:.,cc:.,ddd:.} | length`, "4", ""},
		"a larger object":       {text(small - 34), `{a:.,bb:.,cc:.,dddd:.} | length`, "", tooLarge},
		"as many gathered":      {array(128), gathered + "+" + gathered, "32768", ""},
		"one more":              {array(128), gathered + "+" + gathered + "+([1]|length)", "", tooMany},
		"one more mapped":       {array(128), gathered + "+" + gathered + "+([1]|map(.)|length)", "", tooMany},
		"written twice":         {slashes(200_000), `tojson | tojson | length`, "800006", ""},
		"a larger text":         {slashes(300_000), `tojson | tojson | length`, "", tooLarge},
		"499 deep":              {array(499), `reduce .[] as $x (0; [.]) | length`, "1", ""},
		"500 deep":              {array(500), `reduce .[] as $x (0; [.]) | length`, "", tooLarge},
		"499 objects deep":      {array(499), `reduce .[] as $x (0; {a:.}) | length`, "1", ""},
		"500 objects deep":      {array(500), `reduce .[] as $x (0; {a:.}) | length`, "", tooLarge},
		"4096 bits":             {"1", product(1023), "true", ""},
		"4097 bits":             {"1", product(1024), "", tooLarge},
		"400 digits":            {"1" + strings.Repeat("0", 399), `[.] | length`, "1", ""},
		"401 digits":            {"1" + strings.Repeat("0", 400), `[.] | length`, "", tooLarge},
		"a text times a number": {text(1), `. * 2`, "", "a program may not multiply texts"},
		"a number times a text": {text(1), `2 * .`, "", "a program may not multiply texts"},
		"objects multiplied":    {"1", `{a:1} * {b:2}`, `{"a":1,"b":2}`, ""},
	} {
		wantRun(t, what, c.program, c.input, []string{c.output}, c.failure)
	}
}

const beside = 32 // bytes of a value beside its text

// sizes are what functions work on in one step, as $x, and how many bytes of that they accept at most.
func sizes() map[string]int {
	const shortText, sortKey, someText, subject = 256, 4 << 10, 32 << 10, 256 << 10
	sizes := map[string]int{
		`$x | tonumber`:      400,
		`"a" | sub("a"; $x)`: someText, `"a" | sub("a"; $x; "g")`: someText,
		`"a" | gsub("a"; $x)`: shortText, `"a" | gsub("a"; $x; "g")`: shortText,
		`. | getpath($x)`: someText, `error($x)`: someText,
		`"\($x)"`: someText, `"a\(1)\($x)"`: someText, `@json "\($x)"`: someText, `{"\($x)": 1}`: someText,
		`1 - $x`: someText, `"a" / $x`: someText, `[$x] - [$x]`: someText - beside,
		`"a" | strptime($x)`: shortText, `$x | strptime("%Y")`: someText, `0 | strftime($x)`: shortText,
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
		sizes[`"a" | `+name+`($x; "b"; "g")`] = shortText
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
	return sizes
}

func TestEachFunctionLimitsWhatItWorksOn(t *testing.T) {
	t.Parallel()
	for program, most := range sizes() {
		limit := most + beside
		if strings.HasPrefix(program, "[$x]") { // an array around it
			limit += beside
		}
		tooLarge := fmt.Sprintf("the program uses a value of more than %d bytes where it may not", limit)
		for _, n := range []int{most, most + 1} {
			_, err := run(t.Context(), ". as $x | "+program, `"`+strings.Repeat("x", n)+`"`)
			if got := err != nil && err.Error() == tooLarge; got != (n > most) {
				t.Errorf("%s of %d bytes: got %.200v, want %q: %t", program, n, err, tooLarge, n > most)
			}
		}
	}
}
