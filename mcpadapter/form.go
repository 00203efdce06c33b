package mcpadapter

// ConfirmationField is the one field of [ConfirmationForm].
const ConfirmationField = "confirm"

// ConfirmationForm returns the JSON Schema of the form by which an MCP client asks its user for a confirmation (MCP
// revision 2025-11-25, client/elicitation): a box that must be ticked. The map is the caller's.
func ConfirmationForm() map[string]any {
	return map[string]any{
		"type": "object",
		"properties": map[string]any{
			ConfirmationField: map[string]any{
				"type": "boolean", "title": "Do it", "description": "True sends it, anything else does not.",
			},
		},
		"required": []string{ConfirmationField},
	}
}

// Confirmed reports whether a response to [ConfirmationForm] means yes: the action is accept, and the field is true. A
// client that accepts forms unseen, or without their content, confirms nothing.
func Confirmed(action string, content map[string]any) bool {
	return action == "accept" && content[ConfirmationField] == true
}
