package optest

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
)

// errNoList is that of a pattern that is not written as a list of texts.
var errNoList = errors.New("the pattern is no anchored list of texts")

// Language lists all texts that a pattern accepts, as values of an enum. The pattern must be anchored at both ends, and
// made of literals, groups, alternatives, optional parts and classes of characters.
func Language(pattern string) ([]any, error) {
	inner, begins := strings.CutPrefix(pattern, "^")
	inner, ends := strings.CutSuffix(inner, "$")
	if !begins || !ends {
		return nil, errNoList
	}
	tree, err := syntax.Parse(inner, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", pattern, err)
	}
	// An alternative at the top would have an anchor at one of its ends only.
	if whole, err := syntax.Parse(pattern, syntax.Perl); err != nil || whole.Op == syntax.OpAlternate {
		return nil, errNoList
	}
	texts, err := languageOf(tree)
	if err != nil {
		return nil, err
	}
	slices.Sort(texts)
	list := make([]any, 0, len(texts))
	for _, text := range slices.Compact(texts) {
		list = append(list, text)
	}
	return list, nil
}

func languageOf(tree *syntax.Regexp) ([]string, error) {
	var parts [][]string
	for _, sub := range tree.Sub {
		part, err := languageOf(sub)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if tree.Flags&syntax.FoldCase != 0 {
		return nil, errNoList
	}
	switch tree.Op { //nolint:exhaustive // what else there is matches no finite set of texts
	case syntax.OpEmptyMatch:
		return []string{""}, nil
	case syntax.OpLiteral:
		return []string{string(tree.Rune)}, nil
	case syntax.OpCharClass:
		return classOf(tree.Rune)
	case syntax.OpCapture:
		return parts[0], nil
	case syntax.OpQuest:
		return append(parts[0], ""), nil
	case syntax.OpAlternate:
		return slices.Concat(parts...), nil
	case syntax.OpConcat:
		texts := []string{""}
		for _, part := range parts {
			var longer []string
			for _, text := range texts {
				for _, end := range part {
					longer = append(longer, text+end)
				}
			}
			texts = longer
		}
		return texts, nil
	}
	return nil, errNoList
}

// classOf lists the characters of a small class, which is given by the bounds of its ranges.
func classOf(bounds []rune) ([]string, error) {
	const most = 100
	var texts []string
	for i := 0; i+1 < len(bounds); i += 2 {
		for r := bounds[i]; r <= bounds[i+1]; r++ {
			if len(texts) == most {
				return nil, errNoList
			}
			texts = append(texts, string(r))
		}
	}
	return texts, nil
}
