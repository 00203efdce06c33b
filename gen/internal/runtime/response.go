package runtime

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// Content is what a response with a status holds.
type Content struct {
	Status int // Default for each status that no other Content has
	JSON   any // pointer to the field for the decoded body, itself a pointer; nil if nothing is to be decoded
}

// Default is the status of a Content that stands for all others. It comes last.
const Default = 0

// ReadResponse reads the body of a response to its end and closes it. A JSON body is decoded into the field of the
// first Content with the response's status.
func ReadResponse(rsp *http.Response, body *[]byte, contents ...Content) error {
	data, err := io.ReadAll(rsp.Body)
	_ = rsp.Body.Close()
	if err != nil {
		return err //nolint:wrapcheck // the generated caller hands it on as it is
	}
	*body = data
	for _, content := range contents {
		if content.Status == rsp.StatusCode || content.Status == Default {
			if content.JSON == nil || !strings.Contains(rsp.Header.Get("Content-Type"), "json") {
				return nil
			}
			return decode(data, content.JSON)
		}
	}
	return nil
}

// decode decodes JSON into a new value and sets the field to it. The value is there for null, too.
func decode(data []byte, field any) error {
	target := reflect.ValueOf(field).Elem()
	value := reflect.New(target.Type().Elem())
	if err := json.Unmarshal(data, value.Interface()); err != nil {
		return err //nolint:wrapcheck // as above
	}
	target.Set(value)
	return nil
}

// Status returns the status line of a response, and nothing if there is none.
func Status(rsp *http.Response) string {
	if rsp == nil {
		return ""
	}
	return rsp.Status
}

// StatusCode returns the status of a response, and 0 if there is none.
func StatusCode(rsp *http.Response) int {
	if rsp == nil {
		return 0
	}
	return rsp.StatusCode
}
