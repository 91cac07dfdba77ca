package service

import (
	"testing"

	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }
