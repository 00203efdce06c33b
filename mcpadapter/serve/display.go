package serve

import (
	"io"
	"os"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// display is how text is shown on a stream. The zero value is for files, pipes and programs: without colors, and whole.
type display struct {
	terminal bool
	colors   bool
	width    int // columns; 0: unknown
}

// displayOf returns how text is shown on a stream of the program. Colors are only for a terminal, and not if NO_COLOR
// has a value (no-color.org) or TERM is "dumb".
func (p program) displayOf(stream any) display {
	file, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return display{}
	}
	d := display{terminal: true}
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		d.width = width
	}
	plain := p.getenv("NO_COLOR") != "" || p.getenv("TERM") == "dumb"
	old := runtime.GOOS == "windows" && p.getenv("WT_SESSION") == "" && p.getenv("TERM") == "" // a console without colors
	d.colors = !plain && !old
	return d
}

// color is the number of a color or style of a terminal (ECMA-48, SGR).
type color string

const (
	bold   color = "1"
	red    color = "31"
	green  color = "32"
	yellow color = "33"
)

func (d display) paint(c color, text string) string {
	if !d.colors || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// fit cuts a line to the width of the terminal, with an ellipsis.
func (d display) fit(line string) string {
	if d.width <= 1 || utf8.RuneCountInString(line) <= d.width {
		return line
	}
	return strings.TrimRight(string([]rune(line)[:d.width-1]), " ") + "…"
}

// table writes the rows of a table, which have no colors yet. The first is in bold if it has the names of columns.
func (d display) table(out io.Writer, rows string, named bool) error {
	var b strings.Builder
	for line := range strings.Lines(rows) {
		text, end := strings.CutSuffix(line, "\n")
		text = d.fit(strings.TrimRight(text, " "))
		if named {
			text, named = d.paint(bold, text), false
		}
		b.WriteString(text)
		if end {
			b.WriteByte('\n')
		}
	}
	_, err := io.WriteString(out, b.String())
	return err //nolint:wrapcheck // the caller says what was written
}
