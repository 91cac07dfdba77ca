// Command rules reads files of alerts as Prometheus does: their form, each expression, each template.
package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	wrong := false
	for _, name := range os.Args[1:] {
		_, errs := rulefmt.ParseFile(name, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
		for _, err := range errs {
			fmt.Fprintln(os.Stderr, err)
			wrong = true
		}
	}
	if wrong {
		os.Exit(1)
	}
}
