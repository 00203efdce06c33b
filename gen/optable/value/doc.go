// Package value checks JSON values against the schemas of a table of operations.
//
// [Compiler] makes a [Schema] of what the table says: references are followed and the parts of allOf merged. [Check]
// compares a value with it and reports each [Problem] by its path, its kind and in words; [Sampler] makes up a value
// that it accepts.
//
// Values are those of [Parse]: nil, bool, string, json.Number, []any and map[string]any. A Schema is read-only once it
// is compiled: everything that shares it may use it concurrently.
package value
