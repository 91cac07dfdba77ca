package api

import (
	"fmt"
	"net/url"
	"reflect"
	"time"
)

// encodeQuery writes the parameters of a query that are set, by their tags; nil is none.
func encodeQuery(query any) string {
	if query == nil {
		return ""
	}
	q, values := reflect.ValueOf(query), url.Values{}
	for i, field := range reflect.VisibleFields(q.Type()) {
		v := q.Field(i)
		if v.IsZero() {
			continue
		}
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		text := fmt.Sprint(v)
		if at, ok := v.Interface().(time.Time); ok {
			text = at.UTC().Format(time.RFC3339)
		}
		values.Set(field.Tag.Get("query"), text)
	}
	return values.Encode()
}
