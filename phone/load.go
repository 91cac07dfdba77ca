package phone

import (
	"fmt"
	"sync"
	"time"
)

// loaded is the zones that were asked for, by name. Only names of zones get into it,
// of which there are some hundreds.
var loaded sync.Map

// LoadZone is [time.LoadLocation], which reads a file each time, with a memory. "Local"
// and "" are zones of a machine, not of a person: an error.
func LoadZone(name string) (*time.Location, error) {
	if zone, ok := loaded.Load(name); ok {
		return zone.(*time.Location), nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("phone: %q is not a zone where a person may be", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("phone: %w", err)
	}
	loaded.Store(name, zone)
	return zone, nil
}
