package mcpadapter

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// contents lists the media types in which a tool can send its body, the best one first.
func (d *deriver) contents(t *tool) ([]media.Body, error) {
	body := t.operation.Body
	first, err := d.content(t, &optable.Content{MediaType: body.MediaType, Schema: body.Schema, Encoding: body.Encoding})
	if err != nil || !t.bound.reader {
		return []media.Body{first}, err
	}
	list := []media.Body{first}
	for i := range body.Others {
		other := &body.Others[i]
		if reflect.DeepEqual(other.Schema, body.Schema) && !media.KindOf(other.MediaType).Structured() {
			continue // the same, less exactly
		}
		if c, err := d.content(t, other); err == nil && !c.IsRange() {
			if reflect.DeepEqual(other.Schema, body.Schema) && c.Kind != media.Multipart {
				c.Schema = first.Schema
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// content derives the arguments of a body in one media type.
func (d *deriver) content(t *tool, facts *optable.Content) (media.Body, error) {
	c := media.Body{MediaType: facts.MediaType, Kind: media.KindOf(facts.MediaType), Encoding: facts.Encoding}
	if c.MediaType == "" || c.MediaType == "*/*" && d.Resolve(facts.Schema).Types.Has(optable.Object) {
		c.MediaType, c.Kind = "application/json", media.JSON
	}
	c.MediaType = strings.Replace(c.MediaType, "/*+", "/", 1)
	var err error
	switch c.Kind {
	case media.JSON:
		c.Schema, err = d.bodySchema(t, facts)
	case media.Form:
		if c.Schema, err = d.bodySchema(t, facts); err == nil && !c.TakesObject() {
			c.Kind = media.Text
			c.Schema, err = d.textSchema(facts)
		}
	case media.Multipart:
		if c.Schema, err = d.factsAlone(facts.Schema); err == nil && c.TakesObject() {
			c.Schema, c.Files = media.WithFiles(c.Schema)
		} else if err == nil {
			c.Kind, c.Schema = media.Binary, media.Base64("The content in base64, with the boundary in its first line.")
		}
	case media.Text, media.Lines, media.Events:
		c.Schema, err = d.textSchema(facts)
	case media.Binary, media.Image, media.Audio:
		c.Schema = media.Base64("The content in base64.")
		c.Encoded = d.Resolve(facts.Schema).Format == "byte" // base64 (OpenAPI 3.0.3 section 4.7.14.2)
	}
	if err == nil && c.Kind == media.Form {
		c.Schema = media.WithItems(c.Schema)
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
	return !slices.ContainsFunc(in.contents, func(c media.Body) bool { return c.Schema != in.body })
}

// anyContent returns the schema of the argument for the whole body: a choice, if it differs between media types.
func (in *input) anyContent() *value.Schema {
	if in.oneSchema() {
		return in.body
	}
	choice := &value.Schema{}
	for _, c := range in.contents {
		if !slices.Contains(choice.AnyOf, c.Schema) {
			choice.AnyOf = append(choice.AnyOf, c.Schema)
		}
	}
	return choice
}

// addChooser adds the argument that chooses a media type, if there are several.
func (in *input) addChooser() error {
	first := &in.contents[0]
	if len(in.contents) < 2 && !first.IsRange() {
		return nil
	}
	in.chooser = "content_type"
	for in.root.Property(in.chooser) != nil || in.body.Property(in.chooser) != nil {
		in.chooser = "_" + in.chooser
	}
	s := &value.Schema{Types: optable.String, Description: "Media type of the body."}
	if first.IsRange() {
		main := strings.TrimSuffix(first.MediaType, "*")
		s.Pattern = regexp.MustCompile("^" + regexp.QuoteMeta(main) + "[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]*$")
		s.Example = string(jsontext.AppendString(nil, main+"example"))
		in.contents = in.contents[:1]
		return in.add(value.Property{Name: in.chooser, Required: in.required, Schema: s}, inMediaType)
	}
	for _, c := range in.contents {
		s.Enum = append(s.Enum, string(jsontext.AppendString(nil, c.MediaType)))
	}
	s.Default = s.Enum[0]
	return in.add(value.Property{Name: in.chooser, Schema: s}, inMediaType)
}

// chosen returns the index of the media type that the arguments choose.
func (in *input) chosen(args map[string]any) int {
	for i := range in.contents {
		if in.contents[i].MediaType == args[in.chooser] {
			return i
		}
	}
	return 0
}

// bodySchema derives the schema of a body from its Go type. Where that disagrees with the table, the table decides, as
// the Go type carries nothing to the wire; without a reader it does, and there the two must agree.
func (d *deriver) bodySchema(t *tool, facts *optable.Content) (*value.Schema, error) {
	if t.bodyType == nil || facts.MediaType != t.operation.Body.MediaType {
		return d.factsAlone(facts.Schema)
	}
	s, err := d.Schema(t.bodyType, facts.Schema)
	if err != nil && t.bound.reader && !t.engine.strict {
		return d.factsAlone(facts.Schema)
	}
	return s, err
}

// textSchema returns the schema of a text: that of the table if it is one of a text or a scalar.
func (d *deriver) textSchema(facts *optable.Content) (*value.Schema, error) {
	const scalars = optable.String | optable.Number | optable.Integer | optable.Boolean
	s, err := d.factsAlone(facts.Schema)
	if err != nil || s.Types != 0 && s.Types&^scalars == 0 {
		return s, err
	}
	text := strings.TrimSpace(s.Description + " The text of the body, as " + facts.MediaType + ".")
	return &value.Schema{Types: optable.String, Description: text}, nil
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
	s := in.contents[0].Schema
	in.body, in.required = s, t.operation.Body.Required || t.engine.impliesBody(t.operation, s)
	in.renameCollisions(t)
	s = in.body
	properties := s.Properties
	if s.Union != nil {
		properties = schema.Flatten(s.Union)
	}
	in.flat = in.flattens(s, properties) && in.oneSchema()
	if _, taken := in.locations[wholeBody]; taken && !in.flat {
		return unfit(fmt.Errorf("a parameter is called %q, which the body needs", wholeBody), "rename the parameter")
	}
	if err := in.addChooser(); err != nil {
		return err
	}
	if !in.flat {
		required := in.required && !in.mayBeEmpty(0)
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

// flattens reports whether the properties of a body can be arguments beside the parameters.
func (in *input) flattens(s *value.Schema, properties []value.Property) bool {
	return s.IsClosedObject() && len(properties) > 0 && len(s.AnyOf) == 0 &&
		!slices.ContainsFunc(properties, func(p value.Property) bool {
			_, taken := in.locations[p.Name]
			return taken || p.Name == wholeBody && len(properties) > 1
		})
}

// mayBeEmpty reports whether {} is a body in a media type, which is sent in place of one that is omitted.
func (in *input) mayBeEmpty(content int) bool {
	c := &in.contents[content]
	return c.Kind == media.JSON && c.Schema.Types == optable.Object && c.Schema.Union == nil &&
		value.Valid(c.Schema, map[string]any{})
}

// renameCollisions gives the properties of a body that share a name with a parameter names of their own as arguments,
// so that the body can be flattened. It does nothing where the body stays whole, and where it cannot be sent under
// other names: a union, one of several media types, and a property that excludes others.
func (in *input) renameCollisions(t *tool) {
	s := in.body
	if s.Union != nil || len(in.contents) != 1 || in.contents[0].Kind != media.JSON {
		return
	}
	renamed := map[string]string{}
	properties := slices.Clone(s.Properties)
	for i := range properties {
		p := &properties[i]
		if _, taken := in.locations[p.Name]; !taken {
			continue
		}
		name := in.ownName(t, p.Name)
		if name == "" || in.excludes(p.Name) {
			return
		}
		renamed[name], p.Name = p.Name, name
	}
	if len(renamed) == 0 || !in.flattens(s, properties) {
		return
	}
	c := *s
	c.Properties = properties
	in.body, in.contents[0].Schema, in.wireNames = &c, &c, renamed
}

// ownName returns a name that is not taken: of what a call adds to a collection (permission_slug), new_slug for a call
// that changes the thing itself, or body_slug; "": all are taken.
func (in *input) ownName(t *tool, name string) string {
	last := t.operation.Path[strings.LastIndexByte(t.operation.Path, '/')+1:]
	first := "new"
	if words := phrase.Singulars(last); !strings.HasPrefix(last, "{") && len(words) > 0 {
		first = strings.Join(words, "_")
	}
	for _, name := range []string{first + "_" + name, wholeBody + "_" + name} {
		if _, taken := in.locations[name]; !taken && in.body.Property(name) == nil {
			return name
		}
	}
	return ""
}

// excludes reports whether a field belongs to an exclusive group.
func (in *input) excludes(name string) bool {
	for _, group := range in.exclusive {
		for _, v := range group.Variants {
			if slices.Contains(v.Fields, name) {
				return true
			}
		}
	}
	return false
}

// wireBody returns a checked flat body under the names of its properties.
func (in *input) wireBody(body any) any {
	object, ok := body.(map[string]any)
	if !ok || in.wireNames == nil {
		return body
	}
	sent := make(map[string]any, len(object))
	for name, v := range object {
		if wire, renamed := in.wireNames[name]; renamed {
			name = wire
		}
		sent[name] = v
	}
	return sent
}

// argumentFor returns the argument for a property of a flat body.
func (in *input) argumentFor(property string) string {
	for argument, wire := range in.wireNames {
		if wire == property {
			return argument
		}
	}
	return property
}

// flatBody returns a body as it is sent by arguments.
func (in *input) flatBody(body map[string]any) map[string]any {
	if in.wireNames == nil {
		return body
	}
	arguments := make(map[string]any, len(body))
	for name, v := range body {
		arguments[in.argumentFor(name)] = v
	}
	return arguments
}
