package openapi_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestTheBestMediaTypeIsFirst(t *testing.T) {
	t.Parallel()
	order := []string{
		"application/json", "application/vnd.a+json", "application/x-www-form-urlencoded", "multipart/form-data",
		"text/plain", "application/xml", "image/png",
	}
	for best := range order {
		var text strings.Builder
		text.WriteString("openapi: 3.1.0\npaths: {/a: {post: {operationId: a, requestBody: {content: {")
		var others []string
		for i := len(order) - 1; i >= best; i-- {
			text.WriteString("'" + order[i] + "': {}, ")
			if i > best {
				others = append(others, order[i])
			}
		}
		body := convert(t, text.String()+"}}}}}\n").Operations[0].Body
		var got []string
		for _, content := range body.Others {
			got = append(got, content.MediaType)
		}
		if body.MediaType != order[best] || !reflect.DeepEqual(got, others) {
			t.Errorf("got %s before %q, want %s before %q", body.MediaType, got, order[best], others)
		}
	}
	body := convert(t, teas(`, requestBody: {content: {multipart/form-data: {schema: {type: object}, example: {a: 1}, `+
		`encoding: {a: {contentType: image/png}, b: {style: form, explode: false}, c: {headers: {}}}}}}`)).Operations[0].Body
	want := &optable.Body{
		MediaType: "multipart/form-data", Schema: &optable.Schema{Types: optable.Object, Example: `{"a":1}`},
		Encoding: []optable.Encoding{{Property: "a", ContentType: "image/png"}, {Property: "b", Style: "form", Explode: "false"}},
	}
	if !reflect.DeepEqual(body, want) {
		t.Errorf("got %+v, want %+v", body, want)
	}
}

func TestParametersHaveContentAndExamples(t *testing.T) {
	t.Parallel()
	got := convert(t, teas(`, parameters: [{name: a, in: query, content: {application/json: {schema: {type: object}}}}, `+
		`{name: b, in: query, schema: {type: string}, examples: {x: {value: 1}}}]`)).Operations[0].Parameters
	want := []optable.Parameter{
		{Name: "a", In: "query", MediaType: "application/json", Schema: &optable.Schema{Types: optable.Object}},
		{Name: "b", In: "query", Schema: &optable.Schema{Types: optable.String, Example: `"1"`}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
