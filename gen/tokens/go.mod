// The token counter, apart from the module that people import:
//
//	go -C gen/tokens run .
module github.com/seed-f165d83c/workos/gen/tokens

go 1.26.0

require github.com/tiktoken-go/tokenizer v0.7.0

require github.com/dlclark/regexp2 v1.11.5 // indirect
