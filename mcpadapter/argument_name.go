package mcpadapter

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// argumentLimit is the limit of the names of arguments in the API of Anthropic, in characters of names.
const argumentLimit = 64

// argumentName returns a name for an argument that clients accept: that of the parameter if it is one, otherwise what
// is valid of it, with _lt and _gt for the signs with which some APIs end the names of bounds.
func argumentName(parameter string) string {
	if len(parameter) <= argumentLimit && isName(parameter) {
		return parameter
	}
	name := sanitized(strings.NewReplacer("<", "_lt", ">", "_gt").Replace(parameter))
	if len(name) > argumentLimit {
		sum := fmt.Sprintf("_%08x", crc32.ChecksumIEEE([]byte(parameter)))
		name = name[:argumentLimit-len(sum)] + sum
	}
	if name == "" {
		return "argument"
	}
	return name
}

// unusedName returns the name of a parameter of an operation as an argument: with its location in front if another
// parameter has the name.
func (in *input) unusedName(op *optable.Operation, p *optable.Parameter) string {
	name := argumentName(p.Name)
	if name == p.Name && p.In == optable.InPath { // they are first
		return name
	}
	if in.root.Property(name) != nil || name != p.Name && parameterOf(op, name) != nil {
		name = string(p.In) + "_" + name
	}
	base := name
	for n := 2; argumentName(p.Name) != p.Name && in.root.Property(name) != nil; n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	return name
}
