package main

import (
	"fmt"

	"github.com/tiktoken-go/tokenizer"
)

// counter counts o200k tokens.
type counter struct{ codec tokenizer.Codec }

func newCounter() (counter, error) {
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		return counter{}, fmt.Errorf("load the tokenizer: %w", err)
	}
	return counter{codec}, nil
}

func (c counter) count(texts ...string) int {
	sum := 0
	for _, text := range texts {
		n, err := c.codec.Count(text)
		if err != nil {
			panic(err) // not of text
		}
		sum += n
	}
	return sum
}
