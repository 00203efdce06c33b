package serve

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// fileSuffix is what the name of a variable with a secret is followed by if its value is the name of a file with the
// secret.
const fileSuffix = "_FILE"

// secretVariables returns the names of the environment variables with secrets: those of the settings and the API's.
func (p program) secretVariables() []string {
	var names []string
	if p.api.EnvPrefix != "" {
		for _, name := range []string{confirmKey, inboundSecret, storeFlag} {
			names = append(names, p.variable(name))
		}
	}
	for _, key := range p.api.Setup.Keys {
		names = append(names, key.Variable)
	}
	return append(names, p.api.Secrets...)
}

// readSecrets sets each variable with a secret from the file that the variable with the suffix names.
func (p program) readSecrets() error {
	for _, name := range p.secretVariables() {
		file := p.environ[name+fileSuffix]
		switch {
		case file == "":
			continue
		case p.environ[name] != "":
			return usageError{fmt.Errorf("%s and %s%s are both set: want one of them", name, name, fileSuffix)}
		}
		text, err := readSmall(file)
		if failed := (*fs.PathError)(nil); errors.As(err, &failed) {
			err = fmt.Errorf("read %s: %w", file, failed.Err)
		}
		if err == nil {
			text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
			if text == "" {
				err = fmt.Errorf("%s is empty", file)
			}
		}
		if err != nil {
			return usageError{fmt.Errorf("%s%s: %w", name, fileSuffix, err)}
		}
		p.environ[name] = text
	}
	return nil
}
