package lookup_test

import (
	"slices"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
