package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// promptExtension is that of the files of prompts.
const promptExtension = ".tmpl"

// ReadPrompts reads the prompts in the files whose names end in .tmpl, of all directories and in their order, for
// [API.Prompts]: close_account.tmpl has the prompt close_account. A file begins with title, description and arguments
// in YAML, between two lines of three hyphens; what follows is the text. An argument has the members name, title,
// description, required, values, operation and argument. An unknown member is an error.
func ReadPrompts(files fs.FS) ([]Prompt, error) {
	var list []Prompt
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != promptExtension {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err //nolint:wrapcheck // it names the file
		}
		p, err := readPrompt(content)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p.Name = strings.TrimSuffix(path.Base(name), promptExtension)
		list = append(list, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read prompts: %w", err)
	}
	return list, nil
}

// readPrompt reads the content of a file.
func readPrompt(content []byte) (Prompt, error) {
	const fence = "---\n"
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	rest, begins := bytes.CutPrefix(content, []byte(fence))
	head, text, ends := bytes.Cut(rest, []byte("\n"+fence))
	if !begins || !ends {
		return Prompt{}, errors.New("want a line of three hyphens, title and description in YAML, and another such line")
	}
	var described struct {
		Title, Description string
		Arguments          []struct {
			Name, Title, Description string
			Required                 bool
			Values                   []string
			Operation, Argument      string
		}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(head))
	decoder.KnownFields(true)
	if err := decoder.Decode(&described); err != nil && !errors.Is(err, io.EOF) {
		return Prompt{}, err //nolint:wrapcheck // the caller names the file
	}
	p := Prompt{
		Title: described.Title, Description: described.Description, Text: strings.TrimSpace(string(text)),
		Arguments: make([]PromptArgument, 0, len(described.Arguments)),
	}
	for _, a := range described.Arguments {
		p.Arguments = append(p.Arguments, PromptArgument(a))
	}
	return p, nil
}
