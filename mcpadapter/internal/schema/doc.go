// Package schema derives schemas from Go types and writes them as JSON Schema.
//
//   - [Deriver] derives the schema of a Go type, completes it from a table, and fails if the two disagree;
//   - [Append] writes a schema in a [Style]: with the keywords that a [Dialect] has, and the descriptions that add to
//     the names around them;
//   - [Flatten] merges the variants of a union into one list of properties, for clients that reject alternatives;
//   - [Tolerant] reduces a schema to what an API does not change without notice.
//
// No function changes a schema that it is given.
package schema
