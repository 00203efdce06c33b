// Package schema makes schemas of Go types and writes them as JSON Schema.
//
//   - [Deriver] makes the schema of a Go type, completed by what a table says, and fails where the two disagree;
//   - [Append] writes a schema in a [Style]: the keywords that a [Dialect] has, and the descriptions that say more than
//     the names around them;
//   - [Flatten] makes one list of properties of a union, for clients that refuse alternatives;
//   - [Tolerant] keeps of a schema what an API does not change from one day to the next.
//
// No function changes a schema that it is given.
package schema
