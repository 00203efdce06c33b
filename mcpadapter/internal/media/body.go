package media

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Body is how the body of a request is written in one media type.
type Body struct {
	MediaType string        // may be a range, such as image/*
	Kind      Kind          // of the media type, or another in which the body is written nevertheless
	Schema    *value.Schema // of the values that are written
	Encoding  []optable.Encoding
	Files     map[string]bool // properties that are files or lists of them
	Encoded   bool            // the body itself is base64
}

// TakesObject reports whether the schema accepts objects. One that accepts anything accepts only objects from then on.
func (b *Body) TakesObject() bool {
	if !b.Schema.AllTypes().Has(optable.Object) {
		return false
	}
	if b.Schema.Types == 0 || b.Schema.Types == value.AnyType {
		object := *b.Schema
		object.Types, b.Schema = optable.Object, &object
	}
	return true
}

// Structured reports whether content of the kind has properties.
func (k Kind) Structured() bool { return k == JSON || k == Form || k == Multipart }

// IsRange reports whether the body is of a range such as image/*, of which the caller has to name one.
func (b *Body) IsRange() bool {
	main, sub, _ := strings.Cut(b.MediaType, "/")
	return sub == "*" && main != "*" && main != "text" && main != "application"
}

// Base64 returns the schema of bytes in base64.
func Base64(description string) *value.Schema {
	return &value.Schema{Types: optable.String, Format: "byte", Description: description}
}

// WithItems returns the schema of a form whose arrays have items, because an empty one is as absent on the wire.
func WithItems(s *value.Schema) *value.Schema {
	c := *s
	c.Properties = slices.Clone(s.Properties)
	for i, p := range c.Properties {
		if p.Schema.Types == optable.Array && p.Schema.MinItems == 0 {
			list := *p.Schema
			list.MinItems, c.Properties[i].Schema = 1, &list
		}
	}
	return &c
}

// WithFiles returns the schema of a multipart body, with the object that stands for a file in place of binary
// properties and items, and the names of those properties.
func WithFiles(s *value.Schema) (*value.Schema, map[string]bool) {
	c, files := *s, map[string]bool{}
	c.Properties = make([]value.Property, len(s.Properties))
	for i, p := range s.Properties {
		switch {
		case isFile(p.Schema):
			p.Schema, files[p.Name] = fileSchema(p.Schema), true
		case p.Schema.Items != nil && isFile(p.Schema.Items):
			list := *p.Schema
			list.Items, p.Schema, files[p.Name] = fileSchema(list.Items), &list, true
		}
		c.Properties[i] = p
	}
	return &c, files
}

// isFile reports whether a schema describes the content of a file.
func isFile(s *value.Schema) bool { return s.AllTypes().Has(optable.String) && s.Format == "binary" }

func fileSchema(s *value.Schema) *value.Schema {
	return &value.Schema{
		Types: optable.Object, Closed: true, MinProperties: 1,
		Description: strings.TrimSpace(s.Description + " A file: its content as text or in base64."),
		Properties: []value.Property{
			{Name: FileText, Schema: &value.Schema{Types: optable.String, Description: "The content, if it is text."}},
			{Name: FileContent, Schema: Base64("The content in base64.")},
			{Name: FileName, Schema: &value.Schema{
				Types: optable.String, Description: "Name of the file, such as photo.png.",
			}},
		},
	}
}

// Encode writes a body and returns it with its media type, which is the chosen one for a range.
func (b *Body) Encode(v any, chosen string) (body []byte, mediaType string, err error) {
	switch b.Kind {
	case JSON:
		body, err = jsonBody(v)
	case Form:
		object, _ := v.(map[string]any)
		body, err = AppendForm(nil, object, b.Encoding)
	case Multipart:
		object, _ := v.(map[string]any)
		return WriteMultipart(b.MediaType, object, b.Schema.Names(), b.Files, b.Encoding)
	case Text, Lines, Events:
		if text, ok := v.(string); ok {
			return []byte(text), b.concreteType(chosen), nil
		}
		body, err = jsonBody(v)
	case Binary, Image, Audio:
		text, _ := v.(string)
		if b.Encoded {
			return []byte(text), b.concreteType(chosen), nil
		}
		if body, err = base64.StdEncoding.DecodeString(text); err != nil {
			return nil, "", errors.New("expected base64")
		}
		return body, WithBoundary(b.concreteType(chosen), body), nil
	}
	return body, b.concreteType(chosen), err
}

// concreteType returns the media type without wildcards: of a range the chosen one.
func (b *Body) concreteType(chosen string) string {
	switch {
	case !strings.Contains(b.MediaType, "*"):
		return b.MediaType
	case b.IsRange() && chosen != "":
		return chosen
	case b.Kind == Text:
		return "text/plain"
	}
	return "application/octet-stream"
}

func jsonBody(v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write as JSON: %w", err)
	}
	return body, nil
}
