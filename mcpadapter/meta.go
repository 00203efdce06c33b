package mcpadapter

// Names in the _meta of a result, as [Result.Meta] returns it. Their prefix is a domain of the project's, reversed (MCP
// revision 2025-11-25, basic, "_meta").
const (
	// MetaRepaired has the list of arguments that were repaired, as in [Result.Repaired].
	MetaRepaired = "io.github.seed-f165d83c.workos/repaired"
	// MetaRenamed has an object with the arguments that were accepted under other names, as in [Result.Renamed]: from
	// the name that was given to that of the argument.
	MetaRenamed = "io.github.seed-f165d83c.workos/renamed"
)

// Meta returns what belongs into the _meta of the result, or nil if there is nothing. The map is the caller's.
func (r Result) Meta() map[string]any {
	if len(r.Repaired) == 0 && len(r.Renamed) == 0 {
		return nil
	}
	meta := map[string]any{}
	if len(r.Repaired) > 0 {
		meta[MetaRepaired] = r.Repaired
	}
	if len(r.Renamed) > 0 {
		renamed := map[string]string{}
		for _, a := range r.Renamed {
			renamed[a.Given] = a.Argument
		}
		meta[MetaRenamed] = renamed
	}
	return meta
}
