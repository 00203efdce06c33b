package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// request is a request as it is sent.
type request struct {
	method, target string // target: path and query, escaped
	header         http.Header
	body           []byte
}

type response struct {
	status int
	header http.Header
	body   []byte
}

// exchange is a request and what Prism says about it.
type exchange struct {
	request
	refused bool
	reasons []violation // why; none where Prism gives no details
	problem string      // the title of Prism's own response, which is not in the description

	ended   string // the error that ends Prism at this request; "": it does not
	failure string // of the transport
}

// violation is something that Prism finds wrong.
type violation struct {
	Location                []string // such as request, body, name
	Severity, Code, Message string
}

func (v *violation) String() string { return strings.Join(v.Location, ".") + ": " + v.Message }

// violations is the header in which Prism lists the faults of the request and the response. The status is not enough:
// Prism responds to an invalid request with the 422, 400 or 401 of the description, if it has one.
const violations = "Sl-Violations"

// refusals are the types of Prism's own responses that are about requests. Others are about the mock, which finds no
// response to a valid request.
const refusals = " UNPROCESSABLE_ENTITY UNAUTHORIZED INVALID_CONTENT_TYPE NO_PATH_MATCHED_ERROR NO_METHOD_MATCHED_ERROR " +
	"NO_SERVER_MATCHED_ERROR NO_BASE_URL_ERROR NO_SERVER_CONFIGURATION_PROVIDED_ERROR "

// judge records whether Prism refuses the request.
func (x *exchange) judge(r *response) {
	x.refused, x.reasons, x.problem = false, nil, ""
	for _, text := range r.header.Values(violations) {
		var list []violation
		if err := json.Unmarshal([]byte(text), &list); err != nil { // cut off, as it is long
			x.refused, x.problem = true, "violations that are too many to list"
			continue
		}
		x.reasons = append(x.reasons, slices.DeleteFunc(list, func(v violation) bool {
			return v.Severity == "Warning" || len(v.Location) == 0 || v.Location[0] != "request"
		})...)
	}
	var problem struct {
		Type, Title string
		Validation  []violation
	}
	if json.Unmarshal(r.body, &problem) == nil {
		_, kind, own := strings.Cut(problem.Type, "stoplight.io/prism/errors#")
		if own && strings.Contains(refusals, " "+kind+" ") {
			x.refused, x.problem = true, problem.Title
			if len(x.reasons) == 0 {
				for _, v := range problem.Validation {
					v.Location = append([]string{"request"}, v.Location...)
					x.reasons = append(x.reasons, v)
				}
			}
		}
	}
	x.refused = x.refused || len(x.reasons) > 0
}
