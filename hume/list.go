package hume

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
)

const (
	pageSize = 100 // the most that Hume gives
	maxPages = 100 // 10,000 things: more is no account of ours
)

// versioned is what has an id and versions.
type versioned interface {
	identity() (id string, version int)
}

// list reads all pages of a list, the newest version of each thing. Pages that
// move while they are read may name a thing twice; it is taken once.
func list[T versioned](ctx context.Context, c *Client, path, key string) ([]T, error) {
	var all []T
	at := map[string]int{}
	for number := 0; ; number++ {
		if number == maxPages {
			return nil, fmt.Errorf("account: GET %s: more than %d pages", path, maxPages)
		}
		page := map[string]json.RawMessage{}
		q := url.Values{"page_number": {strconv.Itoa(number)}, "page_size": {strconv.Itoa(pageSize)},
			"restrict_to_most_recent": {"true"}}
		if err := c.get(ctx, path, q, &page); err != nil {
			return nil, err
		}
		var items []*T
		var total int
		if err := json.Unmarshal(page[key], &items); err != nil {
			return nil, fmt.Errorf("account: GET %s: %w", path,
				&LostError{fmt.Errorf("the answer's %s is invalid: %w", key, err)})
		}
		_ = json.Unmarshal(page["total_pages"], &total) // without it this page is the last
		for _, item := range items {
			if item == nil {
				continue
			}
			id, version := (*item).identity()
			i, seen := at[id]
			if !seen {
				at[id] = len(all)
				all = append(all, *item)
			} else if _, known := all[i].identity(); version > known {
				all[i] = *item
			}
		}
		if len(items) == 0 || number+1 >= total {
			return all, nil
		}
	}
}
