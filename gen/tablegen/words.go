package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// keywords is the extension of an operation with requests that it answers.
const keywords = "x-keywords"

// searchWords are the words of a file for the search over operations.
type searchWords struct {
	Synonyms map[string][]string // as x-synonyms of a document
	Keywords map[string]string   // as x-keywords of an operation, by its operationId
}

// addWords adds the words of a file to a table. They take the place of those of the document.
func addWords(table *optable.Table, file string) error {
	data, err := os.ReadFile(file) //nolint:gosec // the file that was asked for
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	var words searchWords
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&words); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if words.Synonyms != nil {
		table.Synonyms = nil
	}
	for _, term := range slices.Sorted(maps.Keys(words.Synonyms)) {
		table.Synonyms = append(table.Synonyms, optable.Synonym{Term: term, Means: words.Synonyms[term]})
	}
	for i := range table.Operations {
		op := &table.Operations[i]
		text, ok := words.Keywords[op.ID]
		if !ok {
			continue
		}
		delete(words.Keywords, op.ID)
		encoded, err := json.Marshal(strings.Join(strings.Fields(text), " "))
		if err != nil {
			return fmt.Errorf("%s: keywords of %q: %w", file, op.ID, err)
		}
		op.Extensions = append(slices.DeleteFunc(op.Extensions, func(e optable.Extension) bool { return e.Name == keywords }),
			optable.Extension{Name: keywords, JSON: string(encoded)})
	}
	for _, id := range slices.Sorted(maps.Keys(words.Keywords)) {
		return fmt.Errorf("%s: keywords: unknown operation %q", file, id)
	}
	return nil
}
