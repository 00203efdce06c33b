package mcpadapter

import (
	"encoding/json"
	"fmt"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// forMCP is the extension of an operation with what its tool should be: false, or an object of [mcpSettings].
const forMCP = "x-mcp"

// mcpSettings are the members of the extension. Absent ones are derived as for every operation.
type mcpSettings struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Skip        bool   `json:"skip"`
	Annotations struct {
		ReadOnly    *bool `json:"readOnlyHint"`
		Destructive *bool `json:"destructiveHint"`
		Idempotent  *bool `json:"idempotentHint"`
		OpenWorld   *bool `json:"openWorldHint"`
	} `json:"annotations"`
}

// mcpSettingsOf reads the extension of an operation. It fails if the extension is neither a boolean nor such an object,
// or if its name is not valid.
func mcpSettingsOf(op *optable.Operation) (mcpSettings, error) {
	var s mcpSettings
	switch text := op.Extension(forMCP); text {
	case "", "true", null:
	case "false":
		s.Skip = true
	default:
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			return mcpSettings{}, unfit(fmt.Errorf("%s: want a boolean or an object: %w", forMCP, err), "correct the extension")
		}
	}
	if s.Name != "" && !validName(s.Name) {
		return mcpSettings{}, unfit(
			fmt.Errorf("%s: invalid name %q: want 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.'", forMCP, s.Name),
			"correct the extension")
	}
	return s, nil
}

// apply changes a tool as the settings say.
func (s *mcpSettings) apply(t *tool) {
	for _, text := range []struct {
		to   *string
		from string
	}{{&t.name, s.Name}, {&t.title, s.Title}, {&t.description, s.Description}} {
		if text.from != "" {
			*text.to = text.from
		}
	}
	for _, hint := range []struct {
		to   *bool
		from *bool
	}{
		{&t.annotations.ReadOnly, s.Annotations.ReadOnly}, {&t.annotations.Destructive, s.Annotations.Destructive},
		{&t.annotations.Idempotent, s.Annotations.Idempotent}, {&t.annotations.OpenWorld, s.Annotations.OpenWorld},
	} {
		if hint.from != nil {
			*hint.to = *hint.from
		}
	}
}
