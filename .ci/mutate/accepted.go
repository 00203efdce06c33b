package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// accepted reads the list of mutants that no test has to notice: an ID, a tab and the reason on each line. Lines that
// begin with # are comments.
func accepted(name string) (map[string]string, error) {
	list := map[string]string{}
	if name == "" {
		return list, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, ok := strings.Cut(line, "\t")
		if !ok || strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("%s:%d: want an ID, a tab and a reason", name, n)
		}
		if _, twice := list[id]; twice {
			return nil, fmt.Errorf("%s:%d: listed twice: %s", name, n, id)
		}
		list[id] = reason
	}
	return list, lines.Err()
}
