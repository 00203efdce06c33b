package mcpadapter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// Profile is a dialect of JSON Schema for the inputs of tools. A description says in words what the dialect has no
// keyword for. All profiles accept the same arguments, and in all of them the root is an object with properties and
// without oneOf, anyOf and allOf, and an array has items. A part is a $ref to
// $defs only in JSON Schema: one that holds itself, and in a schema of more than 300 parts one that is used several
// times.
//
// The zero value is [ProfileStandard]. As text, such as in a flag, the profiles are standard, openai and gemini.
type Profile int

const (
	// ProfileStandard is JSON Schema 2020-12.
	ProfileStandard Profile = iota
	// ProfileOpenAI has the keywords that OpenAI documents for strict function calling, and meets the other requirements
	// of that mode but one: optional properties are omitted from required instead of being nullable. Objects have
	// properties and always say whether they accept others.
	ProfileOpenAI
	// ProfileGemini is the subset of OpenAPI 3.0 that Gemini accepts: no const, no lists of types, nullable instead of
	// null, no additionalProperties, no exclusive limits, enum for strings only. An object with arbitrary names, which
	// Gemini always leaves empty, is a string with the JSON of the object.
	ProfileGemini
)

// String returns the profile as text.
func (p Profile) String() string {
	switch p {
	case ProfileStandard:
		return "standard"
	case ProfileOpenAI:
		return "openai"
	case ProfileGemini:
		return "gemini"
	}
	return fmt.Sprintf("Profile(%d)", int(p))
}

// MarshalText returns the profile as text.
func (p Profile) MarshalText() ([]byte, error) {
	if p < ProfileStandard || p > ProfileGemini {
		return nil, fmt.Errorf("workos/mcpadapter: invalid value %v", p)
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText writes and rejects everything else.
func (p *Profile) UnmarshalText(text []byte) error {
	for profile := ProfileStandard; profile <= ProfileGemini; profile++ {
		if string(text) == profile.String() {
			*p = profile
			return nil
		}
	}
	return fmt.Errorf("workos/mcpadapter: unknown profile %q: want standard, openai or gemini", text)
}

// WithProfile sets the profile of [Tool.InputSchema]. The default is [ProfileStandard].
func WithProfile(p Profile) Option {
	return func(o *options) error {
		if p < ProfileStandard || p > ProfileGemini {
			return fmt.Errorf("WithProfile: invalid profile %v", p)
		}
		o.profile = p
		return nil
	}
}

// Schema returns the schema of the arguments in a profile. Each call writes it anew.
func (t Tool) Schema(p Profile) json.RawMessage { return t.schemaIn(p) }

func (t *tool) schemaIn(p Profile) json.RawMessage {
	if t.dynamic != nil {
		return t.write(t.dynamic.schema, p)
	}
	return t.write(t.input().published(), p)
}

func (t *tool) write(root *value.Schema, p Profile) json.RawMessage {
	at := schema.Style{Common: t.common, Terse: t.engine.terse, Dialect: schema.Dialect(p)}.Under(t.name)
	unpublished := func(p value.Property) bool { return p.Name != "" && t.shapers.unpublished(p.Name) }
	if t.engine.terse && p == ProfileStandard && slices.ContainsFunc(root.Properties, unpublished) {
		brief := *root
		brief.Properties = slices.DeleteFunc(slices.Clone(root.Properties), unpublished)
		root = &brief
	}
	return schema.AppendRoot(make([]byte, 0, 1024), root, at)
}

// sharedBy is how many tools must have an argument with the same name and description for the description to move to
// CommonArguments.
const sharedBy = 10

// Argument is an argument of many tools.
type Argument struct {
	Name        string
	Description string
}

// WithTerseSchemas omits from published schemas every description that adds nothing to the names around it, those that
// [Adapter.CommonArguments] lists, with their defaults, and the prefixes of IDs. In [ProfileStandard] it also omits
// "additionalProperties": false from objects with properties, writes true for those that accept others, and writes a
// long enum as a pattern;
// [Adapter.Guide] says so once. A model reads the whole list of tools with every request. Without this option all of
// that stays in the schemas.
func WithTerseSchemas() Option {
	return func(o *options) error {
		o.terse = true
		return nil
	}
}

// CommonArguments returns the arguments that at least ten tools have with the same description, most frequent first. A
// server with terse schemas describes them once, in its instructions. Without [WithTerseSchemas] there are none.
func (a *Adapter) CommonArguments() []Argument {
	list := slices.Grow([]Argument(nil), len(a.common))
	for _, argument := range a.common {
		list = append(list, Argument{argument.Name, argument.Described()})
	}
	return list
}

// commonArguments returns the common arguments of the tools, and those of them whose description adds to the name.
func commonArguments(tools []*tool) (common, telling []schema.Argument) {
	type use struct {
		count       int
		last        *tool
		description string // without the prefixes of IDs
	}
	uses := map[schema.Argument]use{}
	for _, t := range tools {
		for _, p := range t.input().published().Properties {
			if text := p.Schema.Described(); text != "" {
				argument := schema.Argument{Name: p.Name, Description: text, Default: p.Schema.Default}
				uses[argument] = use{uses[argument].count + 1, t, p.Schema.Description}
			}
		}
	}
	for argument, u := range uses {
		if u.count >= sharedBy {
			common = append(common, argument)
		}
	}
	sort.Slice(common, func(i, j int) bool {
		x, y := common[i], common[j]
		return cmp.Or(cmp.Compare(uses[y].count, uses[x].count), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Description, y.Description)) < 0
	})
	telling = slices.DeleteFunc(slices.Clone(common), func(a schema.Argument) bool {
		u := uses[a]
		return !(schema.Style{Terse: true}).Under(a.Name).Adds(u.description) || u.last.guided(a.Name)
	})
	return common, telling
}

// WithOutputSchemas derives the output schema of each tool from what the …WithResponse methods of the client return, or
// from the table alone for operations of which the client has none. Without this option tools have no output schemas,
// because models pay for them with every list.
//
// The schemas describe and do not restrict. An API may add properties and enum members, omit fields and send null, and
// a client that validates must not reject such a response. So nothing is required or excluded, enum members and formats
// are part of descriptions, null is allowed everywhere, and a failure is valid too.
func WithOutputSchemas() Option {
	return func(o *options) error {
		o.outputs = true
		return nil
	}
}

// output returns the schema of the results of a tool: of all successful responses in one.
func (d *deriver) output(t *tool, methods methodSet) (json.RawMessage, error) {
	response, err := methods.response(t.operation)
	if err != nil {
		return nil, err
	}
	root := &value.Schema{Types: optable.Object}
	for i := range t.operation.Responses {
		a := &t.operation.Responses[i]
		shape, err := d.result(response, a)
		if err != nil {
			return nil, fmt.Errorf("response %d: %w", a.Status, err)
		}
		root = schema.Either(root, shape)
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	root = schema.Tolerant(root)
	root.Types = optable.Object
	if p := root.Property("error"); p != nil { // the API's own, or a failure
		p.Schema = &value.Schema{Description: p.Schema.Description}
	}
	return schema.AppendRoot(nil, root, schema.Style{}), nil
}

// response returns the struct of responses that the …WithResponse method of an operation points to, or nil if there is
// no such method.
func (m methodSet) response(op *optable.Operation) (reflect.Type, error) {
	i, ok, err := m.find(op, withResponse)
	if err != nil || !ok {
		return nil, err
	}
	if method := m.client.Method(i).Type(); method.NumOut() == 2 {
		if out := method.Out(0); out.Kind() == reflect.Pointer && out.Elem().Kind() == reflect.Struct {
			return out.Elem(), nil
		}
	}
	return nil, fmt.Errorf("method %s: it does not return a pointer to a struct of responses",
		m.client.Type().Method(i).Name)
}

// result derives the schema of the result for a documented response, always an object. Without a struct of responses
// the table alone decides.
func (d *deriver) result(response reflect.Type, a *optable.Response) (*value.Schema, error) {
	switch shape := resultShape(a); {
	case shape != nil:
		return shape, nil
	case a.Status/100 != http.StatusOK/100, a.Schema == nil:
		return &value.Schema{Types: optable.Object}, nil
	}
	if response == nil {
		s, err := d.Compile(a.Schema)
		if err != nil {
			return nil, err
		}
		return asObject(s), nil
	}
	field, ok := responseField(response, a)
	if !ok {
		return nil, fmt.Errorf("%s has no field for it", response)
	}
	s, err := d.Schema(field.Type, a.Schema)
	if err != nil {
		return nil, err
	}
	return asObject(s), nil
}

// resultShape returns the schema of the result for a documented success that is not JSON; nil for all others.
func resultShape(a *optable.Response) *value.Schema {
	text := &value.Schema{Types: optable.String}
	mediaType, _, _ := strings.Cut(a.MediaType, ";")
	switch {
	case a.Status/100 == http.StatusMultipleChoices/100:
		text.Description = "URL that the response redirects to."
		return objectOf(value.Property{Name: locationMember, Schema: text, Required: true})
	case a.Status/100 != http.StatusOK/100, a.MediaType == "":
		return nil
	case isBinary(media.KindOf(mediaType), mediaType, []byte{0}):
		size := &value.Schema{Types: optable.Integer, Description: "Size of the content, which is beside this object."}
		return objectOf(
			value.Property{Name: contentTypeMember, Schema: text, Required: true},
			value.Property{Name: sizeMember, Schema: size, Required: true},
		)
	case media.KindOf(mediaType) == media.Events, media.KindOf(mediaType) == media.Lines:
		records := &value.Schema{Types: optable.Array, Items: &value.Schema{}}
		return objectOf(value.Property{Name: dataMember, Schema: records, Required: true})
	case !strings.HasSuffix(mediaType, "json"):
		return objectOf(
			value.Property{Name: contentTypeMember, Schema: text, Required: true},
			value.Property{Name: textMember, Schema: text, Required: true},
		)
	}
	return nil
}

// responseField returns the field that oapi-codegen names by media type and status, such as JSON200 or JSON2XX.
func responseField(response reflect.Type, a *optable.Response) (reflect.StructField, bool) {
	kind := schema.Fold(a.MediaType)
	if kind == "applicationjson" || kind == "applicationhaljson" {
		kind = strings.TrimPrefix(kind, "application")
	}
	for _, status := range []string{strconv.Itoa(a.Status), strconv.Itoa(a.Status/100) + "xx"} {
		field, ok := response.FieldByNameFunc(func(name string) bool { return schema.Fold(name) == kind+status })
		if ok {
			return field, true
		}
	}
	return reflect.StructField{}, false
}

func objectOf(properties ...value.Property) *value.Schema {
	return &value.Schema{Types: optable.Object, Properties: properties}
}

// asObject wraps a schema that is not an object, as a result does.
func asObject(s *value.Schema) *value.Schema {
	s = schema.OneForm(s)
	root := &value.Schema{Types: optable.Object}
	if s.Types == 0 || s.Types.Has(optable.Object) {
		root.Description, root.Properties = s.Description, s.Properties
	}
	if s.Types.Has(optable.Array) {
		list := &value.Schema{Types: optable.Array, Description: s.Description, Deprecated: s.Deprecated, Items: s.Items}
		root.Properties = schema.AllProperties(root.Properties, []value.Property{{Name: dataMember, Schema: list}})
	}
	if scalars := s.Types &^ (optable.Object | optable.Array | optable.Null); scalars != 0 {
		scalar := *s
		scalar.Types, scalar.Properties, scalar.Items = scalars, nil, nil
		root.Properties = schema.AllProperties(root.Properties, []value.Property{{Name: valueMember, Schema: &scalar}})
	}
	return root
}
