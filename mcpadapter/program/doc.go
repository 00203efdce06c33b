// Package program runs programs in JavaScript over the operations of an adapter, for
// [mcpadapter.Adapter.ProgramTools]. It starts mcp-quickjs, an interpreter in a process of its own, for each program:
//
//	go install github.com/seed-f165d83c/workos/mcpadapter/program/mcp-quickjs@latest
//
// A program has ECMAScript 2023, the calls of the adapter, and nothing else: no network, no files, no modules, no
// timers, a clock that stands still and random numbers that repeat. Its process has no environment, and so no
// credentials. Four limits apply to each program: memory, own time, calls and the size of its value; the interpreter
// counts every byte that it allocates, on Linux the kernel limits the process too, and a program that runs for longer
// is killed. A program cannot exhaust the memory of the server.
//
// Numbers are those of JavaScript. Integers beyond 2^53, such as some IDs, are strings with all their digits, in
// results and in the arguments of the program. A call to which a program passes such a number is not made, because the
// number may have lost digits; an operation accepts the string in its place.
//
// # Messages
//
// Both sides send JSON values, one a line. The server sends first
//
//	{"protocol": 1, "program": "…", "arguments": {…}, "now": 1767225600000, "memory": …, "output": …, "calls": …}
//
// The interpreter runs the program until it cannot go on without a result, and then sends the calls that it has made
// since. The server sends the results of some of them, at least of one, and so on:
//
//	{"calls": [{"id": 1, "operation": "users.list", "arguments": "{…}", "each": true}]}
//	[{"id": 1, "value": {…}, "items": "data", "next": {"after": "…"}}, {"id": 2, "failure": {…}, "text": "…"}]
//
// It ends with the value or the error of the program:
//
//	{"done": {"value": …, "log": ["…"]}}
//	{"done": {"error": {"name": "TypeError", "message": "…", "line": 3}, "log": []}}
package program
