// Package optest makes and breaks instances of the operations in package gen, for tests:
//
//   - [Description] is api.yaml as it is written. [Description.Instances] makes arguments with at most one defect, and
//     [Description.Missing] lists the constraints that a published schema lacks;
//   - [Shapes] lists the ways to call an operation. [Shape.Full] and [Shape.Least] make arguments from a published
//     schema, and [Places] lists the values within them, to be changed one by one;
//   - [Example] makes responses.
//
// Functions that take a testing.TB end the test if they fail. A Description is safe for concurrent use.
package optest
