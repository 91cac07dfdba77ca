package postgres

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// Here text from outside meets SQL, and nowhere else: every connection has the tracer of textargs.go and
// the codec of this file. Postgres holds neither a NUL nor invalid UTF-8 in its text and JSON, and refuses
// the whole statement. What a caller, an agent or a tool said is worth more than such a byte: it is stored,
// and looked for, with U+FFFD in its place. The ledger is apart: its facts are hashed, so what it can't hold
// is refused before. JSON is given to a statement as a value or as bytes, never as a string: pgx shows no
// string to a codec.

// unheld stands for what Postgres can't hold.
const unheld = "\ufffd"

// storable tells whether Postgres could hold s as it is.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// stored is s as it is written.
func stored(s string) string {
	if storable(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, unheld), "\x00", unheld)
}

// storeJSON has a connection write all JSON by jsonCodec.
func storeJSON(conn *pgx.Conn) {
	for _, name := range []string{"json", "jsonb"} {
		if t, ok := conn.TypeMap().TypeForName(name); ok {
			conn.TypeMap().RegisterType(&pgtype.Type{Name: name, OID: t.OID, Codec: jsonCodec{t.Codec}})
		}
	}
}

// jsonCodec writes JSON that Postgres can hold.
type jsonCodec struct{ pgtype.Codec }

// PlanEncode implements [pgtype.Codec].
func (c jsonCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	plan := c.Codec.PlanEncode(m, oid, format, value)
	if plan == nil {
		return nil
	}
	return jsonPlan{plan}
}

type jsonPlan struct{ pgtype.EncodePlan }

// Encode implements [pgtype.EncodePlan].
func (p jsonPlan) Encode(value any, buf []byte) ([]byte, error) {
	before := len(buf)
	buf, err := p.EncodePlan.Encode(value, buf)
	if err != nil || buf == nil {
		return buf, err
	}
	return append(buf[:before], storedJSON(buf[before:])...), nil
}

// storedJSON is encoded JSON with U+FFFD for each escaped NUL and invalid byte.
func storedJSON(b []byte) []byte {
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte(unheld))
	}
	if !bytes.Contains(b, []byte(`\u0000`)) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] != '\\' || i+1 == len(b):
			out = append(out, b[i])
		case bytes.HasPrefix(b[i:], []byte(`\u0000`)):
			out = append(out, unheld...)
			i += len(`\u0000`) - 1
		default: // an escape of two characters, which may be a backslash itself
			out = append(out, b[i], b[i+1])
			i++
		}
	}
	return out
}
