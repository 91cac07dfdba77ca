package postgres

import (
	"context"
	"reflect"

	"github.com/jackc/pgx/v5"
)

// textArgs writes the texts among the arguments of all statements as Postgres can hold them. It is a tracer,
// because that is what pgx shows the arguments of every statement to before it sends them, whoever asks: the
// pool, a transaction, a batch, river. They are changed where they are.
type textArgs struct{}

var _ interface {
	pgx.QueryTracer
	pgx.BatchTracer
} = textArgs{}

// TraceQueryStart implements [pgx.QueryTracer].
func (textArgs) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	storeArgs(q.Args)
	return ctx
}

// TraceBatchStart implements [pgx.BatchTracer].
func (textArgs) TraceBatchStart(ctx context.Context, _ *pgx.Conn, b pgx.TraceBatchStartData) context.Context {
	for _, q := range b.Batch.QueuedQueries {
		storeArgs(q.Arguments)
	}
	return ctx
}

// The ends are none of its business.

func (textArgs) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (textArgs) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (textArgs) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// storeArgs changes arguments to what is written of them. What they point to stays.
func storeArgs(args []any) {
	for i, arg := range args {
		switch v := arg.(type) {
		case nil, []byte, bool, int, int64:
		case string:
			if !storable(v) {
				args[i] = stored(v)
			}
		default:
			args[i] = storedValue(reflect.ValueOf(arg)).Interface()
		}
	}
}

// storedValue is a text of any type, a pointer to one or a list of them, as it is written; any other value
// is itself.
func storedValue(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); !storable(s) {
			return reflect.ValueOf(stored(s)).Convert(v.Type())
		}
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.String && !v.IsNil() && !storable(v.Elem().String()) {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(storedValue(v.Elem()))
			return p
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.String {
			break
		}
		list := v
		for i := range v.Len() {
			if storable(v.Index(i).String()) {
				continue
			}
			if list == v { // the first: it is the caller's
				list = reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v)
			}
			list.Index(i).Set(storedValue(v.Index(i)))
		}
		return list
	}
	return v
}
