package mcpadapter

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// content is a body in one media type.
type content struct {
	mediaType string
	kind      media.Kind
	schema    *value.Schema // of the argument or the arguments
	encoding  []optable.Encoding
	files     map[string]bool // properties that are files or lists of them
	encoded   bool            // the body itself is base64
}

// contents lists the media types in which a tool can send its body, the best one first.
func (d *deriver) contents(t *tool) ([]content, error) {
	body := t.operation.Body
	first, err := d.content(t, &optable.Content{MediaType: body.MediaType, Schema: body.Schema, Encoding: body.Encoding})
	if err != nil || !t.call.reader {
		return []content{first}, err
	}
	list := []content{first}
	for i := range body.Others {
		other := &body.Others[i]
		if reflect.DeepEqual(other.Schema, body.Schema) && !structured(media.KindOf(other.MediaType)) {
			continue // the same, less exactly
		}
		if c, err := d.content(t, other); err == nil && !c.isRange() {
			if reflect.DeepEqual(other.Schema, body.Schema) && c.kind != media.Multipart {
				c.schema = first.schema
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// isObject reports whether a body with properties has a schema that accepts objects. One that accepts anything accepts
// only objects from then on.
func isObject(c *content) bool {
	if !c.schema.AllTypes().Has(optable.Object) {
		return false
	}
	if c.schema.Types == 0 || c.schema.Types == value.AnyType {
		object := *c.schema
		object.Types, c.schema = optable.Object, &object
	}
	return true
}

// structured reports whether a kind of content has properties.
func structured(k media.Kind) bool { return k == media.JSON || k == media.Form || k == media.Multipart }

// content derives the arguments of a body in one media type.
func (d *deriver) content(t *tool, facts *optable.Content) (content, error) {
	c := content{mediaType: facts.MediaType, kind: media.KindOf(facts.MediaType), encoding: facts.Encoding}
	if c.mediaType == "" || c.mediaType == "*/*" && d.Resolve(&facts.Schema).Types.Has(optable.Object) {
		c.mediaType, c.kind = "application/json", media.JSON
	}
	c.mediaType = strings.Replace(c.mediaType, "/*+", "/", 1)
	var err error
	switch c.kind {
	case media.JSON:
		c.schema, err = d.bodySchema(t, facts)
	case media.Form:
		if c.schema, err = d.bodySchema(t, facts); err == nil && !isObject(&c) {
			c.kind = media.Text
			c.schema, err = d.textSchema(facts)
		}
	case media.Multipart:
		if c.schema, err = d.factsAlone(&facts.Schema); err == nil && isObject(&c) {
			c.schema, c.files = withFiles(c.schema)
		} else if err == nil {
			c.kind, c.schema = media.Binary, binarySchema("The content in base64, with the boundary in its first line.")
		}
	case media.Text, media.Lines, media.Events:
		c.schema, err = d.textSchema(facts)
	case media.Binary, media.Image, media.Audio:
		c.schema = binarySchema("The content in base64.")
		c.encoded = d.Resolve(&facts.Schema).Format == "byte" // base64 (OpenAPI 3.0.3 section 4.7.14.2)
	}
	if err == nil && c.kind == media.Form {
		c.schema = withItems(c.schema)
	}
	return c, err
}

// impliesBody reports whether an operation needs a body although the description does not mark it as required: one with
// required properties, of a method that has no meaning without a body.
func (e *engine) impliesBody(op *optable.Operation, s *value.Schema) bool {
	switch op.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return !e.strict && !e.literalBodies &&
			(s.Union != nil || slices.ContainsFunc(s.Properties, func(p value.Property) bool { return p.Required }))
	}
	return false
}

// oneSchema reports whether the body has the same schema in every media type.
func (in *input) oneSchema() bool {
	return !slices.ContainsFunc(in.contents, func(c content) bool { return c.schema != in.body })
}

// anyContent returns the schema of the argument for the whole body: a choice, if it differs between media types.
func (in *input) anyContent() *value.Schema {
	if in.oneSchema() {
		return in.body
	}
	choice := &value.Schema{}
	for _, c := range in.contents {
		if !slices.Contains(choice.AnyOf, c.schema) {
			choice.AnyOf = append(choice.AnyOf, c.schema)
		}
	}
	return choice
}

// isRange reports whether the content is of a range such as image/*, of which the caller has to name one.
func (c *content) isRange() bool {
	main, sub, _ := strings.Cut(c.mediaType, "/")
	return sub == "*" && main != "*" && main != "text" && main != "application"
}

// addChooser adds the argument that chooses a media type, if there are several.
func (in *input) addChooser() error {
	first := &in.contents[0]
	if len(in.contents) < 2 && !first.isRange() {
		return nil
	}
	in.chooser = "content_type"
	for in.root.Property(in.chooser) != nil || in.body.Property(in.chooser) != nil {
		in.chooser = "_" + in.chooser
	}
	s := &value.Schema{Types: optable.String, Description: "Media type of the body."}
	if first.isRange() {
		main := strings.TrimSuffix(first.mediaType, "*")
		s.Pattern = regexp.MustCompile("^" + regexp.QuoteMeta(main) + "[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]*$")
		s.Example = string(jsontext.AppendString(nil, main+"example"))
		in.contents = in.contents[:1]
		return in.add(value.Property{Name: in.chooser, Required: in.required, Schema: s}, inMediaType)
	}
	for _, c := range in.contents {
		s.Enum = append(s.Enum, string(jsontext.AppendString(nil, c.mediaType)))
	}
	s.Default = s.Enum[0]
	return in.add(value.Property{Name: in.chooser, Schema: s}, inMediaType)
}

// chosen returns the index of the media type that the arguments choose.
func (in *input) chosen(args map[string]any) int {
	for i := range in.contents {
		if in.contents[i].mediaType == args[in.chooser] {
			return i
		}
	}
	return 0
}

// bodySchema derives the schema of a body from its Go type. Where that disagrees with the table, the table decides, as
// the Go type carries nothing to the wire; without a reader it does, and there the two must agree.
func (d *deriver) bodySchema(t *tool, facts *optable.Content) (*value.Schema, error) {
	if t.bodyType == nil || facts.MediaType != t.operation.Body.MediaType {
		return d.factsAlone(&facts.Schema)
	}
	s, err := d.Schema(t.bodyType, &facts.Schema)
	if err != nil && t.call.reader && !t.engine.strict {
		return d.factsAlone(&facts.Schema)
	}
	return s, err
}

// textSchema returns the schema of a text: that of the table if it is one of a text or a scalar.
func (d *deriver) textSchema(facts *optable.Content) (*value.Schema, error) {
	const scalars = optable.String | optable.Number | optable.Integer | optable.Boolean
	s, err := d.factsAlone(&facts.Schema)
	if err != nil || s.Types != 0 && s.Types&^scalars == 0 {
		return s, err
	}
	text := strings.TrimSpace(s.Description + " The text of the body, as " + facts.MediaType + ".")
	return &value.Schema{Types: optable.String, Description: text}, nil
}

func binarySchema(description string) *value.Schema {
	return &value.Schema{Types: optable.String, Format: "byte", Description: description}
}

// withItems returns the schema of a form whose arrays have items, because an empty one is as absent on the wire.
func withItems(s *value.Schema) *value.Schema {
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

// withFiles returns the schema of a multipart body, with the object that stands for a file in place of binary
// properties and items, and the names of those properties.
func withFiles(s *value.Schema) (*value.Schema, map[string]bool) {
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
func isFile(s *value.Schema) bool { return s.Types.Has(optable.String) && s.Format == "binary" }

func fileSchema(s *value.Schema) *value.Schema {
	return &value.Schema{
		Types: optable.Object, Closed: true, MinProperties: 1,
		Description: strings.TrimSpace(s.Description + " A file: its content as text or in base64."),
		Properties: []value.Property{
			{Name: media.FileText, Schema: &value.Schema{Types: optable.String, Description: "The content, if it is text."}},
			{Name: media.FileContent, Schema: binarySchema("The content in base64.")},
			{Name: media.FileName, Schema: &value.Schema{
				Types: optable.String, Description: "Name of the file, such as photo.png.",
			}},
		},
	}
}

// encode writes a body and returns it with its media type, which is the chosen one for a range.
func (c *content) encode(v any, chosen string) (body []byte, mediaType string, err error) {
	switch c.kind {
	case media.JSON:
		body, err = jsonBody(v)
	case media.Form:
		object, _ := v.(map[string]any)
		body, err = media.AppendForm(nil, object, c.encoding)
	case media.Multipart:
		object, _ := v.(map[string]any)
		return media.WriteMultipart(c.mediaType, object, c.schema.Names(), c.files, c.encoding)
	case media.Text, media.Lines, media.Events:
		if text, ok := v.(string); ok {
			return []byte(text), c.concreteType(chosen), nil
		}
		body, err = jsonBody(v)
	case media.Binary, media.Image, media.Audio:
		text, _ := v.(string)
		if c.encoded {
			return []byte(text), c.concreteType(chosen), nil
		}
		if body, err = base64.StdEncoding.DecodeString(text); err != nil {
			return nil, "", errors.New("expected base64")
		}
		return body, media.WithBoundary(c.concreteType(chosen), body), nil
	}
	return body, c.concreteType(chosen), err
}

// concreteType returns the media type without wildcards: of a range the chosen one.
func (c *content) concreteType(chosen string) string {
	switch {
	case !strings.Contains(c.mediaType, "*"):
		return c.mediaType
	case c.isRange() && chosen != "":
		return chosen
	case c.kind == media.Text:
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

// reader returns the body as an argument of the method. Its type lets net/http repeat the request.
func reader(body []byte) reflect.Value { return reflect.ValueOf(bytes.NewReader(body)) }

func (d *deriver) bodyInput(in *input, t *tool) error {
	if t.operation.Body == nil {
		return nil
	}
	var err error
	if in.contents, err = d.contents(t); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	s := in.contents[0].schema
	in.body, in.required = s, t.operation.Body.Required || t.engine.impliesBody(t.operation, s)
	in.renameCollisions(t)
	s = in.body
	properties := s.Properties
	if s.Union != nil {
		properties = schema.Flatten(s.Union)
	}
	in.flat = s.IsClosedObject() && len(properties) > 0 && len(s.AnyOf) == 0 && in.oneSchema()
	for _, p := range properties {
		if _, taken := in.locations[p.Name]; taken || p.Name == wholeBody && len(properties) > 1 {
			in.flat = false
		}
	}
	if _, taken := in.locations[wholeBody]; taken && !in.flat {
		return unfit(fmt.Errorf("a parameter is called %q, which the body needs", wholeBody), "rename the parameter")
	}
	if err := in.addChooser(); err != nil {
		return err
	}
	if !in.flat {
		required := in.required && !in.mayBeEmpty()
		return in.add(value.Property{Name: wholeBody, Required: required, Schema: in.anyContent()}, "")
	}
	for _, p := range properties {
		p.Required = p.Required && in.required
		if err := in.add(p, ""); err != nil {
			return err
		}
	}
	return nil
}

// mayBeEmpty reports whether {} is a body, which is sent in place of one that is omitted.
func (in *input) mayBeEmpty() bool {
	first := &in.contents[0]
	return first.kind == media.JSON && first.schema.Types == optable.Object && first.schema.Union == nil &&
		value.Valid(first.schema, map[string]any{})
}
