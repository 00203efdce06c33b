package media

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Members of an object that stands for a file.
const (
	FileName    = "name"
	FileText    = "text"           // the content, if it is text
	FileContent = "content_base64" // the content otherwise
)

// WriteMultipart writes the properties of an object as parts and returns the body with its media type. The names are in
// the order of the parts; properties without a place follow. An object is a part with JSON, a list a part for each
// item, and a property that is one of the files has the members above. All parts have names as in a form, by which
// servers find them in every multipart type.
func WriteMultipart(
	mediaType string, object map[string]any, names []string, files map[string]bool, encodings []optable.Encoding,
) (body []byte, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	root := ""
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { _, given := object[name]; return !given })
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		items, several := object[name].([]any)
		e := encodingOf(encodings, name)
		if !several || isJSON(e) {
			items = []any{object[name]}
		}
		for _, item := range items {
			contentType, err := writePart(w, name, item, files[name], e.ContentType)
			if err != nil {
				return nil, "", fmt.Errorf("%s: %w", name, err)
			}
			root = cmp.Or(root, contentType, "text/plain")
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", fmt.Errorf("end the body: %w", err)
	}
	contentType = Base(mediaType)
	if contentType == related { // which names the type of its first part (RFC 2387 section 3.1)
		contentType += "; type=" + strconv.Quote(Base(cmp.Or(root, "text/plain")))
	}
	return b.Bytes(), contentType + "; boundary=" + w.Boundary(), nil
}

// WithBoundary returns the media type of a whole multipart body with the boundary that its first line has, if it has no
// other. Any other media type is as it is.
func WithBoundary(mediaType string, body []byte) string {
	base, params, err := mime.ParseMediaType(mediaType)
	if err != nil || !strings.HasPrefix(base, "multipart/") || params["boundary"] != "" {
		return mediaType
	}
	line, _, _ := bytes.Cut(body, []byte("\n"))
	boundary, found := strings.CutPrefix(strings.TrimRight(string(line), " \t\r"), "--")
	if !found || boundary == "" {
		return mediaType
	}
	params["boundary"] = boundary
	return cmp.Or(mime.FormatMediaType(base, params), mediaType)
}

// writePart writes one part, and returns its content type. The given one is that of its encoding, a list of which the
// first that names one type counts.
func writePart(w *multipart.Writer, name string, v any, file bool, contentType string) (string, error) {
	if hasControls(name) {
		return "", errors.New("the name has a control character, which no header can have")
	}
	contentType = concrete(contentType)
	disposition := `form-data; name="` + escaped(name) + `"`
	var content []byte
	if file {
		f, ok := v.(map[string]any)
		if !ok {
			return "", errors.New("expected a file")
		}
		var filename string
		var err error
		if content, filename, err = readFile(f); err != nil {
			return "", err
		}
		disposition = multipart.FileContentDisposition(name, cmp.Or(filename, name))
		contentType = cmp.Or(contentType, mime.TypeByExtension(path.Ext(filename)), "application/octet-stream")
	} else {
		text, err := valueText(v, contentType)
		if err != nil {
			return "", err
		}
		content = []byte(text)
		switch v.(type) {
		case map[string]any, []any:
			contentType = cmp.Or(contentType, "application/json")
		}
	}
	header := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	part, err := w.CreatePart(header)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		return "", fmt.Errorf("write a part: %w", err)
	}
	return contentType, nil
}

// escaped returns the name of a part as [multipart.Writer.CreateFormField] writes it.
func escaped(name string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "%0D", "\n", "%0A").Replace(name)
}

// hasControls reports whether a text has a control character that [escaped] keeps. A header must not have one (RFC 9110
// section 5.5).
func hasControls(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) && c != '\r' && c != '\n' })
}

// readFile returns the content and the name of a file.
func readFile(f map[string]any) (content []byte, name string, err error) {
	name, _ = f[FileName].(string)
	if hasControls(name) {
		return nil, "", fmt.Errorf("%s: has a control character, which no header can have", FileName)
	}
	text, isText := f[FileText].(string)
	encoded, isContent := f[FileContent].(string)
	switch {
	case isText && isContent:
		return nil, "", fmt.Errorf("give either %s or %s", FileText, FileContent)
	case isText:
		return []byte(text), name, nil
	case isContent:
		if content, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return nil, "", fmt.Errorf("%s: expected base64", FileContent)
		}
		return content, name, nil
	}
	return nil, "", fmt.Errorf("give the content as %s, or in base64 as %s", FileText, FileContent)
}

// concrete returns the first media type of a list that has no wildcard, or "".
func concrete(list string) string {
	for mediaType := range strings.SplitSeq(list, ",") {
		if mediaType = strings.TrimSpace(mediaType); mediaType != "" && !strings.Contains(mediaType, "*") {
			return mediaType
		}
	}
	return ""
}
