package bridge

import (
	"encoding/json"
	"fmt"
	"os"
)

// remindTeller tells of the bad lines, not of more than one cares to read.
type remindTeller struct {
	importTeller
	most, told int
	file       *os.File // nil for none
}

func (c *remindImportCmd) teller() (*remindTeller, error) {
	t := &remindTeller{importTeller: importTeller{json: c.JSON}, most: c.Show}
	if c.Errors == "" {
		return t, nil
	}
	var err error
	t.file, err = os.OpenFile(c.Errors, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	return t, err
}

func (t *remindTeller) tell(b badLine) {
	if t.file != nil {
		_ = json.NewEncoder(t.file).Encode(b) // the lines are counted all the same
	}
	if t.told++; t.json || t.told <= t.most {
		t.bad(b)
	}
}

func (t *remindTeller) close() {
	if t.file != nil {
		_ = t.file.Close() // likewise
	}
}

// close tells what came of the import, and with which code to exit.
func (c *remindImportCmd) close(sum *remindSum, t *remindTeller, err error) error {
	if hidden := t.told - t.most; hidden > 0 && !c.JSON {
		where := "--errors FILE writes them all down"
		if c.Errors != "" {
			where = "they are in " + c.Errors
		}
		fmt.Fprintf(os.Stderr, "and %s lines more; %s\n", grouped(hidden), where)
	}
	if c.JSON {
		if err := printJSON(sum); err != nil {
			return err
		}
	} else {
		sum.print()
	}
	switch {
	case err != nil:
		return err
	case sum.Refused > 0:
		return &exitError{exitFailed, ""}
	case sum.Never > 0:
		return &exitError{exitRefused, ""}
	}
	return nil
}
